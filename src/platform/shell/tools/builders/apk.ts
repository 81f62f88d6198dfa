import { APK_DATABASE, packagesIn, upgradesOf } from '../../../image/base-packages'
import type { ToolCall } from '../../tool'
import { entryOf, install, isInstalled, register, sourceOf, UNPACK, uninstall } from './installing'
import { downloadMillis, type Job, jobTool, online, type Phase, pack, textFile, textOf, wordsOf } from './job'
import { isUnknown, packageNamed } from './packages'

const INDEX = '/var/cache/apk/APKINDEX.main.tar.gz'

/** Bundles of packages that have a name of their own (`--virtual`). */
const VIRTUAL = '/lib/apk/db/virtual'

function apkUpgrade(call: ToolCall, lines: string, offline: string): Job {
  if (!online(call)) return [{ millis: 5_000, print: lines, error: offline, exit: 1 }]
  const { family, release } = sourceOf(call)
  const due = upgradesOf(textOf(call, APK_DATABASE) ?? '', family, release)
  return [
    { millis: 480, print: lines },
    ...due.map(
      ({ name, origin, version, to }, i): Phase => ({
        millis: 120,
        print: `(${i + 1}/${due.length}) Upgrading ${name} (${version} -> ${to})\n`,
        effect: (now) => {
          register(now, APK_DATABASE, [{ name, origin, version: to }])
          pack(now, `/usr/lib/${name}/${name}.pack`, 420_000, `package ${name} ${to}`)
        },
      }),
    ),
    { millis: 60, print: 'OK: 8 MiB in 15 packages\n' },
  ]
}

/** `apk info`, with `-v` the versions too. */
const listed = (call: ToolCall, flags: ReadonlySet<string>): string =>
  packagesIn(textOf(call, APK_DATABASE) ?? '')
    .map(({ name, version }) => `${name}${flags.has('-v') || flags.has('-vv') ? `-${version}` : ''}\n`)
    .sort()
    .join('')

export const apk = jobTool('apk', 'installs packages of Alpine (sizes and commands of well-known ones)', (call) => {
  const { flags, values, rest } = wordsOf(call.argv.slice(1), ['--virtual', '-t', '--repository', '-X', '-p'])
  const [command, ...names] = rest
  const source = sourceOf(call)
  const release = (textOf(call, '/etc/alpine-release') ?? '3.22.0').trim().split('.').slice(0, 2).join('.')
  const mirror = `https://dl-cdn.alpinelinux.org/alpine/v${release}`
  const lines = ['main', 'community'].map((part) => `fetch ${mirror}/${part}/x86_64/APKINDEX.tar.gz\n`).join('')
  const keeps = (now: ToolCall) => pack(now, INDEX, 2_250_000, `index ${release}`)
  const offline = `WARNING: fetching ${mirror}/main: temporary error (try again later)\n`
  if (command === 'upgrade') return apkUpgrade(call, lines, offline)
  if (command === 'update') {
    if (!online(call))
      return [
        {
          millis: 5_000,
          print: lines,
          error: `${offline}1 unavailable, 0 stale; 25 distinct packages available\n`,
          exit: 1,
        },
      ]
    return [
      {
        millis: 600,
        print: `${lines}v${release}.0 [${mirror}/main]\nOK: 24175 distinct packages available\n`,
        effect: keeps,
      },
    ]
  }
  if (command === 'del') {
    const bundles = textOf(call, VIRTUAL) ?? ''
    const gone = names.flatMap(
      (name) => new RegExp(`^${name.replace(/[.+*?]/g, '\\$&')}: (.*)$`, 'm').exec(bundles)?.[1]?.split(' ') ?? [name],
    )
    const known = new Map(packagesIn(textOf(call, APK_DATABASE) ?? '').map((one) => [one.name, one.version]))
    return [
      {
        millis: 250,
        print: `${gone.map((name, i) => `(${i + 1}/${gone.length}) Purging ${name} (${known.get(name) ?? packageNamed(name, source).version})\n`).join('')}OK: 8 MiB in 15 packages\n`,
        effect: (now) => {
          for (const name of gone) uninstall(now, packageNamed(name))
          register(now, APK_DATABASE, [], gone)
        },
      },
    ]
  }
  if (command === 'info') return [{ millis: 20, print: listed(call, flags) }]
  if (command !== 'add')
    return command === undefined || command === 'search'
      ? [{ millis: 20, print: '' }]
      : [{ millis: 5, error: `apk: '${command}' is not an apk command. See 'apk --help'.\n`, exit: 1 }]
  if (!online(call))
    return [
      {
        millis: 5_000,
        print: lines,
        error: `${offline}ERROR: unable to select packages:\n${names.map((name) => `  ${name} (no such package):\n    required by: world[${name}]\n`).join('')}`,
        exit: 1,
      },
    ]
  const missing = names.filter(isUnknown)
  if (missing.length > 0)
    return [
      {
        millis: 700,
        print: lines,
        error: `ERROR: unable to select packages:\n${missing.map((name) => `  ${name} (no such package):\n    required by: world[${name}]\n`).join('')}`,
        exit: missing.length,
      },
    ]
  // smaller than Debian's, and from a fast mirror
  const fresh = names.map((name) => packageNamed(name, source)).filter((one) => !isInstalled(call, one))
  const virtual = values.get('--virtual') ?? values.get('-t')
  const bytes = fresh.reduce((sum, one) => sum + one.bytes * 0.7, 0)
  return [
    { millis: 480, print: lines, ...(!flags.has('--no-cache') && { effect: keeps }) },
    ...fresh.map(
      (one, i): Phase => ({
        millis: downloadMillis(one.bytes * 0.25) + one.bytes / UNPACK / 4,
        print: `(${i + 1}/${fresh.length}) Installing ${one.name} (${one.version})\n`,
        effect: (now) => install(now, one, 0.7),
      }),
    ),
    {
      millis: 60,
      print: `Executing busybox-1.36.1-r29.trigger\nOK: ${Math.round(8 + bytes / 1_048_576)} MiB in ${15 + fresh.length} packages\n`,
      effect: (now) => {
        register(now, APK_DATABASE, fresh.map(entryOf))
        if (virtual === undefined) return
        const bundle = `${virtual}: ${fresh.map(({ name }) => name).join(' ')}\n`
        textFile(now, VIRTUAL, (textOf(now, VIRTUAL) ?? '') + bundle)
      },
    },
  ]
})

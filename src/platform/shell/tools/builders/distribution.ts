import { DPKG_DATABASE, upgradesOf } from '../../../image/base-packages'
import type { Tool, ToolCall } from '../../tool'
import { apk } from './apk'
import { entryOf, install, isInstalled, register, sourceOf, UNPACK, uninstall } from './installing'
import { downloadMillis, type Job, jobTool, online, type Phase, pack, textOf, wordsOf } from './job'
import { isUnknown, packageNamed } from './packages'

const thousands = (n: number): string =>
  Math.round(n)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',')
const megabytes = (bytes: number): string =>
  bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${thousands(bytes / 1e3)} kB`

const LISTS = '/var/lib/apt/lists'

const isUbuntu = (call: ToolCall): boolean => /Ubuntu/.test(textOf(call, '/etc/os-release') ?? '')

function aptUpdate(call: ToolCall): Job {
  const ubuntu = isUbuntu(call)
  const host = ubuntu ? 'archive.ubuntu.com' : 'deb.debian.org'
  const suite = ubuntu ? 'noble' : (/\((\w+)\)/.exec(textOf(call, '/etc/os-release') ?? '')?.[1] ?? 'bookworm')
  const base = ubuntu ? `http://${host}/ubuntu` : `http://${host}/debian`
  if (!online(call))
    return [
      {
        millis: 5_000,
        error: `Ign:1 ${base} ${suite} InRelease\nErr:1 ${base} ${suite} InRelease\n  Temporary failure resolving '${host}'\n`,
        print: 'Reading package lists...\n',
      },
      {
        millis: 20,
        error: `W: Failed to fetch ${base}/dists/${suite}/InRelease  Temporary failure resolving '${host}'\nW: Some index files failed to download. They have been ignored, or old ones used instead.\n`,
      },
    ]
  const [lists, fetched] = ubuntu ? [50_300_000, 32_100_000] : [19_300_000, 9_100_000]
  const millis = downloadMillis(fetched)
  return [
    {
      millis: 220,
      print: `Get:1 ${base} ${suite} InRelease [${ubuntu ? '256' : '151'} kB]\nGet:2 ${base} ${suite}-updates InRelease [${ubuntu ? '126' : '55.4'} kB]\n`,
    },
    {
      millis,
      print: `Get:3 ${base} ${suite}/main amd64 Packages [${thousands(fetched / 1000 - 300)} kB]\nFetched ${thousands(fetched / 1000)} kB in ${Math.max(1, Math.round(millis / 1000))}s (${thousands(fetched / millis)} kB/s)\nReading package lists...\n`,
      effect: (now) =>
        pack(now, `${LISTS}/${host}_dists_${suite}_main_binary-amd64_Packages.lz4`, lists, `lists ${suite}`),
    },
  ]
}

function aptInstall(call: ToolCall, flags: ReadonlySet<string>, names: readonly string[]): Job {
  const read = 'Reading package lists...\nBuilding dependency tree...\nReading state information...\n'
  const lists = (call.files.list(LISTS) ?? []).filter((name) => !['lock', 'partial', 'auxfiles'].includes(name))
  const wanted = names.map((name) => packageNamed(name, sourceOf(call)))
  const missing = names.filter(
    (name, i) => isUnknown(name) || (lists.length === 0 && !isInstalled(call, wanted[i]!) && !name.includes('/')),
  )
  if (missing.length > 0)
    return [
      {
        millis: 350,
        print: read,
        error: missing.map((name) => `E: Unable to locate package ${name}\n`).join(''),
        exit: 100,
      },
    ]
  const fresh = wanted.filter((one) => !isInstalled(call, one))
  const count = (n: number) => `0 upgraded, ${n} newly installed, 0 to remove and 0 not upgraded.\n`
  if (fresh.length === 0)
    return [
      {
        millis: 300,
        print: `${read}${wanted.map(({ name, version }) => `${name} is already the newest version (${version}).\n`).join('')}${count(0)}`,
      },
    ]
  const recommends = !flags.has('--no-install-recommends')
  const share = recommends ? 1.35 : 1
  const bytes = fresh.reduce((sum, one) => sum + one.bytes * share, 0)
  const head = `${read}The following NEW packages will be installed:\n  ${fresh
    .map(({ name }) => name)
    .sort()
    .join(
      ' ',
    )}\n${count(fresh.length)}Need to get ${megabytes(bytes * 0.3)} of archives.\nAfter this operation, ${megabytes(bytes)} of additional disk space will be used.\n`
  const yes =
    ['-y', '--yes', '-yq', '-qy', '-qqy', '-yqq', '--assume-yes', '-qq'].some((flag) => flags.has(flag)) ||
    call.env['DEBIAN_FRONTEND'] === 'yes'
  if (!yes) return [{ millis: 350, print: `${head}Do you want to continue? [Y/n] Abort.\n`, exit: 1 }]
  if (!online(call))
    return [
      {
        millis: 8_000,
        print: head,
        error: `E: Failed to fetch http://deb.debian.org/debian/pool/main/${fresh[0]!.name}  Temporary failure resolving 'deb.debian.org'\nE: Unable to fetch some archives, maybe run apt-get update or try with --fix-missing?\n`,
        exit: 100,
      },
    ]
  const millis = downloadMillis(bytes * 0.3)
  const quiet = flags.has('-qq') || flags.has('-qqy') || flags.has('-yqq')
  return [
    { millis: 450, ...(!quiet && { print: head }) },
    {
      millis,
      print: quiet
        ? ''
        : `${fresh.map(({ name, version, bytes: size }, i) => `Get:${i + 1} http://deb.debian.org/debian bookworm/main amd64 ${name} amd64 ${version} [${megabytes(size * 0.3)}]\n`).join('')}Fetched ${megabytes(bytes * 0.3)} in ${Math.max(1, Math.round(millis / 1000))}s (${thousands((bytes * 0.3) / millis)} kB/s)\n`,
    },
    ...fresh.map(
      (one): Phase => ({
        cpuMillis: 120 + (one.bytes * share) / UNPACK,
        print: `Selecting previously unselected package ${one.name}.\nUnpacking ${one.name} (${one.version}) ...\nSetting up ${one.name} (${one.version}) ...\n`,
        effect: (now) => {
          install(now, one, share)
          register(now, DPKG_DATABASE, [entryOf(one)])
        },
      }),
    ),
  ]
}

/** What the repository has in newer versions; nothing is known of packages that are in no table (simplified). */
function aptUpgrade(call: ToolCall): Job {
  const { family, release } = sourceOf(call)
  const upgrades = upgradesOf(textOf(call, DPKG_DATABASE) ?? '', family, release)
  const read =
    'Reading package lists...\nBuilding dependency tree...\nReading state information...\nCalculating upgrade...\n'
  const names = upgrades.map(({ name }) => name).sort()
  const list = names.length === 0 ? '' : `The following packages will be upgraded:\n  ${names.join(' ')}\n`
  const lists = (call.files.list(LISTS) ?? []).length > 0
  const due = lists ? upgrades : []
  return [
    {
      millis: 500,
      print: `${read}${lists ? list : ''}${due.length} upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n`,
    },
    {
      millis: due.length === 0 ? 1 : downloadMillis(due.length * 700_000) + due.length * 160,
      print: due
        .map(
          ({ name, version, to }) =>
            `Unpacking ${name} (${to}) over (${version}) ...\nSetting up ${name} (${to}) ...\n`,
        )
        .join(''),
      effect: (now) => {
        if (due.length === 0) return
        register(
          now,
          DPKG_DATABASE,
          due.map(({ name, origin, to }) => ({ name, origin, version: to })),
        )
        for (const { name, to } of due) pack(now, `/usr/lib/${name}/${name}.pack`, 680_000, `package ${name} ${to}`)
      },
    },
  ]
}

const aptGet = (name: string): Tool =>
  jobTool(name, 'installs packages of Debian (sizes and commands of well-known ones)', (call) => {
    const { flags, rest } = wordsOf(call.argv.slice(1), ['-o', '-t', '--target-release', '-c'])
    const [command, ...names] = rest
    if (call.user && call.user.uid !== 0 && command !== undefined)
      return [
        {
          millis: 30,
          error: `E: Could not open lock file ${LISTS}/lock - open (13: Permission denied)\nE: Unable to lock directory ${LISTS}/\n`,
          exit: 100,
        },
      ]
    switch (command) {
      case 'update':
        return aptUpdate(call)
      case 'install':
      case 'reinstall':
        return aptInstall(call, flags, names)
      case 'upgrade':
      case 'dist-upgrade':
      case 'full-upgrade':
        return aptUpgrade(call)
      case 'remove':
      case 'purge':
      case 'autoremove':
        return [
          {
            millis: 700,
            print: `Reading package lists...\nBuilding dependency tree...\nReading state information...\n0 upgraded, 0 newly installed, ${names.length} to remove and 0 not upgraded.\n`,
            effect: (now) => {
              for (const one of names) uninstall(now, packageNamed(one))
              register(now, DPKG_DATABASE, [], names)
            },
          },
        ]
      case 'clean':
      case 'autoclean':
        return [{ millis: 40 }]
      case undefined:
        return [
          {
            millis: 5,
            print: 'apt 2.6.1 (amd64)\nUsage: apt-get [options] command\n',
            exit: flags.has('--version') || flags.has('-v') ? 0 : 1,
          },
        ]
      default:
        return [{ millis: 5, error: `E: Invalid operation ${command}\n`, exit: 100 }]
    }
  })

const dnf = (name: string): Tool =>
  jobTool(name, 'installs packages of Fedora and its kin (sizes and commands of well-known ones)', (call) => {
    const { flags, rest } = wordsOf(call.argv.slice(1), ['--setopt', '-c'])
    const [command, ...names] = rest
    if (command !== 'install')
      return [
        {
          millis: command === 'clean' ? 100 : 1_500,
          print: command === 'clean' ? '18 files removed\n' : 'Complete!\n',
        },
      ]
    if (!online(call))
      return [
        {
          millis: 15_000,
          error:
            "Error: Failed to download metadata for repo 'baseos': Cannot prepare internal mirrorlist: Curl error (6): Couldn't resolve host name\n",
          exit: 1,
        },
      ]
    const missing = names.filter(isUnknown)
    if (missing.length > 0)
      return [
        {
          millis: 4_000,
          error: `${missing.map((one) => `No match for argument: ${one}\n`).join('')}Error: Unable to find a match: ${missing.join(' ')}\n`,
          exit: 1,
        },
      ]
    if (!flags.has('-y') && !flags.has('--assumeyes'))
      return [{ millis: 4_000, print: 'Is this ok [y/N]: Operation aborted.\n', exit: 1 }]
    const fresh = names.map((name) => packageNamed(name))
    const bytes = fresh.reduce((sum, one) => sum + one.bytes, 0)
    return [
      {
        millis: 3_500,
        print: 'Dependencies resolved.\n',
        effect: (now) => pack(now, `/var/cache/${name}/metadata.pack`, 58_000_000, `${name} metadata`),
      },
      {
        millis: downloadMillis(bytes * 0.3) + bytes / UNPACK,
        effect: (now) => {
          for (const one of fresh) install(now, one)
        },
        print: `Installed:\n${fresh.map((one) => `  ${one.name}-${one.version}.x86_64\n`).join('')}\nComplete!\n`,
      },
    ]
  })

export const distributionTools: readonly Tool[] = [
  aptGet('apt-get'),
  aptGet('apt'),
  apk,
  dnf('dnf'),
  dnf('yum'),
  dnf('microdnf'),
]

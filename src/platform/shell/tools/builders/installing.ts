import { APK_DATABASE, apkStanza, type DistributionPackage, dpkgStanza, packagesIn } from '../../../image/base-packages'
import type { ToolCall } from '../../tool'
import { pack, textFile, textOf } from './job'
import type { Package, Source } from './packages'

/** Bytes a millisecond. */
export const UNPACK = 60_000

/** Where a package's files go: its commands, and one file for all else. */
export function install(call: ToolCall, one: Package, share = 1): void {
  const { name, bytes, commands } = one
  for (const command of commands) {
    const path = `/usr/bin/${command}`
    if (!call.files.stat(path)) pack(call, path, Math.min(bytes / 4, 160_000), `${name} ${command}`, 0o755)
  }
  pack(call, `/usr/lib/${name}/${name}.pack`, bytes * share, `package ${name} ${one.version}`)
  pack(call, `/usr/share/doc/${name}/copyright`, 1_900, `doc ${name}`)
}

export function uninstall(call: ToolCall, { name, commands }: Package): void {
  for (const path of [
    ...commands.map((command) => `/usr/bin/${command}`),
    `/usr/lib/${name}/${name}.pack`,
    `/usr/lib/${name}`,
    `/usr/share/doc/${name}/copyright`,
    `/usr/share/doc/${name}`,
  ])
    if (call.files.entry(path)) call.files.remove(path)
}

/** The distribution that it runs on, by its own word. */
export function sourceOf(call: ToolCall): Source {
  const release = textOf(call, '/etc/os-release') ?? ''
  const field = (name: string) => new RegExp(`^${name}="?([^"\n]*)`, 'm').exec(release)?.[1] ?? ''
  const family = field('ID') === 'alpine' ? 'alpine' : field('ID') === 'ubuntu' ? 'ubuntu' : 'debian'
  return { family, release: field('VERSION_ID') }
}

/** Notes packages in a database, in the place of those of the same name; `gone` are taken out of it. */
export function register(
  call: ToolCall,
  path: string,
  fresh: readonly DistributionPackage[],
  gone: readonly string[] = [],
): void {
  const stanza = path === APK_DATABASE ? apkStanza : dpkgStanza
  const names = new Set([...fresh.map(({ name }) => name), ...gone])
  const kept = packagesIn(textOf(call, path) ?? '').filter(({ name }) => !names.has(name))
  textFile(call, path, [...kept, ...fresh].map(stanza).join(''))
}

/** As the database has it: the source package of what is not known has its own name. */
export const entryOf = ({ name, version }: Package): DistributionPackage => ({ name, version, origin: name })

export const isInstalled = (call: ToolCall, { name }: Package): boolean =>
  call.files.entry(`/usr/lib/${name}/${name}.pack`) !== undefined

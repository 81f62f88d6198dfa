import type { Config, HostConfig, PortBinding } from '../../../docker/containers/container'
import type { CreateBody } from '../../../docker/containers/create'
import { parseRestartPolicy } from '../../../docker/containers/restart-policy'
import { parsePublish } from '../../../docker/formats/port'
import { parseUlimit } from '../../../docker/limits/ulimits'
import { fail } from '../../cli/failure'
import type { Run } from '../run'
import { parseMount } from './mount-flag'
import { bytesOf, millisOf } from './run-flags'

const words = (text: string): readonly string[] => [text]

/** `--env-file`: a line for each variable; one without a value takes the client's. */
function envFile(run: Run, path: string): readonly string[] {
  const read = run.call.files.read(path)
  if ('error' in read) return fail(`open ${path}: ${read.error.toLowerCase()}`)
  return read.text
    .split('\n')
    .map((line) => line.replace(/\r$/, '').trimStart())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .flatMap((line) => {
      const name = line.split('=')[0]!
      if (/\s/.test(name)) return fail(`invalid env file (${path}): variable '${name}' contains whitespaces`)
      return line.includes('=') ? [line] : run.call.env[name] === undefined ? [] : [`${name}=${run.call.env[name]}`]
    })
}

export function environmentOf(run: Run): readonly string[] {
  const own = run.values('env').flatMap((text) => {
    if (text.startsWith('=') || text === '') return fail(`invalid environment variable: ${text}`)
    return text.includes('=') ? [text] : run.call.env[text] === undefined ? [] : [`${text}=${run.call.env[text]}`]
  })
  const all = [...run.values('env-file').flatMap((path) => envFile(run, path)), ...own]
  // the last of a name counts, in the place of the first
  const found = new Map<string, string>()
  for (const pair of all) found.set(pair.split('=')[0]!, pair)
  return [...found.values()]
}

function labelsOf(run: Run): Readonly<Record<string, string>> {
  const lines = run.values('label-file').flatMap((path) => {
    const read = run.call.files.read(path)
    return 'error' in read
      ? fail(`open ${path}: ${read.error.toLowerCase()}`)
      : read.text.split('\n').filter((line) => line.trim() !== '')
  })
  return pairsOf([...lines, ...run.values('label')])
}

export const pairsOf = (texts: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    texts.map((text) => {
      const equals = text.indexOf('=')
      return equals < 0 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1)]
    }),
  )

function portsOf(run: Run): {
  readonly exposed: Record<string, object>
  readonly bindings: Record<string, PortBinding[]>
} {
  const exposed: Record<string, object> = {}
  const bindings: Record<string, PortBinding[]> = {}
  for (const text of run.values('publish')) {
    const read = parsePublish(text)
    if ('error' in read) return fail(read.error)
    for (const { container, hostIP, hostPort } of read.mappings) {
      exposed[container] = {}
      bindings[container] = [...(bindings[container] ?? []), { HostIp: hostIP, HostPort: hostPort }]
    }
  }
  for (const text of run.values('expose')) {
    if (text.includes(':')) return fail(`invalid port format for --expose: ${text}`)
    const [range = '', proto = 'tcp'] = text.split('/')
    const [from = '', to = from] = range.split('-')
    for (const part of [from, to])
      if (!/^\d+$/.test(part))
        return fail(
          `invalid range format for --expose: ${range}, error: strconv.ParseUint: parsing ${JSON.stringify(part)}: invalid syntax`,
        )
    for (let port = Number(from); port <= Math.min(Number(to), 65_535); port++) exposed[`${port}/${proto}`] = {}
  }
  return { exposed, bindings }
}

function healthOf(run: Run): Config['Healthcheck'] {
  const names = ['cmd', 'interval', 'retries', 'start-interval', 'start-period', 'timeout']
  const given = names.some((name) => run.given(`health-${name}`))
  if (run.on('no-healthcheck')) {
    if (given) fail('--no-healthcheck conflicts with --health-* options')
    return { Test: words('NONE'), Interval: 0, Timeout: 0, StartPeriod: 0, StartInterval: 0, Retries: 0 }
  }
  if (!given) return undefined
  const time = (name: string): number => {
    const millis = millisOf(run.value(name))
    return millis < 0 ? fail(`--${name} cannot be negative`) : millis
  }
  const retries = run.int('health-retries') ?? 0
  if (retries < 0) fail('--health-retries cannot be negative')
  const command = run.value('health-cmd')
  return {
    Test: command === undefined || command === '' ? [] : ['CMD-SHELL', command],
    Interval: time('health-interval'),
    Timeout: time('health-timeout'),
    StartPeriod: time('health-start-period'),
    StartInterval: time('health-start-interval'),
    Retries: retries,
  }
}

/** Relative folders of the machine count from where the client stands. */
function bindOf(run: Run, text: string): string {
  const [source = '', ...rest] = text.split(':')
  if (rest.length === 0 || !/^(\.|~)/.test(source)) return text
  const path = source.startsWith('~') ? (run.call.env['HOME'] ?? '') + source.slice(1) : run.call.files.resolve(source)
  return [path, ...rest].join(':')
}

/** Networks in the order given: a name, or `name=app,alias=web,ip=10.0.0.5`. */
function networksOf(run: Run): { readonly mode: string; readonly endpoints: CreateBody['endpoints'] } {
  const given = [...run.values('network'), ...run.values('net')]
  const endpoints: Record<string, { aliases: readonly string[]; address?: string }> = {}
  const names: string[] = []
  for (const text of given) {
    const fields = text.includes('=')
      ? text.split(',').map((field) => field.split('=') as [string, string])
      : [['name', text] as [string, string]]
    const name = fields.find(([key]) => key === 'name')?.[1] ?? ''
    const own = name === 'default' ? 'bridge' : name
    names.push(own)
    const address = fields.find(([key]) => key === 'ip')?.[1]
    endpoints[own] = {
      aliases: fields.filter(([key]) => key === 'alias').map(([, value]) => value),
      ...(address !== undefined && { address }),
    }
  }
  const special = names.filter((name) => ['host', 'none', 'bridge'].includes(name) || name.startsWith('container:'))
  if (names.length > 1 && special.some((name) => name !== 'bridge'))
    fail('conflicting options: cannot attach both user-defined and non-user-defined network-modes')
  const mode = names[0] ?? 'bridge'
  const aliases = run.values('network-alias')
  const address = run.value('ip')
  if (aliases.length > 0 || address !== undefined) {
    const before = endpoints[mode] ?? { aliases: [] }
    endpoints[mode] = {
      aliases: [...before.aliases, ...aliases],
      ...(address !== undefined ? { address } : before.address !== undefined && { address: before.address }),
    }
  }
  return { mode, endpoints: mode.startsWith('container:') ? {} : endpoints }
}

/** What `run` and `create` ask the daemon for. After parse in docker/cli's container/opts.go. */
export function createBody(run: Run): CreateBody {
  const [image = '', ...command] = run.args
  const { exposed, bindings } = portsOf(run)
  const policy = parseRestartPolicy(run.value('restart') ?? 'no')
  if ('error' in policy) return fail(policy.error)
  if (run.on('rm') && policy.Name !== 'no') fail('conflicting options: cannot specify both --restart and --rm')
  const { mode, endpoints } = networksOf(run)
  const entrypoint = run.given('entrypoint') ? words(run.value('entrypoint')!) : null
  const binds = run.values('volume').filter((text) => text.includes(':'))
  const anonymous = run.values('volume').filter((text) => !text.includes(':'))
  const pids = run.int('pids-limit')
  const config: Config = {
    Hostname: run.value('hostname') ?? '',
    Domainname: run.value('domainname') ?? '',
    User: run.value('user') ?? '',
    AttachStdin: run.on('interactive') && !run.on('detach'),
    AttachStdout: !run.on('detach'),
    AttachStderr: !run.on('detach'),
    ...(Object.keys(exposed).length > 0 && { ExposedPorts: exposed }),
    Tty: run.on('tty'),
    OpenStdin: run.on('interactive'),
    StdinOnce: run.on('interactive') && !run.on('detach'),
    Env: environmentOf(run),
    Cmd: command.length > 0 ? command : null,
    Healthcheck: healthOf(run),
    Image: image,
    Volumes: anonymous.length > 0 ? Object.fromEntries(anonymous.map((path) => [path, {}])) : null,
    WorkingDir: run.value('workdir') ?? '',
    Entrypoint: entrypoint,
    Labels: labelsOf(run),
    StopSignal: run.value('stop-signal'),
    StopTimeout: run.int('stop-timeout'),
  }
  const hostConfig: HostConfig = {
    Binds: binds.length > 0 ? binds.map((text) => bindOf(run, text)) : null,
    NetworkMode: mode,
    PortBindings: bindings,
    RestartPolicy: policy,
    AutoRemove: run.on('rm'),
    VolumesFrom: run.given('volumes-from') ? run.values('volumes-from') : null,
    CapAdd: run.given('cap-add') ? run.values('cap-add') : null,
    CapDrop: run.given('cap-drop') ? run.values('cap-drop') : null,
    Dns: run.values('dns'),
    DnsOptions: run.values('dns-option'),
    DnsSearch: run.values('dns-search'),
    ExtraHosts: run.given('add-host') ? run.values('add-host').map((text) => text.replace(/^([^:=]+)=/, '$1:')) : null,
    GroupAdd: run.given('group-add') ? run.values('group-add') : null,
    OomScoreAdj: run.int('oom-score-adj') ?? 0,
    Privileged: run.on('privileged'),
    PublishAllPorts: run.on('publish-all'),
    ReadonlyRootfs: run.on('read-only'),
    SecurityOpt: run.given('security-opt') ? run.values('security-opt') : null,
    ...(run.given('tmpfs') && {
      Tmpfs: Object.fromEntries(
        run.values('tmpfs').map((text) => [text.split(':')[0]!, text.split(':').slice(1).join(':')]),
      ),
    }),
    ShmSize: bytesOf(run.value('shm-size')) || 67_108_864,
    ...limitsOf(run),
    PidsLimit: pids === undefined || pids === 0 ? null : pids,
    ...(run.given('ulimit') && {
      Ulimits: run.values('ulimit').flatMap((text) => {
        const read = parseUlimit(text)
        return 'error' in read ? [] : [read]
      }),
    }),
    ...(run.given('mount') && { Mounts: run.values('mount').flatMap(mountOf) }),
    ...(run.on('init') && { Init: true }),
    Links: run.given('link') ? run.values('link').map(linkOf) : null,
    LogConfig: { Type: run.value('log-driver') ?? '', Config: pairsOf(run.values('log-opt')) },
  }
  return { config, hostConfig, endpoints }
}

function linkOf(text: string): string {
  if (text === '') return fail('empty string specified for links')
  if (text.split(':').length > 2) return fail(`bad format for links: ${text}`)
  return text
}

const mountOf = (text: string) => {
  const read = parseMount(text)
  return 'mount' in read ? [read.mount] : []
}

export const limitsOf = (run: Run) => ({
  CpuShares: run.int('cpu-shares') ?? 0,
  Memory: bytesOf(run.value('memory')),
  NanoCpus: Math.round(Number(run.value('cpus') ?? '0') * 1e9),
  CpuPeriod: run.int('cpu-period') ?? 0,
  CpuQuota: run.int('cpu-quota') ?? 0,
  CpusetCpus: run.value('cpuset-cpus') ?? '',
  MemoryReservation: bytesOf(run.value('memory-reservation')),
  MemorySwap: bytesOf(run.value('memory-swap')),
})

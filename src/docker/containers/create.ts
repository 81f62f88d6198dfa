import type { Reason } from '../../engine'
import { createdContainer } from '../../platform/container/container'
import type { Image, ImageHealth } from '../../platform/image/resolve'
import { refuse } from '../engine/request'
import { contentOf, findImage, missingText } from '../images/store'
import { capabilityProblem } from '../limits/capabilities'
import { resourceProblem, warningsOf } from '../limits/resources'
import { addressProblem, freshEndpoint } from '../network/endpoints'
import { linksOf } from '../network/links'
import { findNetwork, isPredefined } from '../network/networks'
import type { Pass } from '../pass'
import { configurationOf } from '../system/configuration'
import { mountPoints } from '../volumes/mounts'
import { type Config, DockerContainer, type Endpoint, type HostConfig } from './container'
import { lookUp } from './find'
import type { Healthcheck } from './health'
import { logProblem } from './log-driver'
import { nameProblem, randomName } from './names'
import { policyProblem } from './restart-policy'
import { specOf } from './spec'

export interface CreateBody {
  readonly config: Config
  readonly hostConfig: HostConfig
  /** By the network's name or id, in the order given. */
  readonly endpoints: Readonly<Record<string, { readonly aliases: readonly string[]; readonly address?: string }>>
}

/** Each machine's daemon has room for so many. */
const MOST_CONTAINERS = 5_000

/** What the image says where the user says nothing. After merge in moby's daemon/commit.go. */
function merged(config: Config, image: Image, hostname: string): Config {
  const own = image.config
  const named = (pairs: readonly string[]) => new Set(pairs.map((pair) => pair.split('=')[0]))
  const given = named(config.Env)
  const ports = own.ports ?? own.exposed.map((port) => `${port}/tcp`)
  const exposed = { ...Object.fromEntries(ports.map((port) => [port, {}])), ...config.ExposedPorts }
  const health = healthOf(own.healthcheck, config.Healthcheck)
  const volumes = { ...Object.fromEntries(own.volumes.map((path) => [path, {}])), ...config.Volumes }
  const keepsCmd = config.Cmd !== null || config.Entrypoint !== null
  return {
    ...config,
    Hostname: config.Hostname || hostname,
    User: config.User || own.user,
    Env: [
      ...config.Env,
      ...Object.entries(own.env)
        .filter(([name]) => !given.has(name))
        .map(([name, value]) => `${name}=${value}`),
    ],
    Cmd: keepsCmd ? config.Cmd : (own.cmd ?? null),
    Entrypoint: config.Entrypoint === null ? (own.entrypoint ?? null) : config.Entrypoint.filter((word) => word !== ''),
    WorkingDir: config.WorkingDir || (own.workingDir === '/' ? '' : own.workingDir),
    ...(Object.keys(exposed).length > 0 && { ExposedPorts: exposed }),
    Labels: { ...own.labels, ...config.Labels },
    ...(health && { Healthcheck: health }),
    Volumes: Object.keys(volumes).length > 0 ? volumes : null,
    ...(config.StopSignal === undefined && own.stopSignal !== 'SIGTERM' && { StopSignal: own.stopSignal }),
  }
}

/** The image's check, where the user says nothing; of one that says only a time, the rest is the image's. */
function healthOf(own: ImageHealth | undefined, given: Healthcheck | undefined): Healthcheck | undefined {
  if (!own) return given
  const check: Healthcheck = {
    Test: own.test,
    Interval: own.interval,
    Timeout: own.timeout,
    StartPeriod: own.startPeriod,
    StartInterval: own.startInterval,
    Retries: own.retries,
  }
  if (!given) return check
  if (given.Test.length > 0) return given
  return {
    Test: check.Test,
    Interval: given.Interval || check.Interval,
    Timeout: given.Timeout || check.Timeout,
    StartPeriod: given.StartPeriod || check.StartPeriod,
    StartInterval: given.StartInterval || check.StartInterval,
    Retries: given.Retries || check.Retries,
  }
}

export function createContainer(
  pass: Pass,
  body: CreateBody,
  wanted: string | undefined,
): { Id: string; Warnings: readonly string[] } {
  const hostConfig = withDefaults(pass, body.hostConfig)
  const all = pass.all(DockerContainer)
  if (all.length >= MOST_CONTAINERS) refuse(500, `a machine of this lab holds ${MOST_CONTAINERS} containers at most`)
  const problem =
    policyProblem(hostConfig.RestartPolicy) ??
    (hostConfig.AutoRemove && !['', 'no'].includes(hostConfig.RestartPolicy.Name)
      ? "can't create 'AutoRemove' container with restart policy"
      : undefined) ??
    resourceProblem(hostConfig, pass.machine) ??
    capabilityProblem(hostConfig) ??
    logProblem(hostConfig.LogConfig) ??
    (body.config.WorkingDir !== '' && !body.config.WorkingDir.startsWith('/')
      ? `the working directory '${body.config.WorkingDir}' is invalid, it needs to be an absolute path`
      : undefined)
  if (problem !== undefined) refuse(400, problem)
  const local = findImage(pass, body.config.Image) ?? refuse(404, missingText(body.config.Image))
  const image = contentOf(pass, local) ?? refuse(404, missingText(body.config.Image))
  const id = pass.id(`container ${wanted ?? ''}`)
  const name = nameFor(pass, all, wanted, id)
  const config = merged(body.config, image, hostConfig.NetworkMode === 'host' ? pass.machine.name : id.slice(0, 12))
  if ((config.Entrypoint ?? []).length + (config.Cmd ?? []).length === 0) refuse(400, 'no command specified')
  const because: Reason = { id: 'docker/created', values: { name, image: config.Image } }
  const container: DockerContainer = {
    id,
    name,
    machine: pass.machine.name,
    createdAt: pass.now,
    image: config.Image,
    imageId: local.id,
    config,
    hostConfig,
    links: linksOf(pass, hostConfig.Links ?? [], hostConfig.NetworkMode),
    mounts: mountPoints(pass, config, hostConfig, image),
    networks: endpointsFor(pass, body, hostConfig),
    status: 'created',
    starting: false,
    startedAt: undefined,
    finishedAt: undefined,
    exitCode: 0,
    error: '',
    oomKilled: false,
    pid: 0,
    restartCount: 0,
    restartDelay: 0,
    restartAt: undefined,
    manuallyStopped: false,
    stopping: undefined,
    health: undefined,
    probe: undefined,
    published: [],
  }
  pass.put(container, because)
  const spec = specOf(pass, container, { reference: local.source ?? local.reference, image })
  pass.putRuns(
    createdContainer({
      id,
      name,
      machine: pass.machine.name,
      spec,
      sandbox: id,
      wanted: 'created',
      createdAt: pass.now,
    }),
    because,
  )
  pass.tell(container, 'create')
  return { Id: id, Warnings: warningsOf(hostConfig) }
}

/** Where the user says nothing of logging, the daemon's configuration does. */
function withDefaults(pass: Pass, given: HostConfig): HostConfig {
  if (given.LogConfig.Type !== '') return given
  const { logDriver: Type, logOptions } = configurationOf(pass.world, pass.machine)
  const Config = Object.keys(given.LogConfig.Config).length > 0 ? given.LogConfig.Config : logOptions
  return { ...given, LogConfig: { Type, Config } }
}

function nameFor(pass: Pass, all: readonly DockerContainer[], wanted: string | undefined, id: string): string {
  const taken = (name: string) => all.find((one) => one.name === name)
  if (wanted === undefined || wanted === '')
    return (
      randomName(
        (most, n) => pass.pick(`name ${id} ${n}`, most),
        (name) => taken(name) !== undefined,
      ) ?? id.slice(0, 12)
    )
  const problem = nameProblem(wanted)
  if (problem !== undefined) refuse(400, problem)
  const name = wanted.startsWith('/') ? wanted.slice(1) : wanted
  const other = taken(name)
  if (other) refuse(409, conflict(name, other.id))
  return name
}

export const conflict = (name: string, id: string): string =>
  `Conflict. The container name "/${name}" is already in use by container "${id}". You have to remove (or rename) that container to be able to reuse that name.`

function endpointsFor(
  pass: Pass,
  { endpoints }: CreateBody,
  hostConfig: HostConfig,
): Readonly<Record<string, Endpoint>> {
  const mode = hostConfig.NetworkMode
  if (mode.startsWith('container:')) {
    const other = lookUp(pass, mode.slice('container:'.length))
    if ('problem' in other) refuse(404, other.problem)
    if (Object.keys(hostConfig.PortBindings).length > 0 || hostConfig.PublishAllPorts)
      refuse(400, 'conflicting options: port publishing and the container type network mode')
    return {}
  }
  const names = Object.keys(endpoints).length > 0 ? Object.keys(endpoints) : [mode]
  const found: Record<string, Endpoint> = {}
  for (const name of names) {
    const network = findNetwork(pass, name) ?? undefined
    const { aliases = [], address = '' } = endpoints[name] ?? {}
    if (!network) {
      // a network that is missing is told when the container is started
      found[name] = { networkId: name, aliases, wanted: address, address: '', mac: '', endpointId: '' }
      continue
    }
    if (aliases.length > 0 && isPredefined(network.name))
      refuse(
        400,
        'invalid endpoint settings:\nnetwork-scoped alias is supported only for containers in user defined networks',
      )
    const problem = addressProblem(network, address)
    if (problem !== undefined) refuse(400, problem)
    found[network.name] = freshEndpoint(network, aliases, address)
  }
  return found
}

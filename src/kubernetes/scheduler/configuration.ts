import { defineKind, type Key, type World } from '../../engine'
import { File } from '../../platform/shell/file'
import { controlPlane } from '../control-plane'
import { decode } from '../kinds/decode'
import type { Fields } from '../kinds/schema'
import { parseYamlText } from '../manifest-text'
import { argumentFields, configurationFields } from './configuration-fields'
import type { DefaultConstraint } from './plugins/pod-topology-spread'
import { DEFAULT_SCHEDULER, defaultProfile, type Profile, type ProfileConfig, profileOf } from './profiles'

/** Where kube-scheduler is told to look for its configuration (`--config`), on the control plane's own disk. */
export const CONFIGURATION_PATH = '/etc/kubernetes/scheduler-config.yaml'

/** What kube-scheduler read when it last started. */
export interface SchedulerSetup {
  /** The file's text; undefined: there was none, and the defaults hold. */
  readonly text: string | undefined
  /** Why it cannot start with it. */
  readonly error?: string
}
export const SchedulerSetup = defineKind<SchedulerSetup>('kubernetes/SchedulerSetup', {
  about: 'the configuration with which the scheduler runs',
})
export const setupKey: Key<SchedulerSetup> = SchedulerSetup.key('', 'default')

export interface Configuration {
  /** By schedulerName. */
  readonly profiles: ReadonlyMap<string, Profile>
  readonly firstBackoffMillis: number
  readonly longestBackoffMillis: number
  /** What the file says and nothing follows from. */
  readonly leftOut: readonly string[]
}

const DEFAULTS: Configuration = {
  profiles: new Map([[DEFAULT_SCHEDULER, defaultProfile]]),
  firstBackoffMillis: 1_000,
  longestBackoffMillis: 10_000,
  leftOut: [],
}

/** What the file says in a new lab: the defaults. */
export const DEFAULT_TEXT = `apiVersion: kubescheduler.config.k8s.io/v1
kind: KubeSchedulerConfiguration
clientConnection:
  kubeconfig: /etc/kubernetes/scheduler.conf
leaderElection:
  leaderElect: true
`

/** The file as it is now. */
export function configurationText(world: World): string | undefined {
  const machine = controlPlane(world)
  const file = machine && world.get(File.key(`machine-${machine.name}`, CONFIGURATION_PATH))
  return file?.what === 'file' ? file.text : undefined
}

const known = new WeakMap<SchedulerSetup, Configuration | { readonly error: string }>()

/** How the scheduler of a world is set up; an error: it has exited, and nothing is scheduled. */
export function configurationOf(world: World): Configuration | { readonly error: string } {
  const setup = world.get(setupKey)
  if (setup?.text === undefined || setup.text === DEFAULT_TEXT) return DEFAULTS
  let configuration = known.get(setup)
  if (!configuration) {
    configuration = readConfiguration(setup.text)
    known.set(setup, configuration)
  }
  return configuration
}

const KIND = 'KubeSchedulerConfiguration'
const API_VERSION = 'kubescheduler.config.k8s.io/v1'
const MOST_PROFILES = 20

/** Reads a KubeSchedulerConfiguration. Left out: extenders, leader election, client connections, profiling, parallelism. */
export function readConfiguration(text: string): Configuration | { readonly error: string } {
  const parsed = parseYamlText(text)
  if ('error' in parsed) return { error: parsed.error }
  const raw = parsed.value as any
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw))
    return { error: "Object 'Kind' is missing in the file" }
  if (raw.kind !== KIND || raw.apiVersion !== API_VERSION)
    return {
      error: `no kind "${raw.kind ?? ''}" is registered for version "${raw.apiVersion ?? ''}" in scheme "k8s.io/kubernetes/pkg/scheduler/apis/config/scheme/scheme.go"`,
    }
  const decoded = decodedAs(configurationFields, KIND, raw)
  if ('error' in decoded) return decoded
  const given = decoded.object
  const wanted = profilesOf(given.profiles ?? [])
  if ('error' in wanted) return wanted
  const percentage = given.percentageOfNodesToScore ?? 0
  if (!isWhole(percentage) || percentage > 100)
    return {
      error: `percentageOfNodesToScore: Invalid value: ${JSON.stringify(percentage)}: not in valid range [0-100]`,
    }
  const first = given.podInitialBackoffSeconds ?? 1
  const longest = given.podMaxBackoffSeconds ?? 10
  if (!isWhole(first) || first < 1)
    return { error: `podInitialBackoffSeconds: Invalid value: ${JSON.stringify(first)}: must be greater than 0` }
  if (!isWhole(longest) || longest < first)
    return {
      error: `podMaxBackoffSeconds: Invalid value: ${JSON.stringify(longest)}: must be greater than or equal to PodInitialBackoffSeconds`,
    }
  const profiles = new Map<string, Profile>()
  for (const [i, one] of wanted.entries()) {
    const made = profileOf(one, percentage)
    if ('error' in made) return made
    if (profiles.has(made.name))
      return { error: `profiles[${i}].schedulerName: Duplicate value: ${JSON.stringify(made.name)}` }
    profiles.set(made.name, made)
  }
  return {
    profiles,
    firstBackoffMillis: first * 1_000,
    longestBackoffMillis: longest * 1_000,
    leftOut: leftOutOf(given, wanted),
  }
}

/** Fields that mean something, or that the file of every kubeadm cluster has. */
const READ = [
  'apiVersion',
  'kind',
  'clientConnection',
  'leaderElection',
  'percentageOfNodesToScore',
  'podInitialBackoffSeconds',
  'podMaxBackoffSeconds',
  'profiles',
]
const ARGS_LEFT_OUT = ['VolumeBinding', 'DynamicResources']
const MOST_TOLD = 10

function leftOutOf(given: object, profiles: readonly ProfileConfig[]): readonly string[] {
  const args = profiles.flatMap((one) => (one?.pluginConfig ?? []).map(({ name }) => name))
  const told = [
    ...Object.keys(given).filter((field) => !READ.includes(field)),
    ...args.filter((name) => ARGS_LEFT_OUT.includes(name)).map((name) => `${name}Args`),
  ]
  return [...new Set(told)].slice(0, MOST_TOLD)
}

const isWhole = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0

function decodedAs(fields: Fields, kind: string, given: object): { readonly object: any } | { readonly error: string } {
  const { object, strict, fatal } = decode(fields, kind, given)
  if (fatal !== undefined) return { error: fatal }
  return strict.length > 0 ? { error: `strict decoding error: ${strict.join(', ')}` } : { object }
}

/** The profiles with their plugins' arguments decoded; none given: the default one. Arguments of unknown plugins mean nothing. */
function profilesOf(given: readonly ProfileConfig[]): readonly ProfileConfig[] | { readonly error: string } {
  const profiles: ProfileConfig[] = []
  for (const one of given.slice(0, MOST_PROFILES)) {
    const pluginConfig: { name: string; args?: any }[] = []
    for (const { name, args } of one.pluginConfig ?? []) {
      const fields = Object.hasOwn(argumentFields, name ?? '') ? argumentFields[name] : undefined
      if (fields === undefined || args === undefined) continue
      if (typeof args !== 'object' || Array.isArray(args))
        return {
          error: `json: cannot unmarshal ${Array.isArray(args) ? 'array' : typeof args} into Go value of type v1.${name}Args`,
        }
      const decoded = decodedAs(fields, `${name}Args`, args)
      if ('error' in decoded) return { error: `decoding args for plugin ${JSON.stringify(name)}: ${decoded.error}` }
      const wrong = constraintProblem(decoded.object.defaultConstraints ?? [])
      if (wrong !== undefined) return { error: wrong }
      pluginConfig.push({ name, args: decoded.object })
    }
    profiles.push({ ...one, pluginConfig })
  }
  return profiles.length === 0 ? [{}] : profiles
}

function constraintProblem(constraints: readonly Partial<DefaultConstraint>[]): string | undefined {
  for (const [i, { maxSkew = 0, topologyKey = '', whenUnsatisfiable = '' }] of constraints.entries()) {
    const path = `args.defaultConstraints[${i}]`
    if (maxSkew <= 0) return `${path}.maxSkew: Invalid value: ${maxSkew}: not in valid range (0, inf)`
    if (topologyKey === '') return `${path}.topologyKey: Required value: can not be empty`
    if (whenUnsatisfiable !== 'DoNotSchedule' && whenUnsatisfiable !== 'ScheduleAnyway')
      return `${path}.whenUnsatisfiable: Unsupported value: ${JSON.stringify(whenUnsatisfiable)}: supported values: "DoNotSchedule", "ScheduleAnyway"`
  }
  return undefined
}

import type { ImageConfig } from '../../platform/image/resolve'
import type { CommandLine, Instruction } from '../dockerfile/instruction'
import type { Step } from '../dockerfile/plan'

/** A configuration that the instructions of a stage go on from. */
export interface StageConfig {
  readonly config: ImageConfig
  /** CMD has been given in this stage: a later ENTRYPOINT leaves it. */
  readonly cmdSet: boolean
}

const list = (words: readonly string[]): string => `[${words.map((word) => JSON.stringify(word)).join(' ')}]`

/** Shell form is what the shell is given. */
const argvOf = ({ form, words }: CommandLine, shell: readonly string[] | undefined): readonly string[] =>
  form === 'exec' ? words : words.length === 0 ? [] : [...(shell ?? ['/bin/sh', '-c']), words.join(' ')]

/** `30s`, `1m30s`, as Go prints a duration. */
function goDuration(millis: number): string {
  if (millis === 0) return '0s'
  if (millis < 1000) return `${millis}ms`
  const [hours, minutes, seconds] = [
    Math.floor(millis / 3_600_000),
    Math.floor(millis / 60_000) % 60,
    (millis % 60_000) / 1000,
  ]
  return `${hours > 0 ? `${hours}h` : ''}${hours > 0 || minutes > 0 ? `${minutes}m` : ''}${seconds}s`
}

function healthText(one: Extract<Instruction, { kind: 'HEALTHCHECK' }>): string {
  const { test, intervalMillis, timeoutMillis, startPeriodMillis, startIntervalMillis, retries } = one.health
  const times = [intervalMillis, timeoutMillis, startPeriodMillis, startIntervalMillis].map(
    (millis) => `"${goDuration(millis)}"`,
  )
  // a number printed as a character, as the real one does
  const count = retries < 32 ? `'\\x${retries.toString(16).padStart(2, '0')}'` : `'${String.fromCodePoint(retries)}'`
  return `HEALTHCHECK &{${list(test)} ${times.join(' ')} ${count}}`
}

/** A port of several is kept once, in the order of their names. */
function withPorts(config: ImageConfig, more: readonly string[]): ImageConfig {
  const ports = [...new Set([...(config.ports ?? config.exposed.map((port) => `${port}/tcp`)), ...more])].sort()
  const exposed = ports.filter((port) => port.endsWith('/tcp')).map((port) => Number.parseInt(port, 10))
  return { ...config, exposed, ports }
}

/**
 * What an instruction that makes no layer does to the configuration, and how the history tells it. undefined: it makes a layer. Models the
 * dispatch functions of dockerfile2llb and their commitToHistory.
 */
export function configured(
  { config, cmdSet }: StageConfig,
  { instruction: one, results, scope }: Step,
): (StageConfig & { readonly by: string }) | undefined {
  const set = (more: Partial<ImageConfig>, by: string) => ({ config: { ...config, ...more }, cmdSet, by })
  switch (one.kind) {
    case 'ENV':
      return set(
        { env: { ...config.env, ...Object.fromEntries(one.pairs.map(({ key, value }) => [key, value])) } },
        `ENV ${one.pairs.map(({ key, value }) => `${key}=${value}`).join(' ')}`,
      )
    case 'LABEL':
      return set(
        { labels: { ...config.labels, ...Object.fromEntries(one.pairs.map(({ key, value }) => [key, value])) } },
        `LABEL ${one.pairs.map(({ key, value }) => `${key}=${value}`).join(' ')}`,
      )
    case 'ARG':
      return set(
        {},
        `ARG ${one.args.map(({ key, value }) => (value === undefined ? key : `${key}=${value}`)).join(' ')}`,
      )
    case 'EXPOSE':
      return { config: withPorts(config, results), cmdSet, by: `EXPOSE [${[...results].sort().join(' ')}]` }
    case 'VOLUME':
      return set({ volumes: [...new Set([...config.volumes, ...one.words])] }, `VOLUME [${one.words.join(' ')}]`)
    case 'USER':
      return set({ user: one.value }, `USER ${one.value}`)
    case 'STOPSIGNAL':
      return set({ stopSignal: one.value }, `STOPSIGNAL ${one.value}`)
    case 'MAINTAINER':
      return set({ author: one.value }, `MAINTAINER ${one.value}`)
    case 'SHELL':
      return set({ shell: one.words }, `SHELL [${one.words.join(' ')}]`)
    case 'CMD': {
      const cmd = argvOf(one.command, scope.shell)
      return { config: { ...config, cmd }, cmdSet: true, by: `CMD ${list(cmd)}` }
    }
    case 'ENTRYPOINT': {
      const entrypoint = argvOf(one.command, scope.shell)
      // an inherited CMD was meant for another entry point
      const cmd = cmdSet ? config.cmd : undefined
      return { config: { ...config, entrypoint, cmd }, cmdSet, by: `ENTRYPOINT ${list(entrypoint)}` }
    }
    case 'HEALTHCHECK': {
      const { test, intervalMillis, timeoutMillis, startPeriodMillis, startIntervalMillis, retries } = one.health
      const healthcheck = {
        test,
        interval: intervalMillis,
        timeout: timeoutMillis,
        startPeriod: startPeriodMillis,
        startInterval: startIntervalMillis,
        retries,
      }
      return set({ healthcheck }, healthText(one))
    }
    case 'ONBUILD':
      return set({ onbuild: [...(config.onbuild ?? []), one.expression] }, `ONBUILD ${one.expression}`)
    case 'WORKDIR':
      return results[0] === '/' ? set({ workingDir: '/' }, 'WORKDIR /') : undefined
    default:
      return undefined
  }
}

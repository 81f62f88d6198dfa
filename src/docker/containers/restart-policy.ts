import type { Millis } from '../../engine'

export interface RestartPolicy {
  readonly Name: '' | 'no' | 'always' | 'unless-stopped' | 'on-failure'
  readonly MaximumRetryCount: number
}

const FIRST_MILLIS = 100
const LONGEST_MILLIS = 60_000
/** A run that lasted so long makes the next delay the first one again. */
const FORGIVEN_AFTER_MILLIS = 10_000

/** Whether a container that has ended is started again, and after how long. After ShouldRestart in moby's restartmanager. */
export function restartAfter(
  policy: RestartPolicy,
  ended: {
    readonly exitCode: number
    /** Somebody has stopped it. */
    readonly manuallyStopped: boolean
    readonly restartCount: number
    readonly ranMillis: Millis
    /** What was waited the last time; 0: never. */
    readonly previousMillis: Millis
  },
): Millis | undefined {
  const { exitCode, manuallyStopped, restartCount, ranMillis, previousMillis } = ended
  if (manuallyStopped) return undefined
  if (policy.Name === '' || policy.Name === 'no') return undefined
  if (policy.Name === 'on-failure') {
    const most = policy.MaximumRetryCount
    if (exitCode === 0 || (most !== 0 && restartCount >= most)) return undefined
  }
  const forgiven = previousMillis === 0 || ranMillis >= FORGIVEN_AFTER_MILLIS
  return forgiven ? FIRST_MILLIS : Math.min(previousMillis * 2, LONGEST_MILLIS)
}

/** `on-failure:3`; or what is wrong with it. After ParseRestartPolicy in docker/cli. */
export function parseRestartPolicy(text: string): RestartPolicy | { readonly error: string } {
  if (text === '') return { Name: 'no', MaximumRetryCount: 0 }
  const colon = text.indexOf(':')
  const name = colon < 0 ? text : text.slice(0, colon)
  const count = colon < 0 ? '' : text.slice(colon + 1)
  if (colon >= 0 && name === '') return { error: `invalid restart policy format: no policy provided before colon` }
  if (count !== '' && !/^[+-]?\d+$/.test(count))
    return { error: 'invalid restart policy format: maximum retry count must be an integer' }
  return { Name: name as RestartPolicy['Name'], MaximumRetryCount: Number(count || 0) }
}

/** What the daemon says of a policy that it cannot take. */
export function policyProblem({ Name, MaximumRetryCount }: RestartPolicy): string | undefined {
  if (Name === 'on-failure')
    return MaximumRetryCount < 0 ? 'invalid restart policy: maximum retry count cannot be negative' : undefined
  if (Name === '' || Name === 'no' || Name === 'always' || Name === 'unless-stopped')
    return MaximumRetryCount === 0
      ? undefined
      : `invalid restart policy: maximum retry count can only be used with 'on-failure'`
  return `invalid restart policy: unknown policy '${Name}'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'`
}

import type { Reason } from '../../engine'
import { LocalImage, Pull } from '../../platform/image/image'
import { localName, parseReference } from '../../platform/image/reference'
import { plainHosts } from '../../platform/registry/containerd-hosts'
import type { PodContainer } from '../kinds/pod'
import type { Pass } from './pass'
import { credentialsFor } from './pull-secrets'

const FIRST_BACKOFF_MILLIS = 10_000
const LONGEST_BACKOFF_MILLIS = 300_000
const SHORT = (millis: number) => {
  const seconds = millis / 1000
  return seconds < 1 ? `${Math.round(millis)}ms` : `${Number(seconds.toFixed(3))}s`
}

function backoff(failures: number): number {
  let millis = FIRST_BACKOFF_MILLIS
  for (let i = 1; i < failures && millis < LONGEST_BACKOFF_MILLIS; i++) millis *= 2
  return Math.min(millis, LONGEST_BACKOFF_MILLIS)
}

/** Brings the container's image to the machine. True: it is there. After images/image_manager.go. */
export function imageReady(pass: Pass, spec: PodContainer): boolean {
  const { world, machine } = pass
  const image = spec.image ?? ''
  const parsed = parseReference(image)
  if ('error' in parsed) {
    const message = `Failed to apply default image tag ${JSON.stringify(image)}: couldn't parse image name ${JSON.stringify(image)}: ${parsed.error}`
    const because: Reason = { id: 'kubernetes/image-wanted', values: { image, node: machine.name }, of: [pass.bound()] }
    return unusable(pass, spec, { reason: 'InvalidImageName', event: 'InspectFailed', message }, because)
  }
  const reference = localName(image)
  const { pull } = pass.of(spec.name)
  const local = world.head(LocalImage.key(machine.name, reference))
  const because: Reason = { id: 'kubernetes/image-wanted', values: { image, node: machine.name }, of: [pass.bound()] }
  if (pull.state === 'done' && local) return true
  if (pull.state === 'pulling') return pulling(pass, spec, because)
  const policy = spec.imagePullPolicy ?? 'IfNotPresent'
  if (local && policy !== 'Always') {
    pass.event('Normal', 'Pulled', `Container image "${image}" already present on machine`, because, spec.name)
    pass.set(spec.name, { pull: { ...pull, state: 'done' }, waiting: undefined })
    return true
  }
  if (policy === 'Never') {
    const message = `Container image "${image}" is not present with pull policy of Never`
    return unusable(pass, spec, { reason: 'ErrImageNeverPull', event: 'ErrImageNeverPull', message }, because)
  }
  if (pull.state === 'failed' && world.now < pull.notBefore) return backingOff(pass, spec, because)
  const key = Pull.key(machine.name, reference)
  if (!world.get(key)) {
    const credentials = credentialsFor(pass, image)
    pass.changes.push({
      key,
      value: {
        machine: machine.name,
        reference,
        state: 'waiting',
        wantedAt: world.now,
        startedAt: undefined,
        endsAt: undefined,
        error: undefined,
        ...(credentials && { credentials }),
        ...plainHosts(world, machine, parsed.reference.domain),
      },
      because,
    })
  }
  pass.event('Normal', 'Pulling', `Pulling image "${image}"`, because, spec.name)
  pass.set(spec.name, { pull: { ...pull, state: 'pulling', since: world.now } })
  return false
}

/** Nothing is pulled: the pod waits, and looks again now and then. */
function unusable(
  pass: Pass,
  spec: PodContainer,
  why: { readonly reason: string; readonly event: string; readonly message: string },
  because: Reason,
): false {
  pass.event('Warning', why.event, why.message, because, spec.name)
  pass.event('Warning', 'Failed', `Error: ${why.reason}`, because, spec.name)
  pass.set(spec.name, { waiting: { reason: why.reason, message: why.message } })
  pass.retry(spec.name)
  return false
}

function pulling(pass: Pass, spec: PodContainer, because: Reason): boolean {
  const { world, machine } = pass
  const image = spec.image ?? ''
  const reference = localName(image)
  const { pull } = pass.of(spec.name)
  const key = Pull.key(machine.name, reference)
  const under = world.head(key)
  if (under && under.value.state !== 'failed') return false
  const local = world.head(LocalImage.key(machine.name, reference))
  if (!under && local) {
    const took = SHORT(world.now - pull.since)
    const size = `Image size: ${local.value.sizeBytes} bytes.`
    const done: Reason = { ...because, of: [local.revision] }
    pass.event(
      'Normal',
      'Pulled',
      `Successfully pulled image "${image}" in ${took} (${took} including waiting). ${size}`,
      done,
      spec.name,
    )
    pass.set(spec.name, { pull: { ...pull, state: 'done', failures: 0 }, waiting: undefined })
    return true
  }
  if (!under) {
    // the machine restarted while it was pulling
    pass.set(spec.name, { pull: { ...pull, state: 'none' } })
    pass.wait(1)
    return false
  }
  const error = under.value.error ?? 'unknown error'
  const failures = pull.failures + 1
  pass.changes.push({
    key,
    value: undefined,
    because: { id: 'kubernetes/pull-failure-noted', values: { image }, of: [under.revision] },
    quiet: true,
  })
  pass.event('Warning', 'Failed', `Failed to pull image "${image}": ${error}`, because, spec.name)
  pass.event('Warning', 'Failed', 'Error: ErrImagePull', because, spec.name)
  pass.set(spec.name, {
    pull: { state: 'failed', since: pull.since, failures, notBefore: world.now + backoff(failures), error },
    waiting: { reason: 'ErrImagePull', message: error },
  })
  // the next sync, a moment later, finds it in back-off
  pass.wait(Math.round(1000 + 500 * pass.draw(`pull ${spec.name}`, failures)))
  return false
}

function backingOff(pass: Pass, spec: PodContainer, because: Reason): boolean {
  const { pull, waiting } = pass.of(spec.name)
  if (waiting?.reason !== 'ImagePullBackOff') {
    const text = `Back-off pulling image "${spec.image}"`
    pass.event('Normal', 'BackOff', text, because, spec.name)
    pass.event('Warning', 'Failed', 'Error: ImagePullBackOff', because, spec.name)
    pass.set(spec.name, { waiting: { reason: 'ImagePullBackOff', message: `${text}: ErrImagePull: ${pull.error}` } })
  }
  pass.wait(pull.notBefore - pass.world.now)
  return false
}

/** What `kubectl rollout status` says of an object, and whether it is over. After kubectl's polymorphichelpers. */
export interface RolloutStatus {
  readonly message: string
  readonly done: boolean
  /** Ends the command with 1. */
  readonly error?: string
}

export function rolloutStatus(object: any, revision = 0): RolloutStatus {
  switch (object.kind) {
    case 'Deployment':
      return deploymentStatus(object, revision)
    case 'DaemonSet':
      return daemonSetStatus(object)
    case 'StatefulSet':
      return statefulSetStatus(object)
    default:
      return { message: '', done: false, error: `no status viewer has been implemented for ${object.kind}` }
  }
}

const wait = (message: string): RolloutStatus => ({ message: `${message}\n`, done: false })
const over = (message: string): RolloutStatus => ({ message: `${message}\n`, done: true })
const observed = ({ metadata, status }: any) => (metadata.generation ?? 0) <= (status?.observedGeneration ?? 0)

function deploymentStatus(object: any, revision: number): RolloutStatus {
  const { metadata, spec, status = {} } = object
  const name = JSON.stringify(metadata.name)
  if (revision > 0) {
    const own = Number(metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0)
    if (own !== revision)
      return {
        message: '',
        done: false,
        error: `desired revision (${revision}) is different from the running revision (${own})`,
      }
  }
  if (!observed(object)) return wait('Waiting for deployment spec update to be observed...')
  const progressing = (status.conditions ?? []).find((condition: any) => condition.type === 'Progressing')
  if (progressing?.reason === 'ProgressDeadlineExceeded')
    return { message: '', done: false, error: `deployment ${name} exceeded its progress deadline` }
  const heading = `Waiting for deployment ${name} rollout to finish: `
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status
  if (spec.replicas !== undefined && updatedReplicas < spec.replicas)
    return wait(`${heading}${updatedReplicas} out of ${spec.replicas} new replicas have been updated...`)
  if (replicas > updatedReplicas)
    return wait(`${heading}${replicas - updatedReplicas} old replicas are pending termination...`)
  if (availableReplicas < updatedReplicas)
    return wait(`${heading}${availableReplicas} of ${updatedReplicas} updated replicas are available...`)
  return over(`deployment ${name} successfully rolled out`)
}

const NOT_ROLLING: RolloutStatus = {
  message: '',
  done: true,
  error: 'rollout status is only available for RollingUpdate strategy type',
}

function daemonSetStatus(object: any): RolloutStatus {
  const { metadata, spec, status = {} } = object
  if (spec.updateStrategy?.type !== 'RollingUpdate') return NOT_ROLLING
  if (!observed(object)) return wait('Waiting for daemon set spec update to be observed...')
  const { updatedNumberScheduled = 0, desiredNumberScheduled = 0, numberAvailable = 0 } = status
  const heading = `Waiting for daemon set ${JSON.stringify(metadata.name)} rollout to finish: `
  if (updatedNumberScheduled < desiredNumberScheduled)
    return wait(`${heading}${updatedNumberScheduled} out of ${desiredNumberScheduled} new pods have been updated...`)
  if (numberAvailable < desiredNumberScheduled)
    return wait(`${heading}${numberAvailable} of ${desiredNumberScheduled} updated pods are available...`)
  return over(`daemon set ${JSON.stringify(metadata.name)} successfully rolled out`)
}

function statefulSetStatus(object: any): RolloutStatus {
  const { spec, status = {} } = object
  if (spec.updateStrategy?.type !== 'RollingUpdate') return NOT_ROLLING
  if ((status.observedGeneration ?? 0) === 0 || !observed(object))
    return wait('Waiting for statefulset spec update to be observed...')
  const { readyReplicas = 0, updatedReplicas = 0, currentReplicas = 0 } = status
  if (spec.replicas !== undefined && readyReplicas < spec.replicas)
    return wait(`Waiting for ${spec.replicas - readyReplicas} pods to be ready...`)
  const partition = spec.updateStrategy.rollingUpdate?.partition
  if (spec.replicas !== undefined && partition !== undefined) {
    const wanted = spec.replicas - partition
    if (updatedReplicas < wanted)
      return wait(
        `Waiting for partitioned roll out to finish: ${updatedReplicas} out of ${wanted} new pods have been updated...`,
      )
    return over(`partitioned roll out complete: ${updatedReplicas} new pods have been updated...`)
  }
  if (status.updateRevision !== status.currentRevision) {
    return wait(
      `waiting for statefulset rolling update to complete ${updatedReplicas} pods at revision ${status.updateRevision}...`,
    )
  }
  return over(`statefulset rolling update complete ${currentReplicas} pods at revision ${status.currentRevision}...`)
}

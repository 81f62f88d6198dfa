import type { Reason } from '../../engine'
import { type Sandbox, sandboxKey } from '../../platform/container/container'
import { filtersOf, hasLabel, refuse } from '../engine/request'
import { effectiveSwap } from '../limits/memory-swap'
import { resourceProblem } from '../limits/resources'
import { interfacesOf } from '../network/endpoints'
import type { Pass } from '../pass'
import { writtenBytes } from './changes'
import { DockerContainer, type HostConfig, isRunning } from './container'
import { conflict } from './create'
import { dropContainer } from './end'
import { nameProblem } from './names'
import { policyProblem } from './restart-policy'
import { specOf } from './spec'

export function rename(pass: Pass, container: DockerContainer, given: string): void {
  if (given === '') refuse(400, 'Neither old nor new names may be empty')
  const name = given.startsWith('/') ? given.slice(1) : given
  if (name === container.name) refuse(400, 'Renaming a container with the same name as its current name')
  const problem = nameProblem(given)
  if (problem !== undefined) refuse(400, `Error when allocating new name: ${problem}`)
  const other = pass.all(DockerContainer).find((one) => one.name === name)
  if (other) refuse(409, `Error when allocating new name: ${conflict(name, other.id)}`)
  const because: Reason = { id: 'docker/renamed', values: { from: container.name, to: name } }
  const next = { ...container, name }
  pass.put(next, because)
  pass.putRuns({ ...pass.runs(container.id)!, name }, because)
  const key = sandboxKey(pass.machine.name, container.id)
  const sandbox: Sandbox | undefined = pass.get(key)
  if (sandbox) pass.set(key, { ...sandbox, interfaces: interfacesOf(pass, next) }, because)
  pass.tell(next, 'rename', { oldName: `/${container.name}` })
}

/** New limits and a new restart policy, at once. After containerUpdate in moby's daemon/update.go. */
export function update(
  pass: Pass,
  container: DockerContainer,
  given: Partial<HostConfig>,
): { Warnings: readonly string[] } {
  const { hostConfig: before } = container
  const stored = { ...before, MemorySwap: effectiveSwap(before.Memory, before.MemorySwap) }
  const hostConfig: HostConfig = { ...stored, ...given }
  if (given.RestartPolicy && container.hostConfig.AutoRemove && given.RestartPolicy.Name !== 'no')
    refuse(409, 'Restart policy cannot be updated because AutoRemove is enabled for the container')
  if (
    given.Memory !== undefined &&
    given.Memory > stored.MemorySwap &&
    (given.MemorySwap === undefined || given.MemorySwap === 0)
  )
    refuse(
      409,
      `Cannot update container ${container.id}: Memory limit should be smaller than already set memoryswap limit, update the memoryswap at the same time`,
    )
  const problem = resourceProblem(hostConfig, pass.machine) ?? policyProblem(hostConfig.RestartPolicy)
  if (problem !== undefined) refuse(400, problem)
  const because: Reason = {
    id: 'docker/updated',
    values: { name: container.name, what: Object.keys(given).join(', ') },
  }
  const next = { ...container, hostConfig }
  pass.put(next, because)
  const runs = pass.runs(container.id)!
  pass.putRuns(
    { ...runs, spec: specOf(pass, next, { reference: runs.spec.image, image: runs.spec.launch?.image }) },
    because,
  )
  pass.tell(next, 'update')
  return { Warnings: [] }
}

export function pruneContainers(pass: Pass, query: Readonly<Record<string, string>> | undefined) {
  const filters = filtersOf(query)
  const deleted: string[] = []
  let bytes = 0
  for (const container of pass.all(DockerContainer)) {
    if (isRunning(container) || container.starting || container.status === 'removing') continue
    if ((filters['label'] ?? []).some((label) => !hasLabel(container.config.Labels, label))) continue
    bytes += writtenBytes(pass, container)
    dropContainer(pass, container, false, { id: 'docker/pruned', values: { what: `container ${container.name}` } })
    deleted.push(container.id)
  }
  return { ContainersDeleted: deleted.length > 0 ? deleted : null, SpaceReclaimed: bytes }
}

import { printLabelSelector } from '../../../kubernetes'
import type { Run } from '../command'
import { eventsAbout, writeEvents } from './events'
import { Writer } from './writer'

export function describeBudget(run: Run, pdb: any): string {
  const w = new Writer()
  const { metadata, spec, status = {} } = pdb
  w.write(0, `Name:\t${metadata.name}`)
  w.write(0, `Namespace:\t${metadata.namespace}`)
  if (spec.minAvailable !== undefined) w.write(0, `Min available:\t${spec.minAvailable}`)
  else if (spec.maxUnavailable !== undefined) w.write(0, `Max unavailable:\t${spec.maxUnavailable}`)
  w.write(0, `Selector:\t${spec.selector ? printLabelSelector(spec.selector) : '<unset>'}`)
  w.write(0, 'Status:')
  w.write(2, `Allowed disruptions:\t${status.disruptionsAllowed ?? 0}`)
  w.write(2, `Current:\t${status.currentHealthy ?? 0}`)
  w.write(2, `Desired:\t${status.desiredHealthy ?? 0}`)
  w.write(2, `Total:\t${status.expectedPods ?? 0}`)
  writeEvents(w, eventsAbout(run, pdb), run.call.now)
  return w.aligned
}

import { printLabelSelector } from '../../../kubernetes'
import type { Run } from '../command'
import { eventsAbout, writeEvents } from './events'
import { writeTemplate } from './template'
import { podsStatus } from './workloads'
import { labelsLine, Writer, writeAnnotations, writeLabels } from './writer'

export function describeDaemonSet(run: Run, ds: any): string {
  const w = new Writer()
  const { metadata, spec, status = {} } = ds
  w.write(0, `Name:\t${metadata.name}`)
  w.write(0, `Namespace:\t${metadata.namespace}`)
  w.write(0, `Selector:\t${printLabelSelector(spec.selector)}`)
  w.write(0, `Node-Selector:\t${labelsLine(spec.template?.spec?.nodeSelector)}`)
  writeLabels(w, 'Labels', metadata.labels)
  writeAnnotations(w, 'Annotations', metadata.annotations)
  w.write(0, `Desired Number of Nodes Scheduled: ${status.desiredNumberScheduled ?? 0}`)
  w.write(0, `Current Number of Nodes Scheduled: ${status.currentNumberScheduled ?? 0}`)
  w.write(0, `Number of Nodes Scheduled with Up-to-date Pods: ${status.updatedNumberScheduled ?? 0}`)
  w.write(0, `Number of Nodes Scheduled with Available Pods: ${status.numberAvailable ?? 0}`)
  w.write(0, `Number of Nodes Misscheduled: ${status.numberMisscheduled ?? 0}`)
  w.write(0, `Pods Status:\t${podsStatus(run, ds)}`)
  writeTemplate(w, spec.template)
  writeEvents(w, eventsAbout(run, ds), run.call.now)
  return w.aligned
}

import { printLabelSelector } from '../../../kubernetes'
import { describeContainers } from './containers'
import { describeVolumes } from './volumes'
import { Writer, writeAnnotations, writeLabels, writeTolerations } from './writer'

/** The `Pod Template:` block of what makes pods. */
export function writeTemplate(w: Writer, template: any): void {
  w.write(0, 'Pod Template:')
  const { metadata = {}, spec = {} } = template ?? {}
  writeLabels(w, '  Labels', metadata.labels)
  if (Object.keys(metadata.annotations ?? {}).length > 0) writeAnnotations(w, '  Annotations', metadata.annotations)
  if (spec.serviceAccountName) w.write(0, `  Service Account:\t${spec.serviceAccountName}`)
  if (spec.initContainers?.length)
    describeContainers(w, 'Init Containers', spec.initContainers, undefined, () => '', '  ')
  describeContainers(w, 'Containers', spec.containers ?? [], undefined, () => '', '  ')
  describeVolumes(w, spec.volumes, '  ')
  writeSpread(w, spec.topologySpreadConstraints, '  ')
  if (spec.priorityClassName) w.write(0, `  Priority Class Name:\t${spec.priorityClassName}`)
  writeLabels(w, '  Node-Selectors', spec.nodeSelector)
  writeTolerations(w, '  Tolerations', spec.tolerations)
}

export function writeSpread(w: Writer, constraints: readonly any[] | undefined, space: string): void {
  if (!constraints?.length) return
  const sorted = [...constraints].sort((a, b) => (a.topologyKey < b.topologyKey ? -1 : 1))
  sorted.forEach((one, i) => {
    const lead = i === 0 ? `${space}Topology Spread Constraints:\t` : `${space}\t`
    const selected = one.labelSelector ? ` for selector ${printLabelSelector(one.labelSelector)}` : ''
    w.write(0, `${lead}${one.topologyKey}:${one.whenUnsatisfiable} when max skew ${one.maxSkew} is exceeded${selected}`)
  })
}

/** The block alone, with its tabs: so `rollout history --revision` prints it. */
export function describeTemplate(template: any): string {
  const w = new Writer()
  writeTemplate(w, template)
  return w.raw
}

import type { PodSpec, PodTemplateSpec } from '../kinds/pod'
import { defaultPod } from '../kinds/pod-defaults'

/** The spec of the pods of a template, admission included: one object for all of them, for as long as the template lives. */
export const podSpecOf = (template: PodTemplateSpec): PodSpec => defaultPod(template.spec)

/** A spec with the API's defaults and what admission adds. */
export const admitted = defaultPod

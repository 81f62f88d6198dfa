import { base64Length } from '../../../platform/base64'
import type { Run } from '../command'
import { eventsAbout, writeEvents } from './events'
import { Writer, writeAnnotations, writeLabels } from './writer'

const sortedKeys = (map: Readonly<Record<string, string>> | undefined) =>
  Object.keys(map ?? {}).sort((a, b) => (a < b ? -1 : 1))

function head(object: any): Writer {
  const w = new Writer()
  const { metadata } = object
  w.write(0, `Name:\t${metadata.name}`)
  w.write(0, `Namespace:\t${metadata.namespace}`)
  writeLabels(w, 'Labels', metadata.labels)
  writeAnnotations(w, 'Annotations', metadata.annotations)
  return w
}

export function describeConfigMap(run: Run, configMap: any): string {
  const w = head(configMap)
  w.write(0, '\nData\n====')
  for (const key of sortedKeys(configMap.data)) w.write(0, `${key}:\n----\n${configMap.data[key]}\n`)
  w.write(0, '\nBinaryData\n====')
  for (const key of sortedKeys(configMap.binaryData))
    w.write(0, `${key}: ${base64Length(configMap.binaryData[key])} bytes`)
  w.write(0, '')
  writeEvents(w, eventsAbout(run, configMap), run.call.now)
  return w.aligned
}

/** How many bytes there are under each key; the values are not shown. */
export function describeSecret(_run: Run, secret: any): string {
  const w = head(secret)
  w.write(0, `\nType:\t${secret.type}`)
  w.write(0, '\nData\n====')
  for (const key of sortedKeys(secret.data)) w.write(0, `${key}:\t${base64Length(secret.data[key])} bytes`)
  return w.aligned
}

import type { Writer } from './writer'

type Lines = readonly (readonly [key: string, value: unknown])[]

/** What is told of each source: its type in words, and the fields below it. */
const SOURCES: Readonly<Record<string, (source: any) => { readonly type: string; readonly lines: Lines }>> = {
  emptyDir: ({ medium = '', sizeLimit }) => ({
    type: "EmptyDir (a temporary directory that shares a pod's lifetime)",
    lines: [
      ['Medium', medium],
      ['SizeLimit', sizeLimit ?? '<unset>'],
    ],
  }),
  configMap: ({ name, optional }) => ({
    type: 'ConfigMap (a volume populated by a ConfigMap)',
    lines: [
      ['Name', name],
      ['Optional', optional === true],
    ],
  }),
  secret: ({ secretName, optional }) => ({
    type: 'Secret (a volume populated by a Secret)',
    lines: [
      ['SecretName', secretName],
      ['Optional', optional === true],
    ],
  }),
  persistentVolumeClaim: ({ claimName, readOnly }) => ({
    type: 'PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)',
    lines: [
      ['ClaimName', claimName],
      ['ReadOnly', readOnly === true],
    ],
  }),
  hostPath: ({ path, type = '' }) => ({
    type: 'HostPath (bare host directory volume)',
    lines: [
      ['Path', path],
      ['HostPathType', type],
    ],
  }),
  nfs: ({ server, path, readOnly }) => ({
    type: 'NFS (an NFS mount that lasts the lifetime of a pod)',
    lines: [
      ['Server', server],
      ['Path', path],
      ['ReadOnly', readOnly === true],
    ],
  }),
  projected: ({ sources = [] }) => ({
    type: 'Projected (a volume that contains injected data from multiple sources)',
    lines: sources.flatMap(projected),
  }),
  downwardAPI: () => ({ type: 'DownwardAPI (a volume populated by information about the pod)', lines: [] }),
}

function projected({ secret, configMap, downwardAPI, serviceAccountToken }: any): Lines {
  if (secret)
    return [
      ['SecretName', secret.name],
      ['Optional', secret.optional === true],
    ]
  if (configMap)
    return [
      ['ConfigMapName', configMap.name],
      ['Optional', configMap.optional === true],
    ]
  if (downwardAPI) return [['DownwardAPI', true]]
  if (serviceAccountToken) return [['TokenExpirationSeconds', serviceAccountToken.expirationSeconds]]
  return []
}

export function describeVolumes(w: Writer, volumes: readonly any[] | undefined, space: string): void {
  if (!volumes?.length) {
    w.write(0, `${space}Volumes:\t<none>`)
    return
  }
  w.write(0, `${space}Volumes:`)
  for (const volume of volumes) {
    w.write(1, `${space === '' ? '' : ' '}${volume.name}:`)
    const source = Object.keys(volume).find((key) => key !== 'name') ?? ''
    const told = SOURCES[source]?.(volume[source] ?? {})
    if (!told) {
      w.write(2, '<unknown>')
      continue
    }
    w.write(2, `Type:\t${told.type}`)
    for (const [key, value] of told.lines) w.write(2, `${key}:\t${value}`)
  }
}

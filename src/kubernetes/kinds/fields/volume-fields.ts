import {
  bool,
  type Field,
  int,
  list,
  long,
  map,
  needed,
  type ObjectField,
  object,
  quantity,
  simplified,
  text,
  textMap,
  texts,
  unmodelled,
} from '../schema'
import { labelSelector, localReference, objectMeta } from './meta-fields'

const keyToPath = list(
  object('KeyToPath', 'One key as a file.', {
    key: needed(text('The key.')),
    path: needed(text('The file.')),
    mode: int('Its permissions.'),
  }),
  'Which keys become which files; all when left out.',
)
const mode = int('Permissions of the files.')
const optional = bool('It may be missing.')

const downwardItems = list(
  object('DownwardAPIVolumeFile', 'One file.', {
    path: needed(text('The file.')),
    mode: int('Its permissions.'),
    fieldRef: object('ObjectFieldSelector', 'A field of the pod.', {
      apiVersion: text('v1.'),
      fieldPath: needed(text('Which.')),
    }),
    resourceFieldRef: object('ResourceFieldSelector', 'A request or limit.', {
      containerName: text('Of which container.'),
      resource: needed(text('Which.')),
      divisor: quantity('In which unit.'),
    }),
  }),
  'The files.',
)

export const claimSpec = object('PersistentVolumeClaimSpec', 'What storage is wanted.', {
  accessModes: texts('ReadWriteOnce, ReadOnlyMany, ReadWriteMany, ReadWriteOncePod.'),
  resources: object('VolumeResourceRequirements', 'How much.', {
    requests: map(quantity(''), 'At least.'),
    limits: map(quantity(''), 'At most.'),
  }),
  storageClassName: text('Of which class.'),
  volumeName: text('Exactly this volume.'),
  volumeMode: text('Filesystem or Block.'),
  selector: labelSelector('Only volumes with such labels.'),
  dataSource: object('TypedLocalObjectReference', 'Filled from this.', {
    apiGroup: text('Group.'),
    kind: needed(text('Kind.')),
    name: needed(text('Name.')),
  }),
  dataSourceRef: object('TypedObjectReference', 'Filled from this.', {
    apiGroup: text('Group.'),
    kind: needed(text('Kind.')),
    name: needed(text('Name.')),
    namespace: text('Namespace.'),
  }),
  volumeAttributesClassName: text('Attributes class.'),
})

/** Sources that need nothing but to be known: what they mean, and their fields. */
const external = (name: string, about: string, fields: Record<string, Field>): ObjectField =>
  unmodelled(object(name, about, fields))
const secretRef = localReference('Credentials.')
const fsType = text('The filesystem.')
const readOnly = bool('It cannot be written.')

export const volume = object('Volume', 'Files that the pod’s containers can mount.', {
  name: needed(text('Its name.')),
  emptyDir: object('EmptyDirVolumeSource', 'An empty folder that lives and dies with the pod.', {
    medium: simplified(text('Memory: keep it in memory.'), 'memory use is not counted'),
    sizeLimit: quantity('At most this much: a pod that writes more is evicted.'),
  }),
  configMap: object('ConfigMapVolumeSource', 'The keys of a ConfigMap as files.', {
    name: text('Its name.'),
    items: keyToPath,
    defaultMode: mode,
    optional,
  }),
  secret: object('SecretVolumeSource', 'The keys of a Secret as files.', {
    secretName: text('Its name.'),
    items: keyToPath,
    defaultMode: mode,
    optional,
  }),
  persistentVolumeClaim: external('PersistentVolumeClaimVolumeSource', 'Storage that outlives the pod.', {
    claimName: needed(text('The claim.')),
    readOnly,
  }),
  hostPath: simplified(
    object('HostPathVolumeSource', 'A folder of the node.', {
      path: needed(text('Which.')),
      type: text('What it must be.'),
    }),
    'a machine has the usual folders; in them is only what pods have put there',
  ),
  downwardAPI: object('DownwardAPIVolumeSource', 'Facts about the pod as files.', {
    items: downwardItems,
    defaultMode: mode,
  }),
  projected: object('ProjectedVolumeSource', 'Several sources in one folder.', {
    defaultMode: mode,
    sources: list(
      object('VolumeProjection', 'One of them.', {
        configMap: object('ConfigMapProjection', 'A ConfigMap.', {
          name: text('Its name.'),
          items: keyToPath,
          optional,
        }),
        secret: object('SecretProjection', 'A Secret.', { name: text('Its name.'), items: keyToPath, optional }),
        downwardAPI: object('DownwardAPIProjection', 'Facts about the pod.', { items: downwardItems }),
        serviceAccountToken: simplified(
          object('ServiceAccountTokenProjection', 'A token for the API.', {
            path: needed(text('The file.')),
            expirationSeconds: long('How long it holds.'),
            audience: text('For whom.'),
          }),
          'it looks like a token, and nobody checks it',
        ),
        clusterTrustBundle: external('ClusterTrustBundleProjection', 'Certificates.', {
          path: needed(text('The file.')),
          name: text('Its name.'),
          signerName: text('Of which signer.'),
          labelSelector: labelSelector('Which.'),
          optional,
        }),
        podCertificate: external('PodCertificateProjection', 'A certificate for the pod.', {
          signerName: needed(text('Signer.')),
          keyType: needed(text('Kind of key.')),
          maxExpirationSeconds: int('How long at most.'),
          credentialBundlePath: text('File.'),
          keyPath: text('File.'),
          certificateChainPath: text('File.'),
        }),
      }),
      'The sources.',
    ),
  }),
  ephemeral: external('EphemeralVolumeSource', 'A claim made for this pod alone.', {
    volumeClaimTemplate: object('PersistentVolumeClaimTemplate', 'The claim.', {
      metadata: objectMeta,
      spec: needed(claimSpec),
    }),
  }),
  nfs: external('NFSVolumeSource', 'An NFS share.', {
    server: needed(text('Server.')),
    path: needed(text('Path.')),
    readOnly,
  }),
  csi: external('CSIVolumeSource', 'A CSI driver’s volume.', {
    driver: needed(text('Driver.')),
    fsType,
    readOnly,
    volumeAttributes: textMap('For the driver.'),
    nodePublishSecretRef: secretRef,
  }),
  image: external('ImageVolumeSource', 'The files of an image.', {
    reference: text('The image.'),
    pullPolicy: text('When to pull.'),
  }),
  iscsi: external('ISCSIVolumeSource', 'An iSCSI disk.', {
    targetPortal: needed(text('Portal.')),
    iqn: needed(text('Name.')),
    lun: needed(int('Unit.')),
    iscsiInterface: text('Interface.'),
    fsType,
    readOnly,
    portals: texts('More portals.'),
    chapAuthDiscovery: bool('CHAP.'),
    chapAuthSession: bool('CHAP.'),
    secretRef,
    initiatorName: text('Initiator.'),
  }),
  fc: external('FCVolumeSource', 'A Fibre Channel disk.', {
    targetWWNs: texts('Targets.'),
    lun: int('Unit.'),
    fsType,
    readOnly,
    wwids: texts('Identifiers.'),
  }),
  cephfs: external('CephFSVolumeSource', 'A CephFS share.', {
    monitors: needed(texts('Monitors.')),
    path: text('Path.'),
    user: text('User.'),
    secretFile: text('File.'),
    secretRef,
    readOnly,
  }),
  rbd: external('RBDVolumeSource', 'A Ceph disk.', {
    monitors: needed(texts('Monitors.')),
    image: needed(text('Image.')),
    fsType,
    pool: text('Pool.'),
    user: text('User.'),
    keyring: text('File.'),
    secretRef,
    readOnly,
  }),
  glusterfs: external('GlusterfsVolumeSource', 'A GlusterFS share.', {
    endpoints: needed(text('Endpoints.')),
    path: needed(text('Path.')),
    readOnly,
  }),
  awsElasticBlockStore: external('AWSElasticBlockStoreVolumeSource', 'An AWS disk.', {
    volumeID: needed(text('Which.')),
    fsType,
    partition: int('Partition.'),
    readOnly,
  }),
  gcePersistentDisk: external('GCEPersistentDiskVolumeSource', 'A Google disk.', {
    pdName: needed(text('Which.')),
    fsType,
    partition: int('Partition.'),
    readOnly,
  }),
  azureDisk: external('AzureDiskVolumeSource', 'An Azure disk.', {
    diskName: needed(text('Which.')),
    diskURI: needed(text('Where.')),
    cachingMode: text('Caching.'),
    fsType,
    readOnly,
    kind: text('Kind.'),
  }),
  azureFile: external('AzureFileVolumeSource', 'An Azure share.', {
    secretName: needed(text('Credentials.')),
    shareName: needed(text('Which.')),
    readOnly,
  }),
  vsphereVolume: external('VsphereVirtualDiskVolumeSource', 'A vSphere disk.', {
    volumePath: needed(text('Which.')),
    fsType,
    storagePolicyName: text('Policy.'),
    storagePolicyID: text('Policy.'),
  }),
  cinder: external('CinderVolumeSource', 'An OpenStack disk.', {
    volumeID: needed(text('Which.')),
    fsType,
    readOnly,
    secretRef,
  }),
  flexVolume: external('FlexVolumeSource', 'An old plug-in’s volume.', {
    driver: needed(text('Driver.')),
    fsType,
    secretRef,
    readOnly,
    options: textMap('Options.'),
  }),
  gitRepo: external('GitRepoVolumeSource', 'A Git repository.', {
    repository: needed(text('Where.')),
    revision: text('Which.'),
    directory: text('Into which folder.'),
  }),
  portworxVolume: external('PortworxVolumeSource', 'A Portworx disk.', {
    volumeID: needed(text('Which.')),
    fsType,
    readOnly,
  }),
  scaleIO: external('ScaleIOVolumeSource', 'A ScaleIO disk.', {
    gateway: needed(text('Gateway.')),
    system: needed(text('System.')),
    secretRef,
    sslEnabled: bool('TLS.'),
    protectionDomain: text('Domain.'),
    storagePool: text('Pool.'),
    storageMode: text('Mode.'),
    volumeName: text('Which.'),
    fsType,
    readOnly,
  }),
  storageos: external('StorageOSVolumeSource', 'A StorageOS disk.', {
    volumeName: text('Which.'),
    volumeNamespace: text('Where.'),
    fsType,
    readOnly,
    secretRef,
  }),
  flocker: external('FlockerVolumeSource', 'A Flocker dataset.', {
    datasetName: text('Name.'),
    datasetUUID: text('Identifier.'),
  }),
  quobyte: external('QuobyteVolumeSource', 'A Quobyte share.', {
    registry: needed(text('Registry.')),
    volume: needed(text('Which.')),
    readOnly,
    user: text('User.'),
    group: text('Group.'),
    tenant: text('Tenant.'),
  }),
  photonPersistentDisk: external('PhotonPersistentDiskVolumeSource', 'A Photon disk.', {
    pdID: needed(text('Which.')),
    fsType,
  }),
})

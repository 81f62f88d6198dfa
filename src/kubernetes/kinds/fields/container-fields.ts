import {
  bool,
  choice,
  type Field,
  int,
  intOrText,
  list,
  long,
  map,
  needed,
  type ObjectField,
  object,
  quantity,
  simplified,
  text,
  texts,
  unmodelled,
} from '../schema'

const httpGet = object('HTTPGetAction', 'Asks a web server; any status from 200 to 399 is good.', {
  path: text('The path.'),
  port: needed(intOrText('The port: a number, or the name of one of the container’s ports.')),
  host: text('The host; the pod’s address when left out.'),
  scheme: choice(['HTTP', 'HTTPS'], 'http or https.'),
  httpHeaders: list(
    object('HTTPHeader', 'One header.', { name: needed(text('Name.')), value: needed(text('Value.')) }),
    'Headers to send.',
  ),
})
const tcpSocket = object('TCPSocketAction', 'Opens a connection; that it opens is enough.', {
  port: needed(intOrText('The port.')),
  host: text('The host; the pod’s address when left out.'),
})
const exec = object('ExecAction', 'Runs a command in the container; exit status 0 is good.', {
  command: texts('The command and its arguments; no shell is put around it.'),
})
const grpc = object('GRPCAction', 'Asks the gRPC health service.', {
  port: needed(int('The port.')),
  service: text('Which service to ask about.'),
})

const probe = (about: string): ObjectField =>
  object('Probe', about, {
    httpGet,
    tcpSocket,
    exec,
    grpc: simplified(grpc, 'answers when the port listens'),
    initialDelaySeconds: int('How long after the start of the container the first probe waits.'),
    timeoutSeconds: int('After how long a probe without answer has failed.'),
    periodSeconds: int('How often it is done.'),
    successThreshold: int('How many good ones in a row turn it good.'),
    failureThreshold: int('How many bad ones in a row turn it bad.'),
    terminationGracePeriodSeconds: long('How long the container may take to end when this probe kills it.'),
  })

const handler = (about: string): ObjectField =>
  object('LifecycleHandler', about, {
    exec,
    httpGet,
    sleep: object('SleepAction', 'Waits.', { seconds: needed(long('How many seconds.')) }),
    tcpSocket: unmodelled(tcpSocket, 'the kubelet ignores it too'),
  })

const selfReference = (name: string, about: string) =>
  object(name, about, {
    name: text('Its name.'),
    key: needed(text('The key in it.')),
    optional: bool('It may be missing.'),
  })

export const env = list(
  object('EnvVar', 'One environment variable.', {
    name: needed(text('Its name.')),
    value: text('Its value; $(NAME) stands for another variable’s.'),
    valueFrom: object('EnvVarSource', 'Where its value comes from.', {
      fieldRef: object('ObjectFieldSelector', 'A field of the pod itself.', {
        apiVersion: text('Of the path; v1.'),
        fieldPath: needed(text('metadata.name, metadata.namespace, metadata.uid, spec.nodeName, status.podIP, …')),
      }),
      resourceFieldRef: object('ResourceFieldSelector', 'A request or limit of a container.', {
        containerName: text('Which container.'),
        resource: needed(text('limits.cpu, requests.memory, …')),
        divisor: quantity('In which unit.'),
      }),
      configMapKeyRef: selfReference('ConfigMapKeySelector', 'A key of a ConfigMap.'),
      secretKeyRef: selfReference('SecretKeySelector', 'A key of a Secret.'),
      fileKeyRef: unmodelled(
        object('FileKeySelector', 'A key of a file in a volume.', {
          volumeName: needed(text('The volume.')),
          path: needed(text('The file.')),
          key: needed(text('The key.')),
          optional: bool('It may be missing.'),
        }),
      ),
    }),
  }),
  'Environment variables.',
  { mergeKey: 'name' },
)

const resourceList = (about: string) => map(quantity(''), about)
export const resources = object(
  'ResourceRequirements',
  'How much of the node the container asks for and may use at most.',
  {
    requests: resourceList('What is set aside for it; the scheduler counts these.'),
    limits: resourceList('More than this it never gets: CPU is throttled, memory kills.'),
    claims: unmodelled(
      list(
        object('ResourceClaim', 'A claim of the pod.', {
          name: needed(text('Its name.')),
          request: text('Which request in it.'),
        }),
        'Devices it uses.',
        { mergeKey: 'name' },
      ),
    ),
  },
)

const seccomp = object('SeccompProfile', 'Which system calls are allowed.', {
  type: needed(choice(['Localhost', 'RuntimeDefault', 'Unconfined'], 'Which profile.')),
  localhostProfile: text('A file on the node.'),
})
const appArmor = object('AppArmorProfile', 'What the kernel’s AppArmor allows.', {
  type: needed(choice(['Localhost', 'RuntimeDefault', 'Unconfined'], 'Which profile.')),
  localhostProfile: text('A profile loaded on the node.'),
})
const seLinux = object('SELinuxOptions', 'The SELinux context.', {
  user: text('User.'),
  role: text('Role.'),
  type: text('Type.'),
  level: text('Level.'),
})
const windows = object('WindowsSecurityContextOptions', 'For Windows containers.', {
  gmsaCredentialSpecName: text('Name of the credential spec.'),
  gmsaCredentialSpec: text('The credential spec.'),
  runAsUserName: text('User.'),
  hostProcess: bool('Run as a host process.'),
})
export const securityBits = {
  seccompProfile: unmodelled(seccomp, 'rights are not enforced'),
  appArmorProfile: unmodelled(appArmor, 'rights are not enforced'),
  seLinuxOptions: unmodelled(seLinux, 'rights are not enforced'),
  windowsOptions: unmodelled(windows, 'there are no Windows machines'),
}

const unenforced = <T extends Field>(field: T): T => unmodelled(field, 'rights are not enforced')
/** What pods and containers both may say. */
export const whoRuns = {
  runAsUser: simplified(long('The user’s number.'), 'programs see it; it forbids them nothing'),
  runAsGroup: simplified(long('The group’s number.'), 'programs see it; it forbids them nothing'),
  runAsNonRoot: bool('Refuse to run as root.'),
}

const containerSecurity = object('SecurityContext', 'As whom and with which rights the container runs.', {
  ...whoRuns,
  privileged: unenforced(bool('Everything allowed, as root on the node.')),
  allowPrivilegeEscalation: unenforced(bool('A process may gain more rights than its parent.')),
  readOnlyRootFilesystem: bool('The container’s own files cannot be changed.'),
  procMount: unenforced(text('How /proc is mounted.')),
  capabilities: unenforced(
    object('Capabilities', 'Rights of root, one by one.', { add: texts('Given.'), drop: texts('Taken.') }),
  ),
  ...securityBits,
})

const port = object(
  'ContainerPort',
  'One port the container listens on. It is documentation; but for hostPort nothing depends on it.',
  {
    containerPort: needed(int('The port inside.')),
    name: text('A name that services and probes may use.'),
    protocol: choice(['SCTP', 'TCP', 'UDP'], 'The protocol.'),
    hostPort: int('A port of the node itself that leads to the container.'),
    hostIP: unmodelled(text('Of which address of the node.')),
  },
)

const mount = object('VolumeMount', 'Where a volume appears in the container.', {
  name: needed(text('The volume’s name.')),
  mountPath: needed(text('Where it appears.')),
  readOnly: bool('It cannot be written.'),
  recursiveReadOnly: unmodelled(text('Read-only for mounts below it too.')),
  subPath: text('Only this folder or file of the volume; it does not follow a changed ConfigMap.'),
  subPathExpr: text('As subPath, with variables.'),
  mountPropagation: unmodelled(text('Which mounts are passed on.')),
})

const common = {
  name: needed(text('Its name, unique in the pod.')),
  image: text('What to run.'),
  command: texts('Replaces the image’s ENTRYPOINT.'),
  args: texts('Replaces the image’s CMD.'),
  workingDir: text('The folder it starts in.'),
  ports: list(port, 'The ports it listens on.', { mergeKey: 'containerPort' }),
  env,
  envFrom: list(
    object('EnvFromSource', 'All keys of one object.', {
      prefix: text('Put before each name.'),
      configMapRef: object('ConfigMapEnvSource', 'A ConfigMap.', {
        name: text('Its name.'),
        optional: bool('It may be missing.'),
      }),
      secretRef: object('SecretEnvSource', 'A Secret.', {
        name: text('Its name.'),
        optional: bool('It may be missing.'),
      }),
    }),
    'Environment variables out of ConfigMaps and Secrets.',
  ),
  resources,
  resizePolicy: unmodelled(
    list(
      object('ContainerResizePolicy', 'For one resource.', {
        resourceName: needed(text('Which.')),
        restartPolicy: needed(text('NotRequired or RestartContainer.')),
      }),
      'Whether a change of resources restarts it.',
    ),
  ),
  volumeMounts: list(mount, 'The volumes it sees.', { mergeKey: 'mountPath' }),
  volumeDevices: unmodelled(
    list(
      object('VolumeDevice', 'A raw block device.', {
        name: needed(text('Its volume.')),
        devicePath: needed(text('Where it appears.')),
      }),
      'Block devices it sees.',
      { mergeKey: 'devicePath' },
    ),
  ),
  livenessProbe: probe('When it fails, the container is restarted.'),
  readinessProbe: probe('While it fails, services send nothing here.'),
  startupProbe: probe('Until it succeeds, the other probes wait.'),
  lifecycle: object('Lifecycle', 'Things done after the start and before the end.', {
    postStart: handler('Done right after the start; until it is over the container does not count as running.'),
    preStop: handler('Done before the container is told to end; it counts against the grace period.'),
    stopSignal: text('The signal that ends it, in place of the image’s.'),
  }),
  terminationMessagePath: unmodelled(text('The file from which the last message is read.')),
  terminationMessagePolicy: unmodelled(choice(['FallbackToLogsOnError', 'File'], 'Where the last message comes from.')),
  imagePullPolicy: choice(['Always', 'IfNotPresent', 'Never'], 'When the image is pulled.'),
  securityContext: containerSecurity,
  stdin: simplified(bool('Keep standard input open.'), 'nothing can be attached to it'),
  stdinOnce: unmodelled(bool('Close it after the first who attached.')),
  tty: simplified(bool('Give it a terminal.'), 'output looks the same'),
  restartPolicy: text('Always, on an init container, makes it a sidecar.'),
  restartPolicyRules: unmodelled(
    list(
      object('ContainerRestartRule', 'One rule.', {
        action: needed(text('What to do.')),
        exitCodes: object('ContainerRestartRuleOnExitCodes', 'On which exit codes.', {
          operator: needed(text('In or NotIn.')),
          values: list(int(''), 'The codes.'),
        }),
      }),
      'Restart rules by exit code.',
    ),
  ),
} satisfies Record<string, Field>

export const container = object('Container', 'One container of the pod.', common)
export const ephemeralContainer = object('EphemeralContainer', 'A container added for debugging.', {
  ...common,
  targetContainerName: text('Whose processes it sees.'),
})

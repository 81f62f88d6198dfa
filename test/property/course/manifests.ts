/** One Deployment as a learner may write it. */
export interface Web {
  readonly replicas: number
  readonly cpuMillis: number
  readonly recreate: boolean
  readonly surge: number
  readonly unavailable: number
  readonly probe: boolean
  readonly minReadySeconds: number
}

export interface Job {
  readonly parallelism: number
  readonly completions: number
  readonly indexed: boolean
  readonly seconds: number
  readonly exit: number
  readonly onFailure: boolean
  readonly backoffLimit: number
  readonly replaceFailedOnly: boolean
}

export const web = (name: string, one: Web, image = 'nginx:1.27'): string => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  replicas: ${one.replicas}
  minReadySeconds: ${one.minReadySeconds}
  selector: {matchLabels: {app: ${name}}}
  strategy: ${one.recreate ? '{type: Recreate}' : `{type: RollingUpdate, rollingUpdate: {maxSurge: ${one.surge}, maxUnavailable: ${one.unavailable}}}`}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      terminationGracePeriodSeconds: 5
      containers:
        - name: web
          image: ${image}
          volumeMounts: [{name: settings, mountPath: /settings}]
          ${one.cpuMillis === 0 ? '' : `resources: {requests: {cpu: ${one.cpuMillis}m, memory: 64Mi}}`}
          ${one.probe ? 'readinessProbe: {httpGet: {port: 80, path: /}, periodSeconds: 2}' : ''}
      volumes: [{name: settings, configMap: {name: settings}}]
---
apiVersion: v1
kind: Service
metadata: {name: ${name}}
spec:
  selector: {app: ${name}}
  ports: [{port: 80}]
`

const jobSpec = (one: Job, indent: string): string =>
  [
    `parallelism: ${one.parallelism}`,
    `completions: ${one.completions}`,
    `completionMode: ${one.indexed ? 'Indexed' : 'NonIndexed'}`,
    `backoffLimit: ${one.backoffLimit}`,
    `podReplacementPolicy: ${one.replaceFailedOnly ? 'Failed' : 'TerminatingOrFailed'}`,
    'template:',
    '  spec:',
    `    restartPolicy: ${one.onFailure ? 'OnFailure' : 'Never'}`,
    '    terminationGracePeriodSeconds: 5',
    '    containers:',
    `      - {name: work, image: "busybox:1.36", command: [sh, -c, "sleep ${one.seconds}; exit ${one.exit}"]}`,
  ]
    .map((line) => `${indent}${line}\n`)
    .join('')

export const job = (name: string, one: Job): string => `
apiVersion: batch/v1
kind: Job
metadata: {name: ${name}}
spec:
${jobSpec(one, '  ')}`

export const cronJob = (name: string, policy: string, one: Job): string => `
apiVersion: batch/v1
kind: CronJob
metadata: {name: ${name}}
spec:
  schedule: "* * * * *"
  concurrencyPolicy: ${policy}
  jobTemplate:
    spec:
${jobSpec(one, '      ')}`

export const daemonSet = (name: string, surging: boolean): string => `
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: ${name}}
spec:
  selector: {matchLabels: {app: ${name}}}
  updateStrategy: {type: RollingUpdate, rollingUpdate: ${surging ? '{maxSurge: 1, maxUnavailable: 0}' : '{maxUnavailable: 1}'}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      terminationGracePeriodSeconds: 5
      containers: [{name: agent, image: "nginx:1.27"}]
`

import { describe, expect, test } from 'vitest'
import { checkManifest, customKindsIn } from '../../src/kubernetes'

const deployment = (container: string, more = '') => `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - ${container}
${more}`
const good = deployment('{name: web, image: nginx}')

describe('verdicts', () => {
  test.each([
    ['a deployment', good, 'ok'],
    [
      'a deployment and a service',
      `${good}---\napiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\n`,
      'ok',
    ],
    [
      'a field that is not modelled',
      deployment('{name: web, image: nginx, securityContext: {runAsUser: 1}}'),
      'partly',
    ],
    ['an empty field that would not be modelled', deployment('{name: web, image: nginx, securityContext: {}}'), 'ok'],
    [
      'a kind that is not modelled',
      'apiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata: {name: c}\nhandler: runsc\n',
      'partly',
    ],
    [
      'a kind that is not modelled, with a wrong field',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndate: {a: b}\n',
      'refused',
    ],
    [
      'a job that would always restart',
      'apiVersion: batch/v1\nkind: Job\nmetadata: {name: j}\nspec: {template: {spec: {containers: [{name: a, image: a}]}}}\n',
      'refused',
    ],
    ['a removed version', good.replace('apps/v1', 'apps/v1beta1'), 'refused'],
    ['a mistyped field', good.replace('selector', 'selecter'), 'refused'],
    ['a wrong type', good.replace('spec:\n  selector', 'spec:\n  replicas: "3"\n  selector'), 'refused'],
    ['the worst of several', `${good}---\napiVersion: v1\nkind: Foo\nmetadata: {name: x}\n`, 'refused'],
    [
      'a kustomization',
      'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [a.yaml]\n',
      'skipped',
    ],
    ['values', 'image: nginx\nreplicas: 3\n', 'skipped'],
    ['a template', 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Values.name }}\n{{- if .x }}\n', 'skipped'],
    ['nothing', '# nothing\n---\n', 'skipped'],
    ['no YAML', 'a: [1\nb: 2\n', 'refused'],
  ])('%s: %s', (_, text, want) => {
    expect(checkManifest(text).verdict).toBe(want)
  })
})

test('notices have their line and path', () => {
  const text = deployment('name: web\n        image: nginx\n        securityContext:\n          privileged: true')
  const { notices } = checkManifest(`# a comment\n---\n${text}`)
  expect(notices).toEqual([
    {
      line: 15,
      path: 'spec.template.spec.containers[0].securityContext.privileged',
      label: 'not modelled',
      text: 'privileged is accepted but not modelled: rights are not enforced',
    },
  ])
})

test('a label holds only for the values that it is about', () => {
  const service = (near: string) =>
    `apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {trafficDistribution: ${near}, ports: [{port: 80}]}\n`
  expect(checkManifest(service('PreferClose')).verdict).toBe('ok')
  expect(checkManifest(service('PreferSameNode')).notices.map(({ path }) => path)).toEqual(['spec.trafficDistribution'])
})

test('a refusal has the API’s words and its line', () => {
  expect(checkManifest(good.replace('image', 'imgae'))).toMatchObject({
    verdict: 'refused',
    line: 10,
    problem:
      'Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.template.spec.containers[0].imgae"',
  })
})

test('custom kinds need their definition', () => {
  const crd = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec: {group: example.com, names: {kind: Widget, plural: widgets}, scope: Namespaced, versions: [{name: v1, served: true, storage: true}]}
`
  const widget = 'apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w}\nspec: {size: 3}\n'
  expect(checkManifest(widget).verdict).toBe('refused')
  expect(checkManifest(widget, { customKinds: new Set(customKindsIn(crd)) }).verdict).toBe('partly')
})

describe('what upstream refuses is refused in its words', () => {
  const slice = (more: string) =>
    `apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: x}\naddressType: IPv4\n${more}\n`
  const cron = (schedule: string) => `apiVersion: batch/v1
kind: CronJob
metadata: {name: x}
spec: {schedule: "${schedule}", jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: b}]}}}}}
`
  test.each<[text: string, problem: string]>([
    [slice('endpoints: [{}]'), 'endpoints[0].addresses: Required value: must contain at least 1 address'],
    [
      slice('endpoints: [{addresses: [nowhere]}]'),
      'endpoints[0].addresses[0]: Invalid value: "nowhere": must be a valid IPv4 address',
    ],
    [slice('endpoints: []\nports: [{port: 1}, {port: 2}]'), 'ports[1].name: Duplicate value: ""'],
    [
      'apiVersion: v1\nkind: LimitRange\nmetadata: {name: x}\nspec: {limits: [{type: Box}]}\n',
      'spec.limits[0].type: Invalid value: "Box": must be a standard limit type or fully qualified',
    ],
    [
      'apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: x}\nspec: {hard: {pods: 1.5}}\n',
      'spec.hard[pods]: Invalid value: "1500m": must be an integer',
    ],
    [
      'apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: x}\nspec: {minAvailable: true}\n',
      'cannot unmarshal bool into Go struct field PodDisruptionBudgetSpec.spec.minAvailable of type int32',
    ],
    [cron('*/-5 * * * *'), 'negative number (-5) not allowed: -5'],
    [cron('*/99999999999999999999 * * * *'), 'strconv.Atoi: parsing "99999999999999999999": value out of range'],
  ])('%s', (text, problem) => {
    const { verdict, problem: told } = checkManifest(text)
    expect(verdict).toBe('refused')
    expect(told).toContain(problem)
  })

  test('a step longer than the range is allowed', () => {
    expect(checkManifest(cron('*/99999999999 * * * *')).verdict).toBe('ok')
  })
})

import { describe, expect, test } from 'vitest'
import { enoughNodes } from '../../../src/kubernetes/scheduler/algorithm'
import { readConfiguration } from '../../../src/kubernetes/scheduler/configuration'
import type { Profile } from '../../../src/kubernetes/scheduler/profiles'

const HEADER = 'apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n'

function profile(text: string, name = 'default-scheduler'): Profile {
  const read = readConfiguration(HEADER + text)
  if ('error' in read) throw new Error(read.error)
  return read.profiles.get(name)!
}
const names = (given: Profile, does: 'filter' | 'score') =>
  given.plugins.filter((plugin) => plugin[does] !== undefined).map((plugin) => plugin.name)

describe('a profile', () => {
  test('without anything said is the default, in the order of the real one', () => {
    const given = profile('')
    expect(names(given, 'filter')).toEqual([
      'NodeUnschedulable',
      'NodeName',
      'TaintToleration',
      'NodeAffinity',
      'NodePorts',
      'NodeResourcesFit',
      'PodTopologySpread',
      'InterPodAffinity',
    ])
    expect(
      Object.fromEntries(given.plugins.filter((one) => one.score).map(({ name, weight }) => [name, weight])),
    ).toEqual({
      TaintToleration: 3,
      NodeAffinity: 2,
      NodeResourcesFit: 1,
      PodTopologySpread: 2,
      InterPodAffinity: 2,
      NodeResourcesBalancedAllocation: 1,
      ImageLocality: 1,
    })
    expect(given.preempts).toBe(true)
  })
  test('a plugin may be off altogether, or at one point only, or weigh more', () => {
    const given = profile(`profiles:
- plugins:
    multiPoint: {disabled: [{name: NodePorts}, {name: DefaultPreemption}]}
    filter: {disabled: [{name: TaintToleration}]}
    score: {disabled: [{name: ImageLocality}], enabled: [{name: NodeAffinity, weight: 9}]}
`)
    expect(names(given, 'filter')).not.toContain('NodePorts')
    expect(names(given, 'filter')).not.toContain('TaintToleration')
    expect(names(given, 'score')).toContain('TaintToleration')
    expect(names(given, 'score')).not.toContain('ImageLocality')
    expect(given.plugins.find(({ name }) => name === 'NodeAffinity')?.weight).toBe(9)
    expect(given.preempts).toBe(false)
  })
  test('all off but one: only that one scores', () => {
    const given = profile(
      "profiles: [{plugins: {score: {disabled: [{name: '*'}], enabled: [{name: NodeResourcesFit, weight: 3}]}}}]",
    )
    expect(names(given, 'score')).toEqual(['NodeResourcesFit'])
  })
})

test('what nothing follows from is told', () => {
  const read = readConfiguration(
    `${HEADER}extenders: [{urlPrefix: x}]\nparallelism: 8\nprofiles: [{pluginConfig: [{name: VolumeBinding, args: {bindTimeoutSeconds: 5}}]}]\n`,
  )
  expect('error' in read ? read.error : read.leftOut).toEqual(['extenders', 'parallelism', 'VolumeBindingArgs'])
})

test.each([
  ['foo: [bar', /did not find|flow sequence|yaml/i],
  ['kind: Deployment\napiVersion: apps/v1\n', /^no kind "Deployment" is registered for version "apps\/v1"/],
  [`${HEADER}percentageOfNodesToScore: 101\n`, /^percentageOfNodesToScore: Invalid value: 101/],
  [`${HEADER}podInitialBackoffSeconds: 20\n`, /^podMaxBackoffSeconds: Invalid value: 10/],
  [
    `${HEADER}profiles: [{schedulerName: a}, {schedulerName: a}]\n`,
    /^profiles\[1\].schedulerName: Duplicate value: "a"/,
  ],
  [`${HEADER}profiles: [{plugins: {score: {enabled: [{name: Foo}]}}}]\n`, /ScoreEnabled plugin "Foo" does not exist$/],
  [`${HEADER}profiles: [{pluginConfig: 7}]\n`, /^json: cannot unmarshal number into Go struct field/],
  [
    `${HEADER}profiles: [{pluginConfig: [{name: PodTopologySpread, args: {defaultingType: List, defaultConstraints: [null]}}]}]\n`,
    /^args.defaultConstraints\[0\].maxSkew: Invalid value: 0/,
  ],
  [`${HEADER}profiles: [{plugins: {score: {enabled: [null]}}}]\n`, /Enabled plugin "undefined" does not exist$/],
  [`${HEADER}foo: 1\n`, /^strict decoding error: unknown field "foo"$/],
  [
    `${HEADER}profiles: [{pluginConfig: [{name: NodeAffinity, args: {addedAffinity: 5}}]}]\n`,
    /^decoding args for plugin "NodeAffinity": json: cannot unmarshal/,
  ],
])('a configuration that kube-scheduler would not start with: %s', (text, error) => {
  const read = readConfiguration(text)
  expect('error' in read ? read.error : 'none').toMatch(error)
})

test.each([
  [50, 0, 50],
  [100, 0, 100],
  [1000, 0, 420],
  [6000, 0, 300],
  [5000, 0, 500],
  [1000, 30, 300],
  [200, 10, 100],
  [1000, 100, 1000],
])('of %d nodes (%d %%) so many feasible ones are enough: %d', (nodes, percentage, enough) => {
  expect(enoughNodes(nodes, percentage)).toBe(enough)
})

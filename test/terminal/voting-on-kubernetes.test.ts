import { expect, test } from 'vitest'
import type { Json, Room, Wish } from '../../src/engine'
import { Simulation } from '../../src/engine'
import { kubernetes, kubernetesGenesis } from '../../src/kubernetes'
import type { ApiReply, ApiRequest } from '../../src/kubernetes/api/request'
import { apiServer } from '../../src/kubernetes/api/server'
import { Pod } from '../../src/kubernetes/kinds/pod'
import {
  Container,
  LocalImage,
  localImage,
  localName,
  machineKey,
  Output,
  Process,
  platform,
  readLogs,
  resolveImage,
} from '../../src/platform'
import { newProcess } from '../../src/platform/shell/process'
import { shellController } from '../../src/platform/shell/shell'
import { kubernetesLab } from '../../src/terminal/lab/lab'
import { tools } from '../../src/terminal/tools'

const because = { id: 'test' }

function cluster() {
  const lab = kubernetesLab(3)
  const images = [
    'registry.k8s.io/kube-proxy:v1.34.2',
    'registry.k8s.io/coredns/coredns:v1.12.1',
    'registry.k8s.io/etcd:3.6.4-0',
    'registry.k8s.io/kube-apiserver:v1.34.2',
    'registry.k8s.io/kube-controller-manager:v1.34.2',
    'registry.k8s.io/kube-scheduler:v1.34.2',
  ]
  const genesis: Wish[] = lab.machines.map((machine) => ({ key: machineKey(machine.name), value: machine, because }))
  for (const machine of lab.machines) {
    for (const image of images) {
      const found = resolveImage(image)
      if (found.found !== 'missing')
        genesis.push({
          key: LocalImage.key(machine.name, localName(image)),
          value: localImage(machine.name, localName(image), found.image, 0),
          because,
        })
    }
  }
  genesis.push(...kubernetesGenesis({ machines: lab.machines, seed: 1, at: -60_000 }))
  const key = Process.key('terminal', 'main')
  genesis.push({
    key,
    value: newProcess({
      owner: key,
      machine: 'laptop',
      output: 'terminal',
      shell: 'bash',
      interactive: true,
      base: { '/tmp/.keep': '' },
      mounts: [{ path: '/', scope: 'desk' }],
    }),
    because,
  })
  const replies: ApiReply[] = []
  const hands: Room = {
    name: 'test',
    controllers: [
      {
        name: 'hands',
        about: 'a client',
        watches: [],
        reconcile: (_about, _world, given) =>
          void replies.push(given.ask(apiServer, given.message.body as unknown as ApiRequest)),
      },
    ],
    doors: [],
    sentences: {},
  }
  const simulation = new Simulation({
    rooms: [
      platform,
      kubernetes,
      { name: 'shell', controllers: [shellController(tools)], doors: [], sentences: {} },
      hands,
    ],
    seed: 1,
    genesis,
    start: -60_000,
  })
  simulation.run({ until: 0 })
  const world = simulation.store
  return {
    simulation,
    world,
    pass: (seconds: number) => simulation.run({ until: simulation.now + seconds * 1000 }),
    create(group: string, resource: string, body: object) {
      const request: ApiRequest = {
        verb: 'create',
        resource: { group, version: 'v1', resource },
        namespace: 'default',
        body,
        from: 'laptop',
      }
      simulation.input({ to: 'hands', about: resource, body: request as unknown as Json, says: `created ${resource}` })
      simulation.run({ until: simulation.now })
      expect(replies[replies.length - 1]).toMatchObject({ ok: true })
    },
    run(line: string) {
      const from = world.get(key)!.printed
      const given = simulation.input({ to: 'shell', about: key, body: { do: 'line', text: line }, says: line })
      simulation.run({
        until: simulation.now + 3_600_000,
        stop: () => world.head(key)!.at >= given.at && world.head(key)!.value.printed > from && !world.get(key)!.busy,
      })
      return world
        .list(Output, { scope: 'terminal' })
        .slice(from)
        .filter(({ value }) => value.stream !== 'in')
        .map(({ value }) => value.text)
        .join('')
    },
    log: (name: string) =>
      world
        .list(Container)
        .filter(({ value }) => value.spec.labels['container'] === name)
        .flatMap(({ key: container }) => readLogs(world, container).map(({ text }) => text)),
  }
}
type Here = ReturnType<typeof cluster>

function deploy(here: Here, name: string, image: string, env: Record<string, string> = {}) {
  const labels = { app: name }
  const variables = Object.entries(env).map(([variable, value]) => ({ name: variable, value }))
  here.create('apps', 'deployments', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'default' },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name, image, env: variables }] } },
    },
  })
}

function serve(here: Here, name: string, port: number, nodePort?: number) {
  here.create('', 'services', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'default' },
    spec: {
      type: nodePort === undefined ? 'ClusterIP' : 'NodePort',
      selector: { app: name },
      ports: [{ port, targetPort: port, ...(nodePort === undefined ? {} : { nodePort }) }],
    },
  })
}

test('the voting application on a cluster: votes travel, and it recovers from the loss of redis', () => {
  const here = cluster()
  deploy(here, 'vote', 'dockersamples/examplevotingapp_vote')
  deploy(here, 'result', 'dockersamples/examplevotingapp_result')
  deploy(here, 'worker', 'dockersamples/examplevotingapp_worker')
  deploy(here, 'redis', 'redis:alpine')
  deploy(here, 'db', 'postgres:15-alpine', { POSTGRES_USER: 'postgres', POSTGRES_PASSWORD: 'postgres' })
  serve(here, 'vote', 80, 31000)
  serve(here, 'result', 80, 31001)
  serve(here, 'redis', 6379)
  serve(here, 'db', 5432)
  here.pass(120)
  const pods = here.world.list(Pod).filter(({ value }) => value.metadata.namespace === 'default')
  expect(pods.map(({ value }) => value.status.phase)).toEqual(['Running', 'Running', 'Running', 'Running', 'Running'])
  expect(here.run('curl -s -o /dev/null -w "%{http_code}\\n" -d vote=a http://worker-1:31000')).toBe('200\n')
  here.pass(3)
  expect(here.run('curl -s http://worker-2:31001 | grep -o "[0-9]* vote"')).toBe('1 vote\n')
  expect(here.log('worker').filter((line) => line.startsWith("Processing vote for 'a'"))).toHaveLength(1)
  here.run('sim fault container-kill redis; echo')
  here.pass(60)
  expect(here.run('curl -s -o /dev/null -w "%{http_code}\\n" -d vote=b http://worker-3:31000')).toBe('200\n')
  here.pass(5)
  expect(here.run('curl -s http://worker-2:31001 | grep -o "[0-9]* vote"')).toBe('2 vote\n')
})

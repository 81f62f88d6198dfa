// @ts-nocheck
// A stand-in for the real session, to see the page live before there is one. Not for shipping.
import { type Change, defineKind, edit, LAB_EPOCH, type Room, rfc3339, Simulation, type Wish, why as whyOf, type World } from '../../engine'
import { Deployment } from '../../kubernetes/kinds/deployment'
import { Event } from '../../kubernetes/kinds/event'
import { Node } from '../../kubernetes/kinds/node'
import { Pod } from '../../kubernetes/kinds/pod'
import { ReplicaSet } from '../../kubernetes/kinds/replicaset'
import { EndpointSlice, Service } from '../../kubernetes/kinds/service'
import { Container } from '../../platform/container/container'
import { Fault, Machine } from '../../platform/machine/machine'
import type { BranchInfo, FileText, Marker, OutputChunk, SentenceLine, Verdict, WhyLine } from './protocol'

const stamp = (now: number) => rfc3339(LAB_EPOCH + now)
const Line = defineKind<OutputChunk>('rehearsal/Line', { about: 'printed', quiet: true })
const workers = ['worker-1', 'worker-2', 'worker-3']
const because = (id: string, values: Record<string, string | number> = {}, of?: number[]) => ({ id, values, of })
const letters = 'bcdfghjklmnpqrstvwxz2456789'
const suffix = (n: number) => Array.from({ length: 5 }, (_, i) => letters[(n * 7919 + i * 104729 + ((n * (i + 3)) % 17)) % letters.length]).join('')

function deploymentWishes(name: string, replicas: number, revision: number, cpu: string): Wish[] {
  const template = { metadata: { labels: { app: name } }, spec: { containers: [{ name, image: `${name}:1.${revision}`, resources: { requests: { cpu, memory: '256Mi' } } }] } }
  const uid = `deployment-${name}`
  const hash = `7c9d85f6b${'abcdefgh'[revision]}`
  const meta = (kindName: string, id: string) => ({ name: kindName, namespace: 'default', uid: id, creationTimestamp: stamp(0) })
  return [
    { key: Deployment.key('default', name), because: because('created', { name }), value: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: meta(name, uid), spec: { replicas, selector: {}, template, strategy: { type: 'RollingUpdate' }, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 }, status: {} } as Deployment },
    {
      key: ReplicaSet.key('default', `${name}-${hash}`),
      because: because('rs', { replicas }),
      value: {
        apiVersion: 'apps/v1', kind: 'ReplicaSet',
        metadata: { ...meta(`${name}-${hash}`, `rs-${name}`), annotations: { 'deployment.kubernetes.io/revision': String(revision) }, ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name, uid, controller: true }] },
        spec: { replicas, selector: {}, template }, status: { replicas: 0 },
      } as ReplicaSet,
    },
  ]
}

const hand: Room = {
  name: 'rehearsal',
  doors: [],
  sentences: {
    created: (v) => `made ${v.name}`, rs: (v) => [`wants ${v.replicas}`, 'the template is new'], pod: (v) => ['made it', `${v.wanted} wanted, ${v.counted} counted`],
    bound: (v) => [`chose ${v.node}`, `${v.score} points; ${v.other} had ${v.second}`], started: (v) => [`started it on ${v.node}`, 'image was there already: 0 s to pull'],
    ready: () => 'found it ready', notready: (v) => [`tainted ${v.node}`, `last lease at 0:14.3: more than 50 s old`], evict: (v) => [`deleted ${v.pod}`, 'its 300 s on an unreachable node were over'],
    status: () => 'counted', genesis: () => 'was there from the beginning', printed: () => 'printed', power: (v) => `switched off ${v.node}`, gone: () => 'is gone', slice: () => 'listed the addresses', heal: (v) => `gave power back to ${v.node}`,
  },
  controllers: [
    {
      name: 'replicaset-controller', about: '', watches: [{ kind: ReplicaSet }, { kind: Pod, wake: (c, w) => owner(c, w), after: 40 }],
      reconcile(about, world, tools) {
        const set = world.get(about as string & { __value?: ReplicaSet })
        if (!set) return undefined
        const mine = world.list(Pod, { controller: set.metadata.uid })
        const alive = mine.filter((p) => !p.value.metadata.deletionTimestamp)
        const from = world.head(about)!.revision
        const changes: Wish[] = []
        for (let i = alive.length; i < set.spec.replicas; i++) {
          const name = `${set.metadata.name}-${suffix(world.revision + i * 31)}`
          changes.push({
            key: Pod.key('default', name), because: because('pod', { wanted: set.spec.replicas, counted: alive.length }, [mine.at(-1)?.value.metadata.deletionTimestamp ? mine.at(-1)!.revision : from]),
            value: { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default', uid: tools.uid(Pod.key('default', name)), creationTimestamp: stamp(world.now), labels: { app: set.spec.template.metadata!.labels!['app']! }, ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: set.metadata.name, uid: set.metadata.uid, controller: true }] }, spec: set.spec.template.spec, status: { phase: 'Pending' } } as Pod,
          })
        }
        for (const extra of alive.slice(set.spec.replicas)) changes.push({ key: extra.key, because: because('pod', { wanted: set.spec.replicas, counted: alive.length }, [from]), value: edit(extra.value, (p) => void (p.metadata.deletionTimestamp = stamp(world.now))) })
        const name = set.metadata.ownerReferences![0]!.name
        const ready = alive.filter((p) => p.value.status.conditions?.[0]?.status === 'True')
        const deployment = world.get(Deployment.key('default', name))
        if (deployment && deployment.status.readyReplicas !== ready.length) changes.push({ key: Deployment.key('default', name), quiet: true, because: because('status'), value: edit(deployment, (d) => void (d.status = { readyReplicas: ready.length })) })
        const slice = world.get(EndpointSlice.key('default', `${name}-x`))
        if (slice) changes.push({ key: EndpointSlice.key('default', `${name}-x`), quiet: true, because: because('slice'), value: edit(slice, (s) => void (s.endpoints = alive.filter((p) => p.value.spec.nodeName).map((p) => ({ addresses: [], conditions: { ready: ready.includes(p) }, targetRef: { kind: 'Pod', name: p.value.metadata.name, uid: p.uid } })))) })
        return { changes }
      },
    },
    {
      name: 'kube-scheduler', about: '', watches: [{ kind: Pod, wake: (c) => (c.value && !c.value.spec.nodeName ? c.key : undefined), after: 90 }, { kind: Node, wake: (_, w) => w.list(Pod, { unbound: 'yes' }).map((c) => c.key) }],
      reconcile(about, world) {
        const pod = world.get(about as string & { __value?: Pod })
        if (!pod || pod.spec.nodeName || pod.metadata.deletionTimestamp) return undefined
        const big = pod.spec.containers[0]!.resources!.requests!['cpu'] === '3'
        const nodes = workers.filter((w) => !world.get(Node.key('', w))?.spec.taints?.length).map((w) => ({ w, n: world.list(Pod, { node: w }).length })).sort((a, b) => a.n - b.n || (a.w < b.w ? -1 : 1))
        if (big || nodes.length === 0) {
          if (pod.status.conditions) return undefined
          return { changes: [{ key: about, because: because('status'), value: edit(pod, (p) => void (p.status.conditions = [{ type: 'PodScheduled', status: 'False', message: '0/4 nodes are available: 1 node(s) had untolerated taint, 3 Insufficient cpu.' }])) }] }
        }
        return { changes: [{ key: about, because: because('bound', { node: nodes[0]!.w, score: 87, other: nodes[1]?.w ?? '-', second: 74 }, [world.list(Pod).find((c) => c.key === about)!.revision]), value: edit(pod, (p) => void (p.spec.nodeName = nodes[0]!.w)) }] }
      },
    },
    {
      name: 'kubelet', about: '', watches: [{ kind: Pod, after: 1100 }],
      reconcile(about, world, tools) {
        const pod = world.get(about as string & { __value?: Pod })
        if (!pod?.spec.nodeName) return undefined
        const machine = world.get(Machine.key('', pod.spec.nodeName))
        if (machine?.power === 'off') return undefined
        if (pod.metadata.deletionTimestamp) return { changes: [{ key: about, value: undefined, because: because('gone') }, ...world.list(Container, { owner: pod.metadata.uid }).map((c) => ({ key: c.key, value: undefined, because: because('gone') }))] }
        const state = pod.status.containerStatuses?.[0]
        const node = pod.spec.nodeName
        const status = (ready: boolean, running: boolean): Pod['status'] => ({ phase: 'Running', conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: stamp(world.now) }], containerStatuses: [{ name: 'c', state: running ? { running: { startedAt: stamp(world.now) } } : { waiting: { reason: 'ContainerCreating' } }, lastState: {}, ready, restartCount: 0, image: '', imageID: '' }] })
        if (!state) return { changes: [{ key: about, because: because('started', { node }, [world.head(about)!.revision]), value: edit(pod, (p) => void (p.status = status(false, false) as any)) }], again: 100 }
        if (pod.metadata.name.startsWith('vote') && pod.metadata.name.charCodeAt(16) % 2 === 0 && state.restartCount < 6) {
          if (world.now % 5 !== tools.message.at % 5) return undefined
          return { again: 9000, changes: [{ key: about, because: because('started', { node }), value: edit(pod, (p) => void (p.status.containerStatuses = [{ ...state, state: { waiting: { reason: 'CrashLoopBackOff' } }, restartCount: state.restartCount + 1 }])) }] }
        }
        if (!state.ready) return { changes: [{ key: about, because: because('ready', { node }, [world.head(about)!.revision]), value: edit(pod, (p) => void (p.status = status(true, true) as any)) }, { key: Container.key(node, `c-${pod.metadata.name}`), quiet: true, because: because('started', { node }), value: { id: '', name: '', machine: node, spec: { labels: { owner: pod.metadata.uid } }, state: 'running', cpuMillis: 90 + (pod.metadata.name.charCodeAt(15) % 9) * 30, memoryBytes: (180 + (pod.metadata.name.charCodeAt(16) % 9) * 60) * 1024 * 1024 } as any }] }
        return undefined
      },
    },
    {
      name: 'node-lifecycle', about: '', watches: [{ kind: Machine, after: 50_000 }],
      reconcile(about, world) {
        const machine = world.get(about as string & { __value?: Machine })!
        if (machine.role === 'outside') return undefined
        const key = Node.key('', machine.name)
        const node = world.get(key)!
        const off = machine.power === 'off'
        if (off === node.status.conditions.some((c) => c.status === 'Unknown')) return undefined
        return { changes: [{ key, because: because('notready', { node: machine.name }, [world.head(about)!.revision]), value: edit(node, (n) => { n.status.conditions = [{ type: 'Ready', status: off ? 'Unknown' : 'True' }]; n.spec.taints = off ? [{ key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' }] : [] }) }] }
      },
    },
    {
      name: 'taint-eviction', about: '', watches: [{ kind: Node, after: 30_000 }],
      reconcile(about, world) {
        const node = world.get(about as string & { __value?: Node })!
        if (!node.spec.taints?.some((t) => t.effect === 'NoExecute')) return undefined
        return { changes: world.list(Pod, { node: node.metadata.name }).filter((p) => p.value.metadata.namespace === 'default' && !p.value.metadata.deletionTimestamp).map((p) => ({ key: p.key, because: because('evict', { pod: p.value.metadata.name }, [world.head(about)!.revision]), value: edit(p.value, (d) => void (d.metadata.deletionTimestamp = stamp(world.now))) })) }
      },
    },
    {
      name: 'you', about: '', watches: [],
      reconcile(_about, world, tools) {
        const body = tools.message.body as any
        if (body.print) {
          const n = world.list(Line).length + 1
          return { changes: (body.print as [OutputChunk['stream'], string][]).map(([stream, text], i) => ({ key: Line.key('', String(n + i)), because: because('printed'), value: { n: n + i, at: world.now, revision: world.revision, stream, text } })) , post: body.then ? [{ to: 'you', about: '', body: body.then, after: 90 }] : [] }
        }
        if (body.scale) {
          const set = world.list(ReplicaSet).find((c) => c.value.metadata.ownerReferences?.[0]?.name === body.scale)!
          const deployment = Deployment.key('default', body.scale)
          return { changes: [{ key: deployment, because: because('created', { name: body.scale }), value: edit(world.get(deployment)!, (d) => void (d.spec.replicas = body.to)) }, { key: set.key, because: because('rs', { replicas: body.to }), value: edit(set.value, (s) => void (s.spec.replicas = body.to)) }] }
        }
        if (body.create) return { changes: deploymentWishes(body.create, body.replicas, 1, '100m') }
        if (body.deletePod) return { changes: [{ key: body.deletePod, because: because('gone'), value: edit(world.get<Pod>(body.deletePod)!, (p) => void (p.metadata.deletionTimestamp = stamp(world.now))) }] }
        if (body.power) {
          const key = Machine.key('', body.of)
          const fault = Fault.key('', `power-off ${body.of}`)
          const changes: Wish[] = [{ key, because: because(body.power === 'off' ? 'power' : 'heal', { node: body.of }), value: edit(world.get(key)!, (m) => { m.power = body.power; m.powerSince = world.now }) }]
          changes.push({ key: fault, because: because('power', { node: body.of }), value: body.power === 'off' ? { name: 'power-off', target: body.of, since: world.now, until: undefined, memory: undefined } : undefined })
          return { changes }
        }
        if (body.cordon) return { changes: [{ key: Node.key('', body.cordon), because: because('status'), value: edit(world.get(Node.key('', body.cordon))!, (n) => void (n.spec.unschedulable = true)) }] }
        return undefined
      },
    },
  ],
}

function owner(change: Change<Pod>, world: World): string | undefined {
  const pod = change.value ?? change.previous?.value
  const uid = pod?.metadata.ownerReferences?.[0]?.uid
  return world.list(ReplicaSet).find((c) => c.value.metadata.uid === uid)?.key
}

function genesis(count: number): Wish[] {
  const wishes: Wish[] = []
  const names = ['control-plane', ...Array.from({ length: count }, (_, i) => `worker-${i + 1}`)]
  names.forEach((name, i) => {
    wishes.push({ key: Machine.key('', name), because: because('genesis'), value: { name, power: 'on', powerSince: 0, boots: 1, bootMillis: 1, cpuMillis: 4000, memoryBytes: 8 * 1024 ** 3, diskBytes: 0, downloadBytesPerSecond: 0, address: '', podCidr: undefined, zone: i === 0 ? undefined : `zone ${'abc'[(i - 1) % 3]}`, labels: {}, role: i === 0 ? 'control-plane' : 'worker', daemons: {} } })
    wishes.push({ key: Node.key('', name), because: because('genesis'), value: { apiVersion: 'v1', kind: 'Node', metadata: { name, uid: `node-${name}`, creationTimestamp: stamp(0) }, spec: { taints: i === 0 ? [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] : [] }, status: { capacity: {}, allocatable: {}, conditions: [{ type: 'Ready', status: 'True' }], addresses: [], nodeInfo: {} } } as Node })
  })
  const system = (name: string, node: string, ownerKind: string, cpu: string) =>
    wishes.push({ key: Pod.key('kube-system', name), because: because('genesis'), value: { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'kube-system', uid: name, creationTimestamp: stamp(0), ownerReferences: [{ apiVersion: 'v1', kind: ownerKind, name: 'x', uid: 'x', controller: true }] }, spec: { nodeName: node, containers: [{ name: 'c', resources: { requests: { cpu, memory: '200Mi' } } }] }, status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }], containerStatuses: [{ name: 'c', state: { running: { startedAt: stamp(0) } }, lastState: {}, ready: true, restartCount: 0, image: '', imageID: '' }] } } as Pod })
  for (const name of ['kube-apiserver', 'etcd', 'kube-scheduler', 'kube-controller-manager']) system(`${name}-control-plane`, 'control-plane', 'Node', '200m')
  system('coredns-674b8bbfcf-7hnqb', 'control-plane', 'ReplicaSet', '100m')
  names.forEach((name) => system(`kube-proxy-${suffix(name.length + name.charCodeAt(7))}`, name, 'DaemonSet', '50m'))
  wishes.push(...deploymentWishes('web', 6, 2, '250m'), ...deploymentWishes('vote', 2, 1, '100m'), ...deploymentWishes('redis', 1, 1, '300m'), ...deploymentWishes('db', 1, 1, '500m'), ...deploymentWishes('worker', 1, 1, '3'))
  for (const [name, ip] of [['web', '10.96.44.7'], ['db', '10.96.201.3']]) {
    wishes.push({ key: Service.key('default', name!), because: because('created', { name: name! }), value: { apiVersion: 'v1', kind: 'Service', metadata: { name: name!, namespace: 'default', uid: `s-${name}`, creationTimestamp: stamp(0) }, spec: { type: 'ClusterIP', clusterIP: ip, ports: [{ port: 80, protocol: 'TCP' }] }, status: { loadBalancer: {} } } as Service })
    wishes.push({ key: EndpointSlice.key('default', `${name}-x`), because: because('slice'), value: { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: { name: `${name}-x`, namespace: 'default', uid: `es-${name}`, creationTimestamp: stamp(0), labels: { 'kubernetes.io/service-name': name! } }, addressType: 'IPv4', endpoints: [], ports: [] } as EndpointSlice })
  }
  return wishes
}

export class Rehearsal {
  readonly #simulation: Simulation
  #branches: { id: string; parent: string | undefined; at: number; label: string; course: ReturnType<Simulation['save']> | undefined }[] = [{ id: '1', parent: undefined, at: 0, label: 'first course', course: undefined }]
  #current = '1'
  #files: FileText[]
  constructor(options: { lab: string; seed: number; files?: readonly FileText[] }) {
    const count = Number(options.lab.split(':')[1] ?? 3)
    this.#simulation = new Simulation({ rooms: [hand], seed: options.seed, genesis: genesis(count) })
    for (const line of []) this.submit(line)
    this.#simulation.run({ until: 4000 })
    this.#files = [{ path: 'web.yaml', text: 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: 6\n  selector:\n    matchLabels: {app: web}\n  template:\n    metadata:\n      labels: {app: web}\n    spec:\n      containers:\n        - name: web\n          image: nginx:1.27\n' }]
  }
  get now() { return this.#simulation.now }
  get revision() { return this.#simulation.store.revision }
  get busy() { return false }
  get prompt() { return 'you@laptop ~/voting $ ' }
  advance(until: number, stop?: () => boolean) { this.#simulation.run({ until, ...(stop ? { stop } : {}) }) }
  #input(says: string, body: any) { this.#simulation.input({ to: 'you', about: '', body, says }); this.#simulation.run({ until: this.now }) }
  submit(line: string) {
    const words = line.trim().split(/\s+/)
    const out = (...text: string[]): [string, string][] => text.map((t) => ['out', `${t}\n`])
    const print: [string, string][] = [['in', `${this.prompt}${line}\n`]]
    let then: any
    const scale = /scale deployment\/?\s*(\S+) --replicas=(\d+)/.exec(line)
    const create = /create deployment (\S+) .*?(?:--replicas=(\d+))?$/.exec(line)
    if (scale) { then = { scale: scale[1], to: Number(scale[2]) }; print.push(...out(`deployment.apps/${scale[1]} scaled`)) }
    else if (create) { then = { create: create[1], replicas: Number(create[2] ?? 1) }; print.push(...out(`deployment.apps/${create[1]} created`)) }
    else if (words[1] === 'delete') { then = { deletePod: Pod.key('default', words[3]!) }; print.push(...out(`pod "${words[3]}" deleted`)) }
    else if (words[1] === 'cordon') { then = { cordon: words[2] }; print.push(...out(`node/${words[2]} cordoned`)) }
    else if (words[1] === 'get') {
      const pods = this.#simulation.store.list(Pod, { scope: 'default' })
      print.push(...out('NAME                    READY   STATUS        RESTARTS   AGE     IP            NODE', ...pods.map((c, i) => `${c.value.metadata.name.padEnd(24)}${c.value.status.conditions?.[0]?.status === 'True' ? '1/1' : '0/1'}     ${(c.value.metadata.deletionTimestamp ? 'Terminating' : c.value.status.phase).padEnd(14)}0          6m45s   10.244.1.${String(i + 2).padEnd(4)}  ${c.value.spec.nodeName ?? '<none>'}`)))
      print.push(['notice', 'Still listed as Terminating: the kubelet of worker-2 would have to confirm, and nobody can reach it.\n'])
    } else if (line.trim() !== '') print.push(['err', `bash: ${words[0]}: command not found\n`])
    this.#input(`ran ${line}`, { print, then })
  }
  interrupt() {}
  outputSince(n: number): readonly OutputChunk[] { return this.#simulation.store.list(Line).map((c) => c.value).filter((l) => l.n > n) }
  complete(line: string) { return ['kubectl get pods', 'kubectl get nodes', 'kubectl scale deployment web --replicas=', 'kubectl delete pod ', 'kubectl describe pod '].filter((c) => c.startsWith(line)) }
  files() { return this.#files }
  saveFile(path: string, text: string) { this.#files = [...this.#files.filter((f) => f.path !== path), { path, text }].sort((a, b) => (a.path < b.path ? -1 : 1)) }
  removeFile(path: string) { this.#files = this.#files.filter((f) => f.path !== path) }
  fault(name: string, target: string) { this.#input(name === 'power-off' ? `cut the power of ${target}` : `${name} ${target}`, { power: 'off', of: target }) }
  heal(_name?: string, target?: string) { this.#input(`healed ${target}`, { power: 'on', of: target }) }
  faultsFor(key: string) { return key.startsWith('platform/Machine') ? [{ name: 'power-off', about: 'pull the plug: everything on it stops at once' }, { name: 'link-cut', about: 'nobody can reach it, it runs on' }, { name: 'disk-slow', about: 'every write takes ten times as long' }] : key.startsWith('kubernetes/Pod') ? [{ name: 'kill', about: 'kill its first process' }, { name: 'memory-leak', about: 'it takes more and more memory' }] : [] }
  worldAt(revision: number): World { return this.#simulation.store.at(revision) }
  revisionAt(at: number) { return this.#simulation.store.revisionAt(at) }
  branchAt(at: number) {
    this.#branches.find((b) => b.id === this.#current)!.course = this.#simulation.save()
    const id = String(this.#branches.length + 1)
    this.#branches.push({ id, parent: this.#current, at, label: `branch ${id}`, course: undefined })
    this.#simulation.rewind(at)
    this.#current = id
  }
  branches(): BranchInfo[] { return this.#branches.map((b) => ({ id: b.id, parent: b.parent, at: b.at, label: b.label, current: b.id === this.#current, end: b.id === this.#current ? this.now : b.course!.now })) }
  switchTo(id: string) {
    this.#branches.find((b) => b.id === this.#current)!.course = this.#simulation.save()
    this.#simulation.restore(this.#branches.find((b) => b.id === id)!.course!)
    this.#current = id
  }
  undo() { const last = this.#simulation.inputs.at(-1); if (last) this.#simulation.rewind(last.at, this.#simulation.inputs.length - 1) }
  reset() { this.#simulation.rewind(0, 0); this.#simulation.run({ until: 4000 }) }
  digest() { return this.#simulation.digest() }
  why(key: string, revision: number): WhyLine[] {
    return whyOf(key, this.worldAt(revision), [hand.sentences]).map((l, i) => ({ number: i + 1, at: l.at, by: l.by, says: l.says, detail: l.detail, key: l.key, revision: l.revision, folded: l.folded, root: l.input }))
  }
  verdicts(_key: string): Verdict[] { return [{ node: 'worker-3', verdict: 'fits', score: 87, chosen: true }, { node: 'worker-1', verdict: 'fits, fuller', score: 74, chosen: false }, { node: 'worker-2', verdict: 'untolerated taint: unreachable', score: undefined, chosen: false }, { node: 'control-plane', verdict: 'untolerated taint: control-plane', score: undefined, chosen: false }] }
  markers(): Marker[] {
    const found: Marker[] = this.#simulation.inputs.map((i) => ({ at: i.at, label: i.says, tone: i.says.includes('power') ? 'bad' : 'input' }))
    for (const change of this.#simulation.store.history()) {
      if (change.because.id === 'notready') found.push({ at: change.at, label: 'NotReady', tone: 'doubt' })
      if (change.because.id === 'evict' && found.at(-1)?.label !== 'evicted') found.push({ at: change.at, label: 'evicted', tone: 'doubt' })
    }
    return found
  }
  nextVisible(after: number): number {
    const store = this.#simulation.store
    for (let r = store.revisionAt(after) + 1; r <= store.revision; r++) if (!store.change(r)!.quiet && store.change(r)!.at > after) return store.change(r)!.at
    const from = store.revision
    this.#simulation.run({ stop: () => store.revision > from && store.now > after })
    return this.now
  }
  run(line: string): string { const before = this.outputSince(0).length; this.submit(line); this.#simulation.run({ until: this.now + 100 }); return this.outputSince(before).filter((l) => l.stream === 'out').map((l) => l.text).join('') }
  sentencesSince(revision: number): SentenceLine[] {
    return this.#simulation.store.since(revision).filter((c) => !c.quiet).map((c) => { const told = (hand.sentences[c.because.id] ?? (() => String(c.because.values?.['says'] ?? c.because.id)))(c.because.values ?? {}); const [says, detail] = typeof told === 'string' ? [told, undefined] : told; return { revision: c.revision, at: c.at, by: c.by, says, detail, key: c.key } })
  }
  readonly Event = Event
}

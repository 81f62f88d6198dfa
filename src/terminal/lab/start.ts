import { Simulation, type Wish } from '../../engine'
import { KUBERNETES_VERSION, kubernetes, kubernetesGenesis } from '../../kubernetes'
import { platform } from '../../platform'
import { LocalImage } from '../../platform/image/image'
import { localImage } from '../../platform/image/puller'
import { localName } from '../../platform/image/reference'
import { resolveImage } from '../../platform/image/resolve'
import { diskScope, type Machine, machineKey } from '../../platform/machine/machine'
import { registryWishes } from '../../platform/registry/stock'
import { File } from '../../platform/shell/file'
import { newProcess, Process } from '../../platform/shell/process'
import { shellController, shellSentences } from '../../platform/shell/shell'
import { dockerRoom } from '../brought'
import { rootProcess } from '../root-process'
import { tools } from '../tools'
import type { Lab } from './lab'

/** The learner's shell, and a second one for what the interface does on its own (faults from a menu). */
export const terminalKey = Process.key('terminal', 'main')
export const handKey = Process.key('terminal', 'hand')
/** Scope of the learner's files. */
export const DESK = 'desk'
export const HOME = '/home/you'

const PRELOADED = [
  `registry.k8s.io/kube-proxy:${KUBERNETES_VERSION}`,
  'registry.k8s.io/coredns/coredns:v1.12.1',
  'registry.k8s.io/pause:3.10.1',
]
const CONTROL_PLANE_IMAGES = [
  'registry.k8s.io/etcd:3.6.4-0',
  `registry.k8s.io/kube-apiserver:${KUBERNETES_VERSION}`,
  `registry.k8s.io/kube-controller-manager:${KUBERNETES_VERSION}`,
  `registry.k8s.io/kube-scheduler:${KUBERNETES_VERSION}`,
]

/** Of the network that the machines are in: 172.18.0.0/16. */
const POOL = { prefix: '172.18.254.', from: 1, to: 250 }

/** A simulation of a lab, run through its past up to time 0. `files`: the learner's folder, by path relative to it. */
export function startLab(lab: Lab, seed: number, files: Readonly<Record<string, string>>): Simulation {
  const start = -lab.pastMillis
  const because = { id: 'terminal/lab', values: { lab: lab.name } }
  const genesis: Wish[] = lab.machines.map((machine) => ({
    key: machineKey(machine.name),
    value: machine satisfies Machine,
    because,
    quiet: true,
  }))
  if (lab.kubernetes)
    genesis.push(
      ...images(lab, start),
      ...kubernetesGenesis({ machines: lab.machines, seed, at: start, pool: lab.balancer ? POOL : undefined }),
    )
  if (lab.docker)
    genesis.push(
      ...dockerRoom().genesis(
        lab.machines.filter(({ daemons }) => daemons['dockerd'] !== undefined),
        seed,
        start,
      ),
    )
  for (const registry of lab.registries ?? []) genesis.push(...registryWishes(registry, start))
  genesis.push(...deskFiles(files, start), ...disks(lab, start), ...shells(lab), ...setUp(lab))
  const simulation = new Simulation({
    rooms: [
      platform,
      kubernetes,
      ...(lab.docker ? [dockerRoom().room] : []),
      {
        name: 'terminal',
        controllers: [shellController(tools)],
        doors: [],
        sentences: { ...shellSentences, ...sentences },
      },
    ],
    seed,
    genesis,
    start,
  })
  simulation.run({ until: 0 })
  return simulation
}

const sentences = {
  'terminal/lab': (v: { lab: string }) => ['set up the lab', v.lab] as const,
  'terminal/set-up': (v: { machine: string; script: string }) => [`set ${v.machine} up`, v.script] as const,
  'terminal/saved': (v: { path: string }) => ['saved a file', v.path] as const,
}

function images(lab: Lab, at: number): Wish[] {
  const because = { id: 'terminal/lab', values: { lab: lab.name } }
  return lab.machines
    .filter((machine) => machine.role !== 'outside')
    .flatMap((machine) =>
      [...PRELOADED, ...(machine.role === 'control-plane' ? CONTROL_PLANE_IMAGES : [])].flatMap((image): Wish[] => {
        const found = resolveImage(image)
        if (found.found === 'missing') return []
        const name = localName(image)
        return [
          {
            key: LocalImage.key(machine.name, name),
            value: localImage(machine.name, name, found.image, at),
            because,
            quiet: true,
          },
        ]
      }),
    )
}

/** The learner's folder as File objects, with the folders between. */
export function deskFiles(files: Readonly<Record<string, string>>, at: number): Wish<File>[] {
  const because = { id: 'terminal/saved' }
  const wishes = new Map<string, Wish<File>>()
  const folder = (path: string) =>
    wishes.set(path, {
      key: File.key(DESK, path),
      value: { what: 'folder', text: '', mode: 0o755, modifiedAt: at },
      because,
      quiet: true,
    })
  folder('/home')
  folder(HOME)
  for (const [name, text] of Object.entries(files)) {
    const path = `${HOME}/${name}`
    const parts = path.split('/')
    for (let i = 4; i < parts.length; i++) folder(parts.slice(0, i).join('/'))
    wishes.set(path, {
      key: File.key(DESK, path),
      value: { what: 'file', text, mode: 0o644, modifiedAt: at },
      because: { id: 'terminal/saved', values: { path: name } },
      quiet: true,
    })
  }
  return [...wishes.values()]
}

/** What the lab's machines have on their disks. */
function disks(lab: Lab, at: number): Wish<File>[] {
  const because = { id: 'terminal/lab', values: { lab: lab.name } }
  const wishes = new Map<string, Wish<File>>()
  for (const { machine, path, text } of lab.disks ?? []) {
    const scope = diskScope(lab.machines.find(({ name }) => name === machine)!)
    const parts = path.split('/')
    for (let i = 2; i < parts.length; i++) {
      const key = File.key(scope, parts.slice(0, i).join('/'))
      wishes.set(key, {
        key,
        value: { what: 'folder', text: '', mode: 0o755, modifiedAt: at },
        because,
        quiet: true,
      })
    }
    const key = File.key(scope, path)
    wishes.set(key, { key, value: { what: 'file', text, mode: 0o644, modifiedAt: at }, because, quiet: true })
  }
  return [...wishes.values()]
}

/** What sets the machines up is run there, as over ssh, as soon as there is a lab. */
function setUp(lab: Lab): Wish<Process>[] {
  return (lab.setUp ?? []).map(({ machine, script }) => {
    const key = Process.key(machine, 'set-up')
    const value = rootProcess(lab.machines.find(({ name }) => name === machine)!, key, `${machine}-set-up`, script)
    return { key, value, because: { id: 'terminal/set-up', values: { machine, script } } }
  })
}

function shells(lab: Lab): Wish<Process>[] {
  const because = { id: 'terminal/lab', values: { lab: lab.name } }
  const env = {
    HOME,
    USER: 'you',
    PATH: '/usr/local/bin:/usr/bin:/bin',
    HOSTNAME: lab.prompt,
    TERM: 'xterm-256color',
    SHELL: '/bin/bash',
    LANG: 'C.UTF-8',
  }
  const common = {
    machine: lab.prompt,
    cwd: HOME,
    env,
    shell: 'bash',
    interactive: true,
    mounts: [{ path: '/', scope: DESK }],
    base: { '/etc/hostname': `${lab.prompt}\n` },
  }
  return [
    {
      key: terminalKey,
      value: newProcess({ ...common, owner: terminalKey, output: 'terminal' }),
      because,
      quiet: true,
    },
    { key: handKey, value: newProcess({ ...common, owner: handKey, output: 'hand' }), because, quiet: true },
  ]
}

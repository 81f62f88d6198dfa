import { filesOf, storedBytes } from './amount'
import type { ImagesScene, LifeCycleScene, NamespacesScene, StorageScene } from './docker-views'
import { VIRTUAL_MACHINE } from './docker-views'
import type { Table } from './table'

const KINDS = {
  named: 'volume',
  anonymous: 'anonymous volume',
  bind: 'folder of the machine',
  memory: 'memory (tmpfs)',
} as const

export function storageTables({ containers, drums }: StorageScene): Table[] {
  const nameOf = (id: string) => drums.find((drum) => drum.id === id)?.name ?? id
  return [
    {
      caption: 'Containers and their layers',
      columns: ['container', 'state', 'image layers', 'own layer', 'mounts'],
      rows: containers.map((one) => ({
        id: one.id,
        key: one.key,
        cells: [
          one.name,
          one.word,
          `${one.layers.length}, ${storedBytes(one.imageBytes)} of ${one.image}`,
          one.readOnly
            ? 'read-only'
            : `${filesOf(one.writtenFiles)}, ${storedBytes(one.writtenBytes)}: lost with docker rm`,
          one.mounts
            .map(({ path, drum, readOnly }) => `${path} → ${nameOf(drum)}${readOnly ? ' (read-only)' : ''}`)
            .join(', ') || 'none',
        ],
        mark: { cell: 1, state: one.state, hue: one.hue },
      })),
    },
    {
      caption: 'Where data lives beside them',
      columns: ['name', 'what', 'data', 'containers', 'how long'],
      rows: drums.map((drum) => ({
        id: drum.id,
        key: drum.key,
        cells: [
          drum.name,
          KINDS[drum.kind],
          `${filesOf(drum.files)}, ${storedBytes(drum.bytes)}`,
          String(drum.users),
          drum.fate,
        ],
      })),
    },
  ]
}

export function lifeCycleTables({ states, steps, chosen }: LifeCycleScene): Table[] {
  return [
    {
      caption: chosen ? `States of a container; ${chosen.says}` : 'States of a container',
      columns: ['state', 'means', 'containers', 'leads on to'],
      rows: states.map(({ id, about, containers }) => ({
        id,
        key: undefined,
        cells: [
          id,
          about,
          containers.map(({ name, note }) => (note === '' ? name : `${name} (${note})`)).join(', ') || 'none',
          steps
            .filter(({ from }) => from === id)
            .map(({ to, events }) => `${to} by ${events.join(', ')}`)
            .join('; ') || 'nothing',
        ],
      })),
    },
    {
      caption: 'Containers',
      columns: ['name', 'state', 'image'],
      rows: states.flatMap(({ containers }) =>
        containers.map((one) => ({
          id: one.id,
          key: one.key,
          cells: [one.name, one.word, one.image],
          mark: { cell: 1, state: one.state, hue: one.hue },
        })),
      ),
    },
  ]
}

export function namespacesTables({ machines }: NamespacesScene): Table[] {
  const vm = VIRTUAL_MACHINE
  return machines.flatMap(({ name, kernel, address, containers, memoryBytes, processes }) => [
    {
      caption: `What the containers of ${name} see; one kernel for all: ${kernel}`,
      columns: ['container', 'processes (inside = outside)', 'host name', 'network', 'files'],
      rows: containers.map((one) => ({
        id: one.id,
        key: one.key,
        cells: [
          one.name,
          one.processes.map(({ inside, outside, command }) => `${inside} = ${outside} ${command}`).join('; '),
          one.hostname,
          one.network,
          one.mounts.join(', '),
        ],
        mark: { cell: 0, state: one.state, hue: one.hue },
      })),
    },
    {
      caption: `${name} (${address}): containers against as many virtual machines (typical figures, not part of the model)`,
      columns: ['', 'containers', 'virtual machines'],
      rows: [
        { id: `${name} kernels`, key: undefined, cells: ['kernels', '1', String(containers.length)] },
        {
          id: `${name} processes`,
          key: undefined,
          cells: ['processes of the applications', String(processes), String(processes)],
        },
        {
          id: `${name} memory`,
          key: undefined,
          cells: ['memory', storedBytes(memoryBytes), `about ${storedBytes(containers.length * vm.memoryBytes)}`],
        },
        { id: `${name} start`, key: undefined, cells: ['time to start', 'about 0.1 s', `about ${vm.bootSeconds} s`] },
      ],
    },
  ])
}

export function imagesTables({ images, build }: ImagesScene): Table[] {
  return [
    {
      caption: 'Images',
      columns: ['name', 'id', 'size', 'layers', 'shared', 'containers'],
      rows: images.map(({ id, key, name, also, short, bytes, layers, users }) => ({
        id,
        key,
        cells: [
          [name, ...also].join(', '),
          short,
          storedBytes(bytes),
          String(layers.length),
          `${layers.filter((layer) => layer.images > 1).length} layers with other images`,
          users.join(', '),
        ],
      })),
    },
    ...(build
      ? [
          {
            caption: `Build of ${build.name}: ${build.says}`,
            columns: ['step', 'what became of it', 'seconds', 'why'],
            rows: build.steps.map(({ id, name, stamp, millis, why }) => ({
              id,
              key: build.key,
              cells: [name, stamp, (millis / 1000).toFixed(1), why],
            })),
          },
        ]
      : []),
  ]
}

import { clockOf } from './amount'
import { imagesTables, lifeCycleTables, namespacesTables, storageTables } from './docker-tables'
import type { Scene, TileMark } from './scene'
import { type State, stateWords } from './state-words'
import type { Row, Table } from './table'
import type { ControlPlaneScene, LimitsScene, NetworkScene, RolloutScene, ViewScene } from './views'

/** A scene's tables; `filter`: only what is in one of these states, where that says anything. */
export function tablesOf(scene: Scene | ViewScene, filter: ReadonlySet<State | 'ghost'>): readonly Table[] {
  const shown = (tile: TileMark) => filter.size === 0 || filter.has(tile.state)
  switch (scene.view) {
    case 'machines':
      return machinesTables(scene, shown)
    case 'rollout':
      return rolloutTables(scene, shown)
    case 'network':
      return networkTables(scene, shown)
    case 'control-plane':
      return controlPlaneTables(scene)
    case 'limits':
      return limitsTables(scene, filter)
    case 'images':
      return imagesTables(scene)
    case 'storage':
      return storageTables(scene)
    case 'life-cycle':
      return lifeCycleTables(scene)
    case 'namespaces':
      return namespacesTables(scene)
  }
}

const joined = (...parts: readonly (string | undefined)[]) => parts.filter((part) => part).join(', ')
const stateCell = (tile: TileMark): string => joined(tile.word ?? stateWords[tile.state], tile.broken)
const markOf = ({ state, hue }: TileMark, cell: number): Row['mark'] => ({ cell, state, hue })

function machinesTables(scene: Scene, shown: (tile: TileMark) => boolean): Table[] {
  return [
    {
      caption: 'Machines',
      columns: ['name', 'state', 'pods', 'CPU in use', 'memory in use'],
      rows: scene.machines.map(({ id, key, name, look, warns, note, foot, pods, cpu, memory }) => ({
        id,
        key,
        cells: [name, joined(look.replace('-', ' '), warns ? note : '', foot), String(pods), cpu.text, memory.text],
      })),
    },
    {
      caption: 'What runs on them',
      columns: ['name', 'state', 'machine', 'belongs to', 'restarts'],
      rows: [
        ...scene.tiles.filter(shown).map((tile) => ({
          id: tile.id,
          key: tile.key,
          cells: [
            tile.name,
            stateCell(tile),
            tile.machine ?? tile.note ?? '',
            tile.workload ?? '',
            String(tile.restarts),
          ],
          mark: markOf(tile, 1)!,
        })),
        ...scene.stacks.map(({ id, total, name, counts, machine }) => ({
          id,
          key: undefined,
          cells: [
            `${total} × ${name}`,
            counts.map(({ state, count }) => `${count} ${stateWords[state]}`).join(', '),
            machine,
            name,
            '',
          ],
        })),
      ],
    },
  ]
}

function rolloutTables({ chosen }: RolloutScene, shown: (tile: TileMark) => boolean): Table[] {
  if (!chosen) return [{ caption: 'Rollout', columns: ['nothing is rolled out yet'], rows: [] }]
  const { key, name, wanted, mayExist, mustBeReady, strategy, columns, history, lost } = chosen
  return [
    {
      caption: `Rollout of ${name}`,
      columns: ['what', 'value'],
      rows: [
        ['strategy', strategy],
        ['wanted', String(wanted)],
        ['may exist at most', String(mayExist)],
        ['must be ready at least', String(mustBeReady)],
        ...(lost === undefined ? [] : [['lost requests', lost]]),
      ].map((cells) => ({ id: cells[0]!, key: cells[0] === 'strategy' ? key : undefined, cells })),
    },
    {
      caption: 'Versions of its template',
      columns: ['ReplicaSet', 'image', 'wanted', 'there', 'ready', 'note'],
      rows: columns.map((column) => ({
        id: column.id,
        key: column.key,
        cells: [
          column.name,
          column.image,
          String(column.wanted),
          String(column.tiles.length),
          String(column.tiles.filter(({ state }) => state === 'ready').length),
          joined(column.note, column.ghosts > 0 ? `${column.ghosts} still missing` : ''),
        ],
      })),
    },
    {
      caption: 'Its pods',
      columns: ['name', 'state', 'ReplicaSet', 'machine', 'restarts'],
      rows: columns.flatMap((column) =>
        column.tiles.filter(shown).map((tile) => ({
          id: tile.id,
          key: tile.key,
          cells: [tile.name, stateCell(tile), column.name, tile.machine ?? tile.note ?? '', String(tile.restarts)],
          mark: markOf(tile, 1)!,
        })),
      ),
    },
    {
      caption: 'How many there were',
      columns: ['from', 'existing', 'ready'],
      rows: history.map(({ at, existing, ready }, i) => ({
        id: `${at} ${i}`,
        key: undefined,
        cells: [clockOf(at), String(existing), String(ready)],
      })),
    },
  ]
}

function networkTables(scene: NetworkScene, shown: (tile: TileMark) => boolean): Table[] {
  const names = new Map<string, string>()
  for (const { id, name } of [...scene.doors, ...scene.services, ...scene.tiles]) names.set(id, name)
  return [
    {
      caption:
        scene.ways.length > 0 || scene.services.some(({ kind }) => kind === 'network')
          ? 'Published ports and networks'
          : 'Doors and services',
      columns: ['name', 'what', 'address', 'name in DNS', 'note'],
      rows: [...scene.doors, ...scene.services].map(({ id, key, name, kind, address, dns, note }) => ({
        id,
        key,
        cells: [name, kind, address, dns, note],
      })),
    },
    {
      caption: 'Ways',
      columns: ['from', 'to', 'state'],
      rows: scene.edges.map(({ id, from, to, says }) => ({
        id,
        key: undefined,
        cells: [names.get(from) ?? from, names.get(to) ?? to, says],
      })),
    },
    ...(scene.ways.length === 0
      ? []
      : [
          {
            caption: 'Who reaches whom',
            columns: ['from', 'to', 'gets there', 'how, or what stops it'],
            rows: scene.ways.map(({ from, to, open, says }) => ({
              id: `${from} ${to}`,
              key: undefined,
              cells: [names.get(from) ?? from, names.get(to) ?? to, open ? 'yes' : 'no', says],
            })),
          },
        ]),
    {
      caption: 'Who answers',
      columns: ['name', 'state', 'address', 'machine'],
      rows: scene.tiles.filter(shown).map((tile) => ({
        id: tile.id,
        key: tile.key,
        cells: [tile.name, stateCell(tile), tile.address, tile.machine ?? ''],
        mark: markOf(tile, 1)!,
      })),
    },
  ]
}

function controlPlaneTables({ trouble, actors, log }: ControlPlaneScene): Table[] {
  return [
    {
      caption: trouble === undefined ? 'Who talks to the API server' : `Nobody is answered: ${trouble}`,
      columns: ['name', 'what it does', 'state', 'wrote just now'],
      rows: actors.map(({ id, key, label, about, still, awake, wrote }) => ({
        id,
        key,
        cells: [label, about, still ? 'does not run' : awake ? 'at work' : 'waits', wrote ?? ''],
      })),
    },
    {
      caption: 'The newest writes',
      columns: ['object', 'revision', 'at', 'by'],
      rows: log.map(({ revision, key, name, at, by }) => ({
        id: String(revision),
        key,
        cells: [name, String(revision), clockOf(at), by],
      })),
    },
  ]
}

function limitsTables({ machines, more }: LimitsScene, filter: ReadonlySet<State | 'ghost'>): Table[] {
  return [
    {
      caption: more === 0 ? 'Machines' : `Machines, and ${more} more`,
      columns: ['name', 'CPU in use', 'memory in use'],
      rows: machines.map(({ id, key, name, cpuText, memoryText }) => ({ id, key, cells: [name, cpuText, memoryText] })),
    },
    ...machines.map((machine) => ({
      caption: `Groups on ${machine.name}${machine.more === 0 ? '' : `, and ${machine.more} more`}`,
      columns: ['name', 'state', 'class', 'CPU', 'memory', 'weight, CPUs and processes'],
      rows: machine.groups
        .filter(({ state }) => filter.size === 0 || filter.has(state))
        .map(({ id, key, name, state, hue, slice, cpu, memory, about }) => ({
          id,
          key,
          cells: [name, stateWords[state], slice, cpu.text, memory.text, about],
          mark: { cell: 1, state, hue },
        })),
    })),
  ]
}

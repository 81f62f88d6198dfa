import { expect, test } from 'vitest'
import { tablesOf } from '../../src/picture'
import { asOf } from '../../src/picture/as-of'
import { Book, controlPlaneScene, machinesScene, networkScene, rolloutScene } from '../../src/picture/scenes'
import { namedLab } from '../../src/terminal/lab/lab'
import { Session } from '../../src/terminal/session'

const lab = namedLab('kubernetes')
if ('problem' in lab) throw new Error(lab.problem)
const session = new Session({ lab, seed: 3 })
session.run(
  'kubectl create deployment web --image=nginx --replicas=2\nkubectl expose deployment web --port=80\nsleep 20',
)
const world = asOf(session.worldAt(session.revision), session.now)
const book = new Book().follow(session.worldAt(session.revision))
const none: ReadonlySet<never> = new Set()
const scenes = {
  machines: machinesScene(world, book, 0),
  rollout: rolloutScene(world, book, undefined),
  network: networkScene(world, book, 0),
  'control-plane': controlPlaneScene(world, 2000),
}
const rows = (view: keyof typeof scenes, caption: string) =>
  tablesOf(scenes[view], none)
    .find((table) => table.caption === caption)!
    .rows.map(({ cells }) => cells)

test.each(Object.keys(scenes) as (keyof typeof scenes)[])(
  '%s: every row has a cell for each column and an id of its own',
  (view) => {
    const tables = tablesOf(scenes[view], none)
    expect(tables.length).toBeGreaterThan(1)
    for (const { columns, rows } of tables) {
      expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length)
      for (const { cells } of rows) expect(cells).toHaveLength(columns.length)
    }
  },
)

test('they say what the pictures show', () => {
  expect(rows('machines', 'Machines').map(([name]) => name)).toEqual([
    'control-plane',
    'worker-1',
    'worker-2',
    'worker-3',
  ])
  expect(rows('rollout', 'Rollout of web')).toContainEqual(['wanted', '2'])
  expect(rows('rollout', 'Versions of its template')).toEqual([
    [expect.stringMatching(/^web-/), 'nginx', '2', '2', '2', expect.anything()],
  ])
  expect(rows('network', 'Who answers').filter(([name]) => name!.startsWith('web-'))).toHaveLength(2)
  expect(rows('control-plane', 'Who talks to the API server').length).toBeGreaterThan(4)
})

test('what is filtered away is not in the list either', () => {
  const [, pods] = tablesOf(scenes.machines, new Set(['crash'] as const))
  expect(pods!.rows).toEqual([])
})

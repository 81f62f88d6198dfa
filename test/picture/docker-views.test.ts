import { expect, test } from 'vitest'
import { tablesOf, viewsOf } from '../../src/picture'
import {
  Book,
  imagesScene,
  lifeCycleScene,
  namespacesScene,
  networkScene,
  storageScene,
} from '../../src/picture/scenes'
import { containerMachine } from '../../src/platform/container/life-cycle'
import { stocked } from '../docker/lab'

const busy = () => {
  const own = stocked('alpine', 'redis')
  own.run('docker run -d --name cache -v store:/data redis; docker volume create spare')
  own.run('docker run -d --name box --tmpfs /mem -v ./here:/there:ro alpine sleep 1000')
  own.run("docker exec box sh -c 'echo lost > /own'; docker run --name done alpine sh -c 'exit 3'; docker pause cache")
  return own.session.simulation.store
}

test('storage: whose data lives where, and what is mounted by nobody', () => {
  const scene = storageScene(busy())
  expect(scene.containers.map(({ name, writtenFiles }) => [name, writtenFiles])).toEqual([
    ['cache', 0],
    ['box', 1],
    ['done', 0],
  ])
  expect(scene.drums.map(({ kind, name, users }) => [kind, name, users])).toEqual([
    ['named', 'store', 1],
    ['bind', '/home/you/here', 1],
    ['memory', 'tmpfs', 1],
    ['named', 'spare', 0],
  ])
  const [cache, box, done] = scene.containers
  // one layer, one hue: box and done stand on the same one
  expect(box!.layers[0]).toEqual(done!.layers[0])
  expect(cache!.mounts).toMatchObject([{ path: '/data', readOnly: false }])
  expect(box!.mounts.map(({ path, readOnly }) => [path, readOnly])).toEqual([
    ['/there', true],
    ['/mem', false],
  ])
})

test('life cycle: states and steps are those of the runtime’s own machine, containers stand in theirs', () => {
  const scene = lifeCycleScene(busy(), undefined)
  expect(scene.states.map(({ id }) => id)).toEqual(Object.keys(containerMachine.config.states!))
  const events = scene.steps.flatMap((step) => step.events.map((event) => `${step.from} ${event} ${step.to}`))
  expect(events).toContain('running pause paused')
  expect(events).toContain('exited start running')
  const inside = Object.fromEntries(scene.states.map(({ id, containers }) => [id, containers.map(({ name }) => name)]))
  expect(inside).toMatchObject({ running: ['box'], paused: ['cache'], exited: ['done'], created: [] })
  expect(scene.chosen).toMatchObject({ name: 'cache', state: 'paused', step: 'running paused' })
})

test('namespaces: each container sees itself as process 1, under another number outside', () => {
  const [machine] = namespacesScene(busy()).machines
  expect(machine!.containers.map(({ name }) => name)).toEqual(['cache', 'box'])
  const box = machine!.containers[1]!
  expect(box.processes[0]).toMatchObject({ inside: 1, command: 'sleep 1000' })
  expect(box.processes[0]!.outside).toBeGreaterThan(1)
  expect(box.network).toMatch(/^172\.17\.0\.3 in bridge$/)
  expect(box.mounts).toEqual(['/ (its own)', '/there (bind)', '/mem (tmpfs)'])
})

test('each view says the same in a table', () => {
  const world = busy()
  const words = [storageScene(world), lifeCycleScene(world, undefined), namespacesScene(world)].map((scene) =>
    tablesOf(scene, new Set())
      .flatMap(({ rows }) => rows.flatMap(({ cells }) => cells))
      .join('\n'),
  )
  expect(words[0]).toContain('stays until docker volume rm')
  expect(words[0]).toContain('/there → /home/you/here (read-only)')
  expect(words[1]).toContain('done (code 3)')
  expect(words[2]).toContain('sleep 1000')
})

test('a lab shows the views that have something to show there', () => {
  expect(viewsOf('docker')).not.toContain('rollout')
  expect(viewsOf('docker')).toContain('storage')
  expect(viewsOf('kubernetes:5')).not.toContain('storage')
  expect(viewsOf('my-lab')).toContain('storage')
})

test('network: who is in which, what is published, who reaches whom and what stops the others', () => {
  const own = stocked('alpine', 'nginx')
  own.run('docker network create front; docker network create --internal back')
  own.run('docker run -d --name web --network front -p 8080:80 nginx; docker network connect back web')
  own.run('docker run -d --name db --network back alpine sleep 1000; docker run -d --name stray alpine sleep 1000')
  const world = own.session.simulation.store
  const scene = networkScene(world, new Book().follow(world), 0)
  expect(scene.services.map(({ name, note }) => [name, note])).toEqual([
    ['bridge', 'bridge'],
    ['front', 'bridge'],
    ['back', 'internal'],
  ])
  expect(scene.doors.map(({ name, address }) => [name, address])).toEqual([['8080', '→ web:80']])
  const idOf = (name: string) => [...scene.tiles, ...scene.services].find((one) => one.name === name)!.id
  expect(scene.edges.filter(({ to }) => to === idOf('web')).map(({ from }) => from)).toEqual([
    idOf('front'),
    idOf('back'),
  ])
  const way = (from: string, to: string) => scene.ways.find((one) => one.from === idOf(from) && one.to === idOf(to))!
  expect(way('web', 'db')).toMatchObject({ open: true })
  expect(way('stray', 'db')).toMatchObject({ open: false, says: expect.stringContaining('the firewall drops') })
  // and so it is
  const address = scene.tiles.find(({ name }) => name === 'db')!.address
  expect(own.run(`docker exec stray ping -c 1 -W 1 ${address} >/dev/null || echo shut out`)).toBe('shut out\n')
  expect(own.run(`docker exec web curl -s -m 2 ${address}; echo $?`)).toBe('7\n')
  const tables = tablesOf(scene, new Set())
  expect(tables.find(({ caption }) => caption === 'Who reaches whom')!.rows).toHaveLength(6)
})

test('images: shared layers are known as such; the newest build says what came from the cache and why the rest did not', () => {
  const own = stocked('alpine')
  own.run(
    `mkdir app; cd app; printf 'FROM alpine\\nWORKDIR /app\\nCOPY a .\\nRUN cat a > b\\n' > Dockerfile; echo 1 > a; docker build -q -t app:1 .; echo 2 > a; docker build -q -t app:2 .; docker run -d --name used app:2 sleep 1000`,
  )
  const scene = imagesScene(own.session.simulation.store)
  const image = (name: string) => scene.images.find((one) => one.name === name)!
  expect(image('app:1').layers).toHaveLength(4)
  // the base and the folder are one layer each under both, the base also under its own image
  expect(image('app:1').layers.map(({ images }) => images)).toEqual([3, 2, 1, 1])
  expect(image('app:2').users).toEqual(['used'])
  expect(scene.bytes).toBeLessThan(scene.bytesApart)
  expect(scene.build!.steps.map(({ stamp, why }) => [stamp, why])).toEqual([
    ['cached', expect.any(String)],
    ['cached', 'nothing that it depends on has changed'],
    ['built', 'the files that it copies have changed'],
    ['built', 'a step before it was built anew'],
    ['built', ''],
  ])
  for (const { columns, rows } of tablesOf(scene, new Set()))
    for (const { cells } of rows) expect(cells).toHaveLength(columns.length)
})

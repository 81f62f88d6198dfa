import { expect, test } from 'vitest'
import { Book, limitsScene } from '../../src/picture/scenes'
import { tablesOf } from '../../src/picture/scenes/tables'
import { stocked } from '../docker/lab'

test('each container is a group of its machine: what it wants and gets, what holds it, and whom the kernel killed', () => {
  const { session, run } = stocked('alpine', 'nginx')
  run(`docker run -d --name half --cpus 0.5 -m 200m alpine sh -c 'yes > /dev/null & yes > /dev/null & wait'
docker run -d --name heavy --cpuset-cpus 0 --cpu-shares 2048 alpine md5sum /dev/zero
docker run -d --name light --cpuset-cpus 0 --cpu-shares 512 --pids-limit 7 alpine md5sum /dev/zero
docker run -d --name ate -m 50m alpine tail /dev/zero
docker run -d --name web nginx
docker run -d --name done alpine true
sleep 2`)
  const world = session.simulation.store
  const scene = limitsScene(world, new Book().follow(world))
  const [machine] = scene.machines
  expect(scene.machines).toHaveLength(1)
  expect(machine!.groups.map(({ name, cpu, memory, about }) => [name, cpu.text, memory.text, about])).toEqual([
    ['ate', 'does not run', 'out of memory once, had a limit of 50 M', 'weight 100'],
    ['half', '0.50 of 2.00 CPUs wanted, throttled 75 %; quota 0.50 CPUs', '<1 M of 200 M', 'weight 100 · 3 processes'],
    ['heavy', '0.80 of 1.00 CPUs wanted, its CPUs are full', '<1 M, no limit', 'weight 79 · CPU 0 · 1 process'],
    ['light', '0.20 of 1.00 CPUs wanted, its CPUs are full', '<1 M, no limit', 'weight 20 · CPU 0 · 1 of 7 processes'],
    ['web', '0.00 CPUs', '9 M, no limit', 'weight 100 · 5 processes'],
  ])
  // the length of the bars is what most of them could use
  expect(machine).toMatchObject({ scaleMillis: 2000, cpuText: '1.56 of 4 CPUs', more: 0 })
  const [machines, groups] = tablesOf(scene, new Set())
  expect(machines!.rows).toHaveLength(1)
  expect(groups!.rows.map(({ cells }) => cells[0])).toEqual(['ate', 'half', 'heavy', 'light', 'web'])
  expect(tablesOf(scene, new Set(['oom']))[1]!.rows.map(({ cells }) => cells.slice(0, 2))).toEqual([
    ['ate', 'out of memory'],
  ])
  // what runs is what the table says: the container of nobody who took its place goes with it
  run('docker rm ate; docker start half')
  expect(limitsScene(world, new Book().follow(world)).machines[0]!.groups.map(({ name }) => name)).not.toContain('ate')
})

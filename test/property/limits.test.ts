import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Container } from '../../src/platform/container/container'
import { Cgroup } from '../../src/platform/cpu/cgroup'
import { Task } from '../../src/platform/cpu/task'
import { isOverLimit, machineMemoryBytes } from '../../src/platform/limits/memory'
import { machineKey } from '../../src/platform/machine/machine'
import { seat } from '../docker/lab'

const name = fc.constantFrom('aa', 'bb', 'cc', 'dd')
const processor = fc.constantFrom(
  '',
  '--cpus 0.5',
  '--cpus 2',
  '--cpu-shares 2048',
  '-c 2',
  '--cpuset-cpus 0',
  '--cpuset-cpus 1-2',
)
const memory = fc.constantFrom('', '-m 64m', '-m 500m', '--pids-limit 2', '--oom-score-adj 500')
const work = fc.constantFrom(
  'alpine sh -c "while :; do :; done"',
  'alpine sh -c "yes > /dev/null & md5sum /dev/zero & wait"',
  'alpine tail /dev/zero',
  'alpine sleep 100',
  'polinux/stress stress --cpu 3 --timeout 5s',
  'polinux/stress stress --vm 2 --vm-bytes 200M --vm-hang 0',
  'polinux/stress stress --vm 4 --vm-bytes 1500M',
  'alpine dd if=/dev/zero of=/dev/null bs=1M count=9000',
)
const command = fc.oneof(
  fc.tuple(name, processor, memory, work).map((words) => `docker run -d --name ${words.join(' ')}`),
  fc
    .tuple(fc.constantFrom('kill', 'pause', 'unpause', 'rm -f', 'restart -t 0'), name)
    .map((words) => `docker ${words.join(' ')}`),
  fc
    .tuple(fc.constantFrom('--cpus 0.1', '--cpu-shares 10', '-m 100m --memory-swap -1', '--cpuset-cpus 3'), name)
    .map((words) => `docker update ${words.join(' ')}`),
  name.map((one) => `docker exec ${one} tail /dev/zero`),
  fc.constantFrom('sleep 1', 'sleep 7', 'timeout 1 yes > /dev/null'),
)

const play = (commands: readonly string[], after?: (own: ReturnType<typeof seat>) => void) => {
  const own = seat()
  own.run('docker pull -q alpine; docker pull -q polinux/stress')
  for (const one of commands) {
    own.run(one)
    after?.(own)
  }
  return own
}

test('whatever is typed: no CPU is given twice, no limit is passed, the machine holds what is in its memory; and it comes out the same again', () => {
  fc.assert(
    fc.property(fc.array(command, { minLength: 3, maxLength: 12 }), (commands) => {
      const check = ({ session }: ReturnType<typeof seat>) => {
        // what was written last in a moment is shared out before the next
        session.simulation.run({ until: session.simulation.now + 2 })
        const world = session.simulation.store
        const machine = world.get(machineKey('docker'))!
        const groups = world.list(Cgroup).map(({ value }) => value)
        const own = world.list(Task).filter(({ value }) => value.container === undefined && !value.ended)
        const sum = groups.reduce((n, { rate }) => n + rate, 0) + own.reduce((n, { value }) => n + value.rate, 0)
        expect(sum).toBeLessThanOrEqual(machine.cpuMillis + 0.1)
        for (const { container, rate, wants } of groups) {
          const { spec, state } = world.get(Container.key('docker', container))!
          expect(rate).toBeLessThanOrEqual(Math.min(wants, spec.cpuLimitMillis ?? wants) + 0.01)
          if (spec.cpuset) expect(rate).toBeLessThanOrEqual(1000 * spec.cpuset.length + 0.01)
          if (state === 'paused') expect(rate).toBe(0)
        }
        for (const { value } of world.list(Container))
          if (value.state === 'running') expect(isOverLimit(world, value)).toBe(false)
        expect(machineMemoryBytes(world, machine)).toBeLessThanOrEqual(machine.memoryBytes)
      }
      const first = play(commands, check)
      expect(play(commands, check).session.simulation.digest()).toBe(first.session.simulation.digest())
    }),
    { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 25) },
  )
}, 60_000)

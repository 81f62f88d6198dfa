import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DockerContainer } from '../../src/docker'
import { Container } from '../../src/platform/container/container'
import { File } from '../../src/platform/shell/file'
import { seat } from '../docker/lab'

/** Commands over a few names, so that they meet: clashes, double stops, removals under way. */
const name = fc.constantFrom('aa', 'bb', 'cc')
const network = fc.constantFrom('bridge', 'app', 'none')
const command = fc.oneof(
  fc
    .tuple(name, network, fc.constantFrom('', '-p 8080:80', '-P', '--restart always', '--rm', '-v data:/data', '-m 6m'))
    .map(([one, where, more]) => `docker run -d --name ${one} --network ${where} ${more} nginx:alpine`),
  name.map((one) => `docker run -d --name ${one} --restart on-failure:3 alpine sh -c 'sleep 1; exit 1'`),
  fc
    .tuple(
      fc.constantFrom('start', 'stop -t 1', 'kill', 'rm', 'rm -f', 'rm -fv', 'pause', 'unpause', 'restart -t 1'),
      name,
    )
    .map(([verb, one]) => `docker ${verb} ${one}`),
  fc.tuple(fc.constantFrom('connect', 'disconnect'), name).map(([verb, one]) => `docker network ${verb} app ${one}`),
  fc.constantFrom(
    'docker network create app',
    'docker network rm app',
    'docker volume rm data',
    'docker container prune -f',
    'sleep 2',
    'sim fault machine-crash docker --for 2s; sleep 40',
  ),
)

test('whatever is typed: no address twice, no port twice, what is told agrees with what runs, and the volume keeps its file', () => {
  fc.assert(
    fc.property(fc.array(command, { minLength: 4, maxLength: 14 }), (commands) => {
      const { session, run } = seat()
      run(
        'docker pull -q nginx:alpine; docker pull -q alpine; docker run --rm -v keep:/keep alpine sh -c "echo kept > /keep/file"',
      )
      const world = session.simulation.store
      for (const one of commands) {
        run(one)
        const all = world.list(DockerContainer).map(({ value }) => value)
        const addresses = all.flatMap(({ networks }) =>
          Object.values(networks).flatMap(({ networkId, address }) =>
            address === '' ? [] : [`${networkId} ${address}`],
          ),
        )
        expect(new Set(addresses).size).toBe(addresses.length)
        const ports = all.flatMap(({ published }) =>
          published.map(({ IP, PublicPort, Type }) => `${IP} ${PublicPort} ${Type}`),
        )
        expect(new Set(ports).size).toBe(ports.length)
        expect(new Set(all.map((container) => container.name)).size).toBe(all.length)
        for (const { id, status, starting, published, networks } of all) {
          const runs = world.get(Container.key('docker', id))!
          if (status === 'running' && !starting) expect(['running', 'exited']).toContain(runs.state)
          if (status === 'paused') expect(runs.state).toBe('paused')
          if (status === 'exited' && !starting) {
            expect(runs.state).not.toBe('running')
            expect(published).toEqual([])
            expect(Object.values(networks).every(({ address }) => address === '')).toBe(true)
          }
        }
      }
      expect(world.get(File.key('volume:docker:keep', '/file'))?.text).toBe('kept\n')
    }),
    { numRuns: 25 },
  )
})

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
    'sim fault dockerd-stop docker --for 3s; sleep 16',
    'docker run -d --name cc --link aa:other alpine sleep 100',
    'docker run -d --name dd --network lan alpine sleep 100',
    'docker rm -f dd',
  ),
)

test('whatever is typed: no address twice, no port twice, what is told agrees with what runs, and the volume keeps its file', () => {
  fc.assert(
    fc.property(fc.array(command, { minLength: 4, maxLength: 14 }), (commands) => {
      const { session, run } = seat()
      run(
        'docker pull -q nginx:alpine; docker pull -q alpine; docker network create -d macvlan --subnet 10.0.0.0/24 -o parent=eth0 lan; docker run --rm -v keep:/keep alpine sh -c "echo kept > /keep/file"',
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

test('the same seed and commands give the same digest', () => {
  fc.assert(
    fc.property(
      fc.array(command, { minLength: 3, maxLength: 8 }),
      fc.integer({ min: 1, max: 1e6 }),
      (commands, seed) => {
        const played = () => {
          const { session, run } = seat({ seed })
          run('docker pull -q nginx:alpine; docker pull -q alpine')
          for (const one of commands) run(one)
          return session.digest()
        }
        expect(played()).toBe(played())
      },
    ),
    { numRuns: 8 },
  )
})

test('what was pushed is what is pulled, whatever else is pushed, and only what is missing travels', () => {
  const name = fc.constantFrom('one', 'two', 'shop/web')
  const tag = fc.constantFrom('1', '2')
  const deed = fc.tuple(fc.constantFrom('alpine', 'made'), name, tag)
  fc.assert(
    fc.property(fc.array(deed, { minLength: 1, maxLength: 6 }), (deeds) => {
      const { run } = seat()
      run('docker pull -q alpine; docker pull -q registry:2; docker run -d --name registry -p 5000:5000 registry:2')
      run("docker run --name own alpine sh -c 'echo x > /x'; docker commit own made; sleep 1")
      const pushed = new Map<string, string>()
      for (const [image, repository, version] of deeds) {
        const reference = `localhost:5000/${repository}:${version}`
        const told = run(`docker tag ${image} ${reference}; docker push ${reference}`)
        const digest = /digest: (sha256:[0-9a-f]{64})/.exec(told)?.[1]
        expect(digest).toBeDefined()
        // a layer travels once to a registry: later it is there, or is mounted from its other repository
        if (pushed.size > 0 && image === 'alpine') expect(told).not.toContain(': Pushed')
        pushed.set(reference, digest!)
      }
      for (const [reference, digest] of pushed) {
        run(`docker rmi ${reference}`)
        expect(run(`docker pull ${reference}`)).toContain(`Digest: ${digest}\n`)
      }
    }),
    { numRuns: 12 },
  )
})

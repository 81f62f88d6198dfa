import { expect, test } from 'vitest'
import { DockerContainer, engine } from '../../src/docker'
import { Event, MOST_EVENTS } from '../../src/docker/events/event'
import { Sandbox } from '../../src/platform/container/container'
import { Forward } from '../../src/platform/network/forward'
import { File } from '../../src/platform/shell/file'
import { seat, stocked } from './lab'

const only = (own: ReturnType<typeof seat>) => own.session.simulation.store.list(DockerContainer)[0]!.value

test('the delay before a restart doubles from 100 ms, and a run of ten seconds begins anew', () => {
  const own = stocked('alpine')
  own.run("docker run -d --name cc --restart always alpine sh -c 'exit 1'; sleep 2")
  expect(only(own)).toMatchObject({ restartCount: 4, restartDelay: 1600 })
  own.run('docker rm -f cc; docker run -d --name long --restart always alpine sleep 11; sleep 30')
  expect(only(own)).toMatchObject({ name: 'long', restartDelay: 100 })
})

test('a stop by hand ends all restarts; a start by hand begins them anew', () => {
  const own = stocked('alpine')
  own.run("docker run -d --name cc --restart always alpine sh -c 'sleep 1; exit 1'; sleep 5; docker stop cc; sleep 100")
  expect(only(own)).toMatchObject({ status: 'exited', manuallyStopped: true })
  own.run('docker start cc; sleep 10')
  expect(only(own).restartCount).toBeGreaterThan(0)
})

test('an end gives back everything: address, port, namespace, files in memory', () => {
  const own = stocked('nginx:alpine')
  own.run("docker run -d --name web -p 80:80 --tmpfs /cache nginx:alpine; docker exec web sh -c 'echo x > /cache/file'")
  const world = own.session.simulation.store
  const tmpfs = () => world.list(File).filter(({ key }) => key.includes('/tmpfs:'))
  expect([world.list(Sandbox).length, world.list(Forward).length, tmpfs().length]).toEqual([1, 1, 1])
  own.run('docker stop web')
  expect([world.list(Sandbox).length, world.list(Forward).length, tmpfs().length]).toEqual([0, 0, 0])
  expect(own.run('curl -s localhost; echo $?')).toBe('7\n')
})

test('a paused container runs nothing, accepts, and goes on where it was', () => {
  const own = stocked('alpine')
  own.run("docker run -d --name box alpine sh -c 'while true; do echo tick; sleep 1; done'; sleep 5; docker pause box")
  const before = own.run('docker logs box | wc -l')
  own.run('sleep 20')
  expect(own.run('docker logs box | wc -l')).toBe(before)
  own.run('docker unpause box; sleep 5')
  expect(Number(own.run('docker logs box | wc -l'))).toBeGreaterThan(Number(before))
  own.run('docker pause box')
  expect(own.run('docker stop -t 1 box; docker wait box')).toBe('box\n137\n')
})

test('an input reaches the container, also when the image has to be pulled first', () => {
  const { run } = seat()
  expect(run('echo hello | docker run -i --rm --quiet alpine cat 2>/dev/null')).toBe('hello\n')
  expect(run("printf 'echo in; exit 5\\n' | docker run -i --rm alpine sh; echo $?")).toBe('in\n5\n')
  expect(run('docker run -d --name box alpine sleep 100; seq 4 | docker exec -i box wc -l').split('\n')[1]).toBe('4')
})

test('the daemon remembers its last 256 events', () => {
  const own = stocked('alpine')
  own.run('for i in $(seq 60); do docker run --rm alpine true; done')
  const events = own.session.simulation.store.list(Event)
  expect(events.length).toBe(MOST_EVENTS)
  expect(own.run('docker events --since 1h --until 0s | wc -l')).toBe(`${MOST_EVENTS}\n`)
})

test('published ports are open to other machines; containers’ own addresses are not', () => {
  const lab = 'docker: true\nprompt: one\nmachines: [{name: one}, {name: two}]'
  const { run } = seat({ lab })
  run('docker run -d --name web -p 8080:80 nginx:alpine; docker run -d --name shy -p 127.0.0.1:9090:80 nginx:alpine')
  expect(run("ssh two curl -s -o /dev/null -w '%{http_code}' http://one:8080")).toBe('200')
  expect(run("ssh two curl -s -m 2 -o /dev/null -w '%{http_code}' http://one:9090")).toBe('000')
  expect(run("ssh two curl -s -m 2 -o /dev/null -w '%{http_code}' http://172.17.0.2")).toBe('000')
  // another machine's daemon has its own names, ports and addresses
  expect(
    run(
      "ssh two docker run -d --name web -p 8080:80 nginx:alpine 2>/dev/null; ssh two docker ps --format '{{.Names}}'",
    ),
  ).toMatch(/web\n$/)
  expect(run("docker ps --format '{{.Names}}'")).toBe('shy\nweb\n')
})

test('what the daemon does not know it refuses', () => {
  const own = seat()
  const ask = (method: 'GET' | 'POST', path: string) => {
    const { reply } = engine.handle(
      { machine: 'docker', method, path },
      own.session.simulation.store,
      undefined as never,
    )
    return reply as { status: number; body: { message: string } }
  }
  expect(ask('GET', '/nowhere')).toMatchObject({ status: 404, body: { message: 'page not found' } })
  expect(ask('POST', '/containers/json')).toMatchObject({ status: 404 })
})

test('same seed and commands, same digest; another seed gives other names', () => {
  const script = 'docker run -d alpine sleep 10; docker run -d -P nginx:alpine; sleep 20; docker ps -a'
  const once = (seed: number) => {
    const own = seat({ seed })
    const output = own.run(script)
    return { output, digest: own.session.digest() }
  }
  expect(once(7)).toEqual(once(7))
  expect(once(8).output).not.toBe(once(7).output)
})

import { expect, test } from 'vitest'
import { seat } from './lab'

/**
 * The networking tutorial of Docker's documentation (standalone containers), step by step: order, names, addresses and results as there. What
 * differs: MAC addresses are drawn since 28, `EnableIPv4`, `Ingress`, `ConfigFrom` and `ConfigOnly` came later than the tutorial.
 */
const places = (text: string) =>
  Object.fromEntries(
    Object.values(JSON.parse(text)[0].Containers as Record<string, { Name: string; IPv4Address: string }>).map(
      (one) => [one.Name, one.IPv4Address],
    ),
  )

test('the default bridge knows no names', () => {
  const { run } = seat()
  expect(run("docker network ls --format '{{.Name}} {{.Driver}} {{.Scope}}'")).toBe(
    'bridge bridge local\nhost host local\nnone null local\n',
  )
  run('docker run -dit --name alpine1 alpine ash; docker run -dit --name alpine2 alpine ash')
  expect(run("docker container ls --format '{{.Image}} {{.Command}} {{.Ports}}{{.Names}}'")).toBe(
    'alpine "ash" alpine2\nalpine "ash" alpine1\n',
  )
  expect(places(run('docker network inspect bridge'))).toEqual({ alpine1: '172.17.0.2/16', alpine2: '172.17.0.3/16' })
  expect(run('docker exec alpine1 ping -c 2 google.com')).toContain(
    '2 packets transmitted, 2 packets received, 0% packet loss',
  )
  expect(run('docker exec alpine1 ping -c 2 172.17.0.3')).toContain('64 bytes from 172.17.0.3: seq=1 ttl=64')
  expect(run('docker exec alpine1 ping -c 2 alpine2')).toBe("ping: bad address 'alpine2'\n")
  expect(run('docker container stop -t 1 alpine1 alpine2; docker container rm alpine1 alpine2')).toBe(
    'alpine1\nalpine2\nalpine1\nalpine2\n',
  )
})

test('a user-defined bridge does, and keeps others out', () => {
  const { run } = seat()
  run('docker network create --driver bridge alpine-net')
  expect(run("docker network ls --format '{{.Name}}'")).toBe('alpine-net\nbridge\nhost\nnone\n')
  expect(JSON.parse(run('docker network inspect alpine-net'))[0]).toMatchObject({
    Driver: 'bridge',
    IPAM: { Driver: 'default', Options: {}, Config: [{ Subnet: '172.18.0.0/16', Gateway: '172.18.0.1' }] },
    Internal: false,
    Containers: {},
    Options: {},
    Labels: {},
  })
  run(
    'docker run -dit --name alpine1 --network alpine-net alpine ash; docker run -dit --name alpine2 --network alpine-net alpine ash',
  )
  run('docker run -dit --name alpine3 alpine ash; docker run -dit --name alpine4 --network alpine-net alpine ash')
  run('docker network connect bridge alpine4')
  expect(run("docker container ls --format '{{.Names}}'")).toBe('alpine4\nalpine3\nalpine2\nalpine1\n')
  expect(places(run('docker network inspect bridge'))).toEqual({ alpine3: '172.17.0.2/16', alpine4: '172.17.0.3/16' })
  expect(places(run('docker network inspect alpine-net'))).toEqual({
    alpine1: '172.18.0.2/16',
    alpine2: '172.18.0.3/16',
    alpine4: '172.18.0.4/16',
  })
  expect(run('docker exec alpine1 ping -c 2 alpine2')).toContain(
    'PING alpine2 (172.18.0.3): 56 data bytes\n64 bytes from 172.18.0.3: seq=0 ttl=64',
  )
  expect(run('docker exec alpine1 ping -c 2 alpine4')).toContain('PING alpine4 (172.18.0.4)')
  expect(run('docker exec alpine1 ping -c 2 alpine3')).toBe("ping: bad address 'alpine3'\n")
  expect(run('docker exec alpine1 ping -c 2 -W 1 172.17.0.2')).toContain(
    '2 packets transmitted, 0 packets received, 100% packet loss',
  )
  expect(run('docker exec alpine4 ping -c 2 alpine1')).toContain('0% packet loss')
  expect(run('docker exec alpine4 ping -c 2 alpine3')).toBe("ping: bad address 'alpine3'\n")
  expect(run('docker exec alpine4 ping -c 2 172.17.0.2')).toContain('0% packet loss')
  for (const name of ['alpine1', 'alpine3', 'alpine4'])
    expect(run(`docker exec ${name} ping -c 2 google.com`)).toContain('0% packet loss')
  run('docker container stop -t 0 alpine1 alpine2 alpine3 alpine4; docker container rm alpine1 alpine2 alpine3 alpine4')
  expect(run('docker network rm alpine-net')).toBe('alpine-net\n')
})

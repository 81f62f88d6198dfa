import { describe, expect, test } from 'vitest'
import { Build, CacheRecord } from '../../src/docker/build/build'
import { draw } from '../../src/engine'
import { Container } from '../../src/platform/container/container'
import { LocalImage } from '../../src/platform/image/image'
import { storedLayerKey } from '../../src/platform/image/layer'
import { imageOf } from '../../src/platform/image/stored'
import { File } from '../../src/platform/shell/file'
import { Process } from '../../src/platform/shell/process'
import { seat } from './lab'

type Seat = ReturnType<typeof seat>
const last = ({ session }: Seat): Build => session.simulation.store.list(Build).at(-1)!.value
/** The steps of the last build that are vertices, and whether the cache had them. */
const cached = (own: Seat) =>
  Object.fromEntries(
    last(own)
      .steps.filter(({ vertex }) => vertex !== undefined)
      .map(({ name, cached: had = false }) => [name.replace(/^\[[^\]]*\] /, '').replace(/@sha256.*/, ''), had]),
  )

/** Layers that are named by somebody can always be read. */
function promises({ session }: Seat): void {
  const { store } = session.simulation
  const has = (machine: string, layers: readonly { readonly digest: string; readonly catalogue?: unknown }[]) => {
    for (const layer of layers)
      expect(layer.catalogue !== undefined || store.get(storedLayerKey(machine, layer.digest)) !== undefined).toBe(true)
  }
  for (const { value } of store.list(LocalImage)) has(value.machine, imageOf(store, value)!.layers)
  for (const { value } of store.list(CacheRecord)) has('docker', value.layers)
  for (const { value } of store.list(Container)) has(value.machine, value.spec.launch?.image.layers ?? [])
}

const DOCKERFILE = `FROM alpine:3.20 AS build
WORKDIR /src
COPY lib lib
RUN cat lib/* > /lib.out
COPY main .
RUN cat main /lib.out > /main.out
FROM alpine:3.20
COPY --from=build /main.out /main
COPY doc /doc
RUN echo last
`
const FILES = {
  'app/Dockerfile': DOCKERFILE,
  'app/lib/a': 'a',
  'app/lib/b': 'b',
  'app/main': 'm',
  'app/doc': 'd',
  'app/unused': 'u',
}
/** Which steps take a file, directly or through another. */
const TAKES: Readonly<Record<string, readonly string[]>> = {
  lib: [
    'COPY lib lib',
    'RUN cat lib/* > /lib.out',
    'COPY main .',
    'RUN cat main /lib.out > /main.out',
    'COPY --from=build /main.out /main',
    'COPY doc /doc',
    'RUN echo last',
  ],
  main: [
    'COPY main .',
    'RUN cat main /lib.out > /main.out',
    'COPY --from=build /main.out /main',
    'COPY doc /doc',
    'RUN echo last',
  ],
  doc: ['COPY doc /doc', 'RUN echo last'],
  unused: [],
}

describe('the build cache', () => {
  const built = () => {
    const own = seat({ files: FILES })
    own.run('docker build -q -t app app')
    return own
  }

  test('building twice without a change takes every step from the cache and gives the same image', () => {
    const own = built()
    const first = last(own).image
    own.run('docker build -q -t app app')
    expect(Object.values(cached(own)).every(Boolean)).toBe(true)
    expect(last(own).image).toBe(first)
  })

  test.each([
    ['app/lib/a', 'lib'],
    ['app/main', 'main'],
    ['app/doc', 'doc'],
    ['app/unused', 'unused'],
  ])('a change of %s misses exactly the steps that depend on it', (path, what) => {
    const own = built()
    own.run(`echo changed > ${path}; docker build -q -t app app`)
    const missed = Object.entries(cached(own)).flatMap(([name, had]) => (had ? [] : [name]))
    expect(missed).toEqual(TAKES[what])
    for (const { name, verdict } of last(own).steps)
      if (name.includes('COPY lib lib') && what === 'lib') expect(verdict).toMatchObject({ because: 'files' })
  })

  test('a stage that is built anew to the same files is no miss for those who copy them', () => {
    const own = seat({
      files: {
        'app/Dockerfile':
          'FROM alpine AS a\nARG V\nRUN echo $V > /dev/null; echo same > /x\nFROM alpine\nCOPY --from=a /x /x\n',
      },
    })
    own.run('docker build -q --build-arg V=1 app; docker build -q --build-arg V=2 app')
    expect(cached(own)).toEqual({
      'FROM docker.io/library/alpine:latest': true,
      'RUN echo 2 > /dev/null; echo same > /x': false,
      'COPY --from=a /x /x': true,
    })
  })

  test('a build that fails leaves what it has built', () => {
    const own = seat({ files: { 'app/Dockerfile': 'FROM alpine\nRUN echo one > /one\nRUN false\n' } })
    expect(own.run('docker build -q app; echo $?')).toContain('exit code: 1\n1\n')
    expect(last(own).state).toBe('failed')
    own.run('sed -i s/false/true/ app/Dockerfile; docker build -q app')
    expect(cached(own)).toMatchObject({ 'RUN echo one > /one': true, 'RUN true': false })
  })

  test('Ctrl-C gives up a build; what was built before is kept', () => {
    const own = seat()
    own.run("printf 'FROM alpine\\nRUN echo one > /one\\nRUN sleep 600\\n' > Dockerfile")
    const { session } = own
    const from = session.printed
    session.submit('docker build -t given-up .')
    session.advance(session.now + 5_000)
    expect(session.busy).toBe(true)
    session.interrupt()
    session.advance(session.now + 10)
    expect(session.busy).toBe(false)
    expect(session.status.code).toBe(130)
    const printed = session.outputSince(from).map(({ text }) => text)
    expect(printed.join('')).toContain('=> CANCELED [3/3] RUN sleep 600')
    expect(printed.join('').endsWith('ERROR: failed to build: failed to solve: Canceled: context canceled\n')).toBe(
      true,
    )
    expect(session.simulation.store.list(Process).filter(({ key }) => key.includes('build'))).toEqual([])
    expect(last(own).state).toBe('canceled')
    own.run("sed -i 's/600/1/' Dockerfile; docker build -q -t finished .")
    expect(own.status).toBe(0)
    expect(cached(own)).toMatchObject({ 'RUN echo one > /one': true, 'RUN sleep 1': false })
  })

  test('what a RUN makes belongs to its USER, and what is copied to root', () => {
    const own = seat({
      files: {
        a: 'a',
        Dockerfile: `FROM alpine
RUN adduser -D sam
USER sam
WORKDIR /home/sam
RUN echo own > mine && mkdir box && cp mine box/copy && ln -s mine link
COPY a a
USER 70:80
RUN touch /tmp/numbers
`,
      },
    })
    own.run('docker build -q -t owned .')
    const listed = own.run("docker run --rm owned sh -c 'ls -l . box /tmp' | awk '/^[dl-]/ { print $3, $4, $9 }'")
    expect(listed.trim().split('\n').sort()).toEqual([
      '70 80 numbers',
      'root root a',
      'sam sam box',
      'sam sam copy',
      'sam sam link',
      'sam sam mine',
    ])
  })

  test('nothing of a build is left behind but its layers', () => {
    const own = built()
    const { store } = own.session.simulation
    expect(store.list(Process).filter(({ key }) => key.includes('build'))).toEqual([])
    expect(store.list(File).filter(({ key }) => key.includes('build:'))).toEqual([])
  })
})

describe('promises of random courses', () => {
  const commands = [
    'docker build -q -t one app > /dev/null',
    'docker build -q -t two --target build app > /dev/null',
    'echo $RANDOM > app/main',
    'echo $RANDOM > app/lib/a',
    'docker build -q app > /dev/null',
    'docker rmi -f one',
    'docker rmi two',
    'docker run -d one sleep 100 > /dev/null',
    'docker run --name box$RANDOM two sh -c "echo hi > /hi" > /dev/null',
    'docker commit $(docker ps -qa | head -1) three > /dev/null',
    'docker image prune -f > /dev/null',
    'docker image prune -af > /dev/null',
    'docker builder prune -f > /dev/null',
    'docker builder prune -af > /dev/null',
    'docker rm -f $(docker ps -qa) > /dev/null',
    'docker tag one other',
  ]
  test.each([1, 2, 3])('a layer is never freed while somebody names it (seed %i)', (seed) => {
    const own = seat({ files: FILES, seed })
    for (let i = 0; i < 40; i++) {
      own.run(commands[Math.floor(draw(seed, 'course', '', 'command', i) * commands.length)]!)
      promises(own)
    }
  })
})

test('independent stages are built at the same time', () => {
  const own = seat({
    files: {
      'app/Dockerfile': `FROM alpine AS a\nRUN sleep 5\nFROM alpine AS b\nRUN sleep 5; echo b > /b\nFROM alpine AS unused\nRUN sleep 100\nFROM a\nCOPY --from=b /b /b\n`,
    },
  })
  own.run('docker build -q app')
  const { startedAt, endedAt = 0, steps } = last(own)
  expect(endedAt - startedAt).toBeLessThan(9_000)
  expect(steps.some(({ name }) => name.includes('sleep 100'))).toBe(false)
})

test('a container of a built image has what its Dockerfile says', () => {
  const own = seat({
    files: {
      'app/run.sh': '#!/bin/sh\necho "$GREETING from $(whoami) in $(pwd): $*"\n',
      'app/Dockerfile':
        'FROM alpine\nRUN adduser -D me\nENV GREETING=hello\nWORKDIR /work\nCOPY --chown=me --chmod=755 run.sh /run.sh\nUSER me\nENTRYPOINT ["/run.sh"]\nCMD ["a", "b"]\n',
    },
  })
  own.run('docker build -q -t app app')
  expect(own.run('docker run --rm app')).toBe('hello from me in /work: a b\n')
  expect(own.run('docker run --rm app c')).toBe('hello from me in /work: c\n')
  expect(own.run('docker run --rm --entrypoint ls app -l /run.sh')).toMatch(/^-rwxr-xr-x 1 me me +\d+ .* \/run\.sh\n$/)
})

test.each([
  [
    'a context that copies itself',
    'FROM scratch\nCOPY . /a\nCOPY . /a/a\n',
    'mkdir -p app/x; ln -s . app/x/loop',
    undefined,
  ],
  ['a base on itself', 'FROM a AS a\n', '', 'pull access denied'],
  ['a file as a folder', 'FROM alpine\nRUN echo > /x\nCOPY . /x/y\n', '', 'cannot copy to non-directory: /x'],
  ['strange names', 'FROM scratch\nCOPY . /\n', "touch 'app/a b' 'app/..c' 'app/$(x)' app/-rf", undefined],
  ['too many layers', `FROM alpine\n${'RUN true\n'.repeat(130)}`, '', 'max depth exceeded'],
])('hostile: %s', (_, dockerfile, script, problem) => {
  const own = seat({ files: { 'app/Dockerfile': dockerfile } })
  const said = own.run(`${script}\ndocker build -q app; echo $?`)
  if (problem === undefined) expect(said).toMatch(/sha256:[0-9a-f]{64}\n0\n$/)
  else expect(said).toContain(problem)
})

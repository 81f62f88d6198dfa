import { describe, expect, test } from 'vitest'
import { Deployment } from '../../src/kubernetes/kinds/deployment'
import { Pod } from '../../src/kubernetes/kinds/pod'
import { Load } from '../../src/platform/network/ledger'
import { keptBranchesOf } from '../../src/terminal/kept-branches'
import { kubernetesLab } from '../../src/terminal/lab/lab'
import { replay } from '../../src/terminal/moment'
import { Session } from '../../src/terminal/session'

const begin = () => new Session({ lab: kubernetesLab(3), seed: 1 })
const web = Deployment.key('default', 'web')
const CREATE = 'kubectl create deployment web --image=nginx:1.27 --replicas=2'

describe('what was done can be taken back', () => {
  test('undo takes the last input back, and everything that followed from it', () => {
    const session = begin()
    session.run(CREATE)
    session.run('kubectl rollout status deployment web')
    const before = session.digest()
    const { now } = session
    session.run('kubectl delete deployment web')
    session.advance(session.now + 60_000)
    expect(session.simulation.store.get(web)).toBeUndefined()
    expect(session.undo()).toBe(true)
    expect(session.now).toBe(now)
    expect(session.digest()).toBe(before)
    expect(session.simulation.store.get(web)).toBeDefined()
  })

  test('nothing done: nothing to take back', () => expect(begin().undo()).toBe(false))

  test('`sim undo` takes back itself and the input before it', () => {
    const session = begin()
    session.run(CREATE)
    const before = session.digest()
    session.run('kubectl delete deployment web')
    session.run('sim undo')
    expect(session.digest()).toBe(before)
    expect(session.simulation.inputs.map((input) => input.says)).toEqual([
      expect.stringContaining('kubectl create deployment web'),
    ])
    expect(session.run('kubectl get deployment web -o name')).toBe('deployment.apps/web\n')
  })

  test('`sim reset` begins anew', () => {
    const session = begin()
    const first = session.digest()
    session.run(`${CREATE}\nsleep 30`)
    session.run('sim reset')
    expect(session.digest()).toBe(first)
    expect(session.now).toBe(0)
    expect(session.busy).toBe(false)
  })
})

describe('branches', () => {
  test('going back and acting there leaves the other future as it was', () => {
    const session = begin()
    session.run(`${CREATE}\nsleep 20`)
    const at = session.now
    session.advance(at + 1)
    session.run('kubectl scale deployment web --replicas=5\nsleep 20')
    const future = session.digest()
    session.branchAt(at)
    expect(session.now).toBe(at)
    session.run('kubectl scale deployment web --replicas=0\nsleep 40')
    const other = session.digest()
    expect(session.simulation.store.list(Pod, { scope: 'default' })).toHaveLength(0)
    expect(session.branches().map(({ id, current, label }) => ({ id, current, label }))).toEqual([
      { id: 1, current: false, label: 'first course' },
      { id: 2, current: true, label: expect.stringContaining('--replicas=0') },
    ])
    session.switchTo(1)
    expect(session.digest()).toBe(future)
    expect(session.simulation.store.list(Pod, { scope: 'default' })).toHaveLength(5)
    session.switchTo(2)
    expect(session.digest()).toBe(other)
  })

  test('a deed is left out, and taken in again: the rest is done again at its times', () => {
    const session = begin()
    session.run(`${CREATE}\nsleep 20`)
    session.run('kubectl scale deployment web --replicas=5\nsleep 20')
    session.run('kubectl label deployment web tier=front\nsleep 5')
    const [end, whole] = [session.now, session.digest()]
    const replicas = () => session.simulation.store.list(Pod, { scope: 'default' }).length
    expect(replicas()).toBe(5)
    const place = session.deeds().findIndex(({ says }) => says.includes('scale'))
    const { at } = session.deeds()[place]!
    expect(session.toggleDeed(place)).toBe(true)
    expect(session.now).toBe(end)
    expect(replicas()).toBe(2)
    expect(session.run('kubectl get deployment web --show-labels --no-headers')).toContain('tier=front')
    expect(session.branches().at(-1)).toMatchObject({ parent: 1, at, current: true })
    expect(session.branches().at(-1)!.label).toMatch(/^without: you ran kubectl scale/)
    expect(session.deeds()[place]).toMatchObject({ at, done: false })
    session.switchTo(1)
    expect(session.digest()).toBe(whole)
    session.switchTo(2)
    session.undo()
    expect(session.toggleDeed(place)).toBe(true)
    session.advance(end)
    expect(session.deeds().every(({ done }) => done)).toBe(true)
    expect(session.digest()).toBe(whole)
    expect(session.toggleDeed(99)).toBe(false)
  })

  test('another branch is read beside this one, and goes on with it, without touching it', () => {
    const session = begin()
    session.run(`${CREATE}\nsleep 20`)
    const at = session.now
    session.run('kubectl scale deployment web --replicas=5\nsleep 20')
    session.branchAt(at)
    session.run('sleep 60')
    const own = session.digest()
    const pods = (time: number) => session.beside(1, time)!.world.list(Pod, { scope: 'default' }).length
    expect(pods(at)).toBe(2)
    expect(pods(session.now)).toBe(5)
    expect(session.beside(1, session.now)!.now).toBe(session.now)
    expect(session.digest()).toBe(own)
    expect(session.beside(2, at)).toBeUndefined()
    session.switchTo(1)
    expect(session.now).toBeLessThan(at + 25_000)
    const straight = begin()
    straight.run(`${CREATE}\nsleep 20`)
    straight.run('kubectl scale deployment web --replicas=5\nsleep 20')
    expect(session.digest()).toBe(straight.digest())
  })

  test('they are kept beside the course that runs, and played again when they are looked at', () => {
    const session = begin()
    session.run(`${CREATE}\nsleep 20`)
    const at = session.now
    session.advance(at + 1)
    session.run('kubectl scale deployment web --replicas=5\nsleep 20')
    session.branchAt(at)
    session.run('kubectl scale deployment web --replicas=3\nsleep 60')
    const place = session.deeds().findIndex(({ says }) => says.includes('replicas=3'))
    session.toggleDeed(place)
    session.switchTo(2)
    const digests = session.branches().map(({ id }) => {
      session.switchTo(id)
      return session.digest()
    })
    session.switchTo(2)
    const kept = keptBranchesOf(JSON.parse(JSON.stringify(session.keptBranches())))!
    // what they share with the course that runs is kept once
    expect(kept.all.map(({ own }) => own.map(({ says }) => says))).toEqual([
      ['ran kubectl scale deployment web --replicas=5', 'ran sleep 20'],
      [],
      ['ran sleep 60'],
    ])
    const again = begin()
    replay(again, session.simulation.inputs)
    again.advance(session.now)
    again.takeUpBranches(kept)
    expect(again.branches()).toEqual(session.branches())
    // read beside, before anybody went there
    expect(again.beside(1, at + 30_000)!.world.list(Pod, { scope: 'default' })).toHaveLength(5)
    expect(again.digest()).toBe(digests[1])
    for (const { id } of session.branches()) {
      again.switchTo(id)
      expect(again.digest()).toBe(digests[id - 1])
      expect(again.deeds()).toEqual((session.switchTo(id), session.deeds()))
    }
    // and what was kept before it was looked at is kept again
    expect(keptBranchesOf(JSON.parse(JSON.stringify(session.keptBranches())))!.all).toHaveLength(3)
  })

  test('a storage that holds something else has no branches', () => {
    for (const wrong of [
      undefined,
      {},
      { current: 1, all: [] },
      { current: 7, all: [{ id: 1, at: 0, kept: 0, shared: 0, until: 5, leftOut: [], own: [] }] },
      { current: 1, all: [{ id: 1, at: 0, kept: 0, shared: 0, until: -5, leftOut: [], own: [] }] },
      { current: 1, all: [{ id: 1, at: 0, kept: 0, shared: 1e9, until: 5, leftOut: [], own: [] }] },
      { current: 1, all: [{ id: 1, at: 0, kept: 0, shared: 0, until: 5, leftOut: [{ place: 0 }], own: [] }] },
    ])
      expect(keptBranchesOf(wrong)).toBeUndefined()
  })

  test('there are at most twelve, the first and the present one among them', () => {
    const session = begin()
    session.run('sleep 100')
    for (let i = 0; i < 20; i++) {
      session.branchAt(session.now - 1_000)
      session.advance(session.now + 1)
    }
    const branches = session.branches()
    expect(branches).toHaveLength(12)
    expect(branches[0]!.id).toBe(1)
    expect(branches.filter((branch) => branch.current)).toHaveLength(1)
  })
})

describe('running', () => {
  test('a script at once and command by command come to the same', () => {
    const lines = [
      CREATE,
      'kubectl rollout status deployment web',
      'for i in 1 2\ndo echo $i\ndone',
      'kubectl get pods | wc -l',
    ]
    const [whole, single] = [begin(), begin()]
    const text = whole.run(lines.join('\n'))
    expect(lines.map((line) => single.run(line)).join('')).toBe(text)
    expect(single.digest()).toBe(whole.digest())
    expect(text).toMatch(
      /^deployment.apps\/web created\n(Waiting .*\n)+deployment "web" successfully rolled out\n1\n2\n3\n$/,
    )
  })

  test('Ctrl-C ends `sim load`, and the load with it', () => {
    const session = begin()
    session.submit('sim load http://worker-1:30080/ --rps 10 --for 10m')
    session.advance(session.now + 5_000)
    expect(session.busy).toBe(true)
    expect(session.simulation.store.list(Load)).toHaveLength(1)
    session.interrupt()
    session.advance(session.now + 1_000)
    expect(session.busy).toBe(false)
    expect(session.simulation.store.list(Load)).toHaveLength(0)
    expect(session.status.code).toBe(130)
    const { handled } = session.simulation
    session.advance(session.now + 60_000)
    expect(session.simulation.handled - handled).toBeLessThan(100)
  })
})

describe('what there is to see', () => {
  test('markers tell the deeds, in order', () => {
    const session = begin()
    session.run(CREATE)
    session.advance(session.now + 10_000)
    session.fault('machine-crash', 'worker-1')
    session.advance(session.now + 60_000)
    const markers = session.markers()
    expect(markers.length).toBeGreaterThan(2)
    expect(markers.map(({ at }) => at)).toEqual(markers.map(({ at }) => at).sort((a, b) => a - b))
    session.undo()
    expect(session.markers().length).toBeLessThan(markers.length)
  })

  test('the next visible change is found, or run to', () => {
    const session = begin()
    session.run(CREATE)
    const { now } = session
    const next = session.nextVisible(now)
    expect(next).toBeGreaterThan(now)
    const change = session.simulation.store.since(session.revisionAt(now)).find((one) => !one.quiet)
    expect(change?.at).toBe(next)
  })

  test("a pod's verdicts name every node", () => {
    const session = begin()
    session.run(CREATE)
    session.advance(session.now + 1_000)
    const [pod] = session.simulation.store.list(Pod, { scope: 'default' })
    const text = JSON.stringify(session.verdicts(pod!.key))
    for (const node of ['control-plane', 'worker-1', 'worker-2', 'worker-3']) expect(text).toContain(node)
    expect(text).toContain('untolerated taint')
  })
})

describe('files', () => {
  test.each([['../secret'], ['/etc/passwd'], [''], ['a/../../b'], ['x'.repeat(500)]])(
    '%s is no path for a file',
    (path) => {
      const session = begin()
      expect(session.saveFile(path, 'x')).toBeDefined()
      expect(session.files()).toEqual([])
    },
  )

  test('too large is refused, hostile text is only text', () => {
    const session = begin()
    expect(session.saveFile('big.txt', 'x'.repeat(16_000_001))).toBeDefined()
    const text = '$(rm -rf /) `id` \'quotes\' "more" \\ \nEND\n'
    expect(session.saveFile("it's/a file.txt", text)).toBeUndefined()
    expect(session.files()).toEqual([{ path: "it's/a file.txt", text }])
    session.removeFile("it's/a file.txt")
    expect(session.files()).toEqual([])
  })
})

test('kubectl wait ends when the condition is met, not when its timeout is over', () => {
  const session = begin()
  session.run(CREATE)
  expect(session.run('kubectl wait --for=condition=Available deployment/web --timeout=180s')).toBe(
    'deployment.apps/web condition met\n',
  )
  expect(session.now).toBeLessThan(60_000)
})

test('a command ends when it ends, even where nothing else is going to happen', () => {
  const session = begin()
  session.run('sim fault machine-crash control-plane')
  const before = session.now
  session.run('sleep 100')
  session.run('date')
  expect(session.now - before).toBeLessThan(101_000)
})

test('a loop around a program that is not there does not turn without end in one moment', () => {
  const session = begin()
  session.run("kubectl run loop --image=busybox -- sh -c 'while true; do nothing-of-the-kind; done'; sleep 5")
  const before = session.simulation.handled
  session.advance(session.now + 1_000)
  expect(session.simulation.handled - before).toBeLessThan(500)
  expect(session.run('kubectl logs loop --tail=1')).toBe('sh: nothing-of-the-kind: not found\n')
})

test('tail -f shows what comes after', () => {
  const session = begin()
  session.run('printf "1\\n2\\n" > log')
  expect(session.run('(sleep 2; echo 3 >> log) & timeout 5 tail -n 1 -f log')).toMatch(/\n2\n3\n$/)
})

import { expect, test } from 'vitest'
import { seat } from './lab'

/** A terminal with these images, whose lines are typed one after the other with three seconds between. */
function typing(...images: readonly string[]) {
  const { session, run } = seat()
  for (const image of images) run(`docker pull -q ${image}`)
  const from = session.printed
  const pause = () => session.advance(session.now + 3000)
  const told = (...streams: readonly string[]) =>
    session
      .outputSince(from)
      .filter(({ stream }) => streams.includes(stream))
      .map(({ text }) => text)
      .join('')
  return {
    session,
    run,
    told,
    type: (line: string) => (session.submit(line), pause()),
    keys: (keys: string) => (session.type(keys), pause()),
    interrupt: () => (session.interrupt(), pause()),
  }
}

test('a shell with a terminal echoes what is typed, Ctrl-C ends its command only, and its exit code is the client’s', () => {
  const { session, type, interrupt, told } = typing('alpine')
  type('docker run -it --name box alpine sh')
  type('echo hello')
  type('sleep 100')
  interrupt()
  type('exit 3')
  expect(told('out')).toBe('/ # echo hello\nhello\n/ # sleep 100\n^C\n/ # exit 3\n')
  expect([session.busy, session.status.code]).toEqual([false, 3])
})

test('without a terminal Ctrl-C goes to the first process, and the client tells its exit code', () => {
  const { session, type, interrupt, run } = typing('nginx:alpine')
  type('docker run --name web nginx:alpine')
  interrupt()
  expect([session.busy, session.status.code]).toEqual([false, 0])
  expect(run("docker ps -a --format '{{.Status}}'")).toMatch(/^Exited \(0\)/)
})

test('a first process that ignores it runs on; the third Ctrl-C ends the client', () => {
  const { session, type, interrupt, run, told } = typing('alpine')
  type('docker run --name box alpine sleep 1000')
  interrupt()
  interrupt()
  expect(session.busy).toBe(true)
  interrupt()
  expect([session.busy, session.status.code]).toEqual([false, 1])
  expect(told('err')).toBe('^C\n^C\n^C\n\ngot 3 SIGTERM/SIGINTs, forcefully exiting\n')
  expect(run("docker ps --format '{{.Names}}'")).toBe('box\n')
})

test('--sig-proxy=false: the client leaves at once', () => {
  const { session, type, interrupt, run } = typing('nginx:alpine')
  type('docker run --sig-proxy=false nginx:alpine')
  interrupt()
  expect([session.busy, session.status.code]).toEqual([false, 130])
  expect(run('docker ps -q | wc -l')).toBe('1\n')
})

test('Ctrl-P Ctrl-Q, or other keys, leave a container that runs on', () => {
  const { session, type, keys, run, told } = typing('alpine')
  type('docker run -it --name box alpine sh')
  keys('\x10\x11')
  expect([session.busy, session.status.code]).toEqual([false, 0])
  type('docker attach --detach-keys=ctrl-x,q box')
  type('echo again')
  keys('\x18q')
  expect([session.busy, session.status.code]).toEqual([false, 1])
  expect(told('out', 'err')).toContain('echo again\nagain\n/ # read escape sequence\n')
  expect(run("docker ps --format '{{.Names}} {{.State}}'")).toBe('box running\n')
  expect(run('docker attach --detach-keys=meta-z box')).toBe('invalid detach keys (meta-z) provided\n')
})

test('timeout asks the container to end, and waits for it', () => {
  const { run } = typing('nginx:alpine')
  run('timeout 3 docker run --name web nginx:alpine >/dev/null 2>&1; echo $?')
  expect(run("docker ps -a --format '{{.Status}}'")).toMatch(/^Exited \(0\)/)
})

test('what is typed ahead runs when the command has ended', () => {
  const { type, told } = typing('alpine')
  type('sleep 5')
  type('echo next')
  type('true')
  expect(told('out')).toBe('next\n')
  expect(told('in')).toContain('echo next')
})

test('acting in the past ends a client that takes no notice of Ctrl-C', () => {
  const { session, type, run } = typing('alpine')
  type('docker run alpine sleep 1000')
  session.branchAt(session.now - 1000)
  expect(run('echo here')).toBe('here\n')
})

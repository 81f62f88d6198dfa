import { afterEach, expect, test, vi } from 'vitest'
import { Desk } from '../../src/app/desk/desk'

afterEach(() => vi.unstubAllGlobals())

/** A desk whose engine answers when told to: `answer` ends the frame that is being waited for. */
async function desk() {
  let tick: (time: number) => void = () => {}
  let answer: (frame: unknown) => void = () => {}
  vi.stubGlobal('requestAnimationFrame', (next: typeof tick) => {
    tick = next
    return 1
  })
  vi.stubGlobal('cancelAnimationFrame', () => {})
  const client = {
    call: async (name: string) =>
      name === 'frame'
        ? new Promise((resolve) => (answer = resolve))
        : name === 'run'
          ? { printed: 'done', now: 5000 }
          : { lab: 'kubernetes', seed: 1, sameCourse: true },
    end: () => {},
  }
  const made = new Desk(client as never, {} as never, 'light' as never)
  const settled = async () => {
    for (let i = 0; i < 5; i++) await Promise.resolve()
  }
  const opened = made.open({} as never)
  await settled()
  answer({ at: 1000, now: 1000, revision: 1 })
  await opened
  return {
    desk: made,
    tick: (time: number) => tick(time),
    async answer(at: number, now = at) {
      answer({ at, now, revision: 2 })
      await settled()
    },
  }
}

test('an answer that was asked for before the reader went elsewhere does not take her back', async () => {
  const { desk: made, tick, answer } = await desk()
  tick(16)
  made.seek(500)
  await answer(1016)
  expect(made.state).toMatchObject({ at: 500, past: true })
  made.end()
})

test('an answer to the moment asked for is shown', async () => {
  const { desk: made, tick, answer } = await desk()
  tick(16)
  await answer(1016)
  expect(made.state).toMatchObject({ at: 1016, now: 1016, past: false })
  made.end()
})

test('after a line that was run at once the moment shown is its end, whatever frame was under way', async () => {
  const { desk: made, tick, answer } = await desk()
  tick(16)
  expect(await made.run('sleep 4')).toBe('done')
  expect(made.state).toMatchObject({ at: 5000, now: 5000, past: false })
  await answer(1016)
  expect(made.state).toMatchObject({ at: 5000, now: 5000, past: false })
  made.end()
})

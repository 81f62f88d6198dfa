import { expect, test } from 'vitest'
import { RecordedClient } from '../../src/app/recording/recorded-client'
import { type Recording, recordingOf, shownIn } from '../../src/app/recording/recording'
import { takeRecording } from '../../src/app/recording/take'
import type { Client } from '../../src/app/session/client'
import { Host } from '../../src/app/session/host'
import type { FrameRequest } from '../../src/app/session/protocol'

const RUN = { lab: 'kubernetes', seed: 3, folders: [] }

function engine(): Client {
  const host = new Host({ perFrame: 1e9 })
  let n = 0
  return {
    async call(name, ...args) {
      const answer = await host.answer({ id: ++n, name, args })
      if ('error' in answer) throw new Error(answer.error)
      return answer.value as any
    },
    end: () => undefined,
  }
}

const asked = (wanted: number, more: Partial<FrameRequest> = {}): FrameRequest => ({
  wanted,
  past: true,
  selected: undefined,
  window: 2_200,
  step: 0,
  view: 'rollout',
  beside: undefined,
  ...more,
})

async function recorded(): Promise<{ recording: Recording; live: Client; to: number }> {
  const live = engine()
  await live.call('open', RUN)
  await live.call('run', 'kubectl create deployment web --image=nginx --replicas=4; sleep 20')
  await live.call('run', 'kubectl set image deployment web nginx=nginx:1.29; sleep 15')
  const moment = await live.call('moment', undefined)
  const taken = await takeRecording(engine(), RUN, moment, 'rollout')
  return { recording: recordingOf(JSON.stringify(taken))!, live, to: Math.floor(moment.at) }
}

test('a recording shows what the engine shows, at every moment of it', async () => {
  const { recording, live, to } = await recorded()
  const client = new RecordedClient(recording, () => Promise.reject(new Error('the engine is not wanted')))
  await client.call('open', RUN)
  let scene: unknown
  let viewScene: unknown
  for (let at = recording.from; at <= to; at += 700) {
    const frame = await client.call('frame', asked(at))
    scene = frame.scene ?? scene
    viewScene = frame.viewScene ?? viewScene
    // pictures are taken every tenth of a second
    const moment = recording.from + Math.floor((at - recording.from) / 100) * 100
    const there = await live.call('frame', asked(moment, { selected: `none ${at}` }))
    const own = ({ at: _, ...rest }: any) => JSON.parse(JSON.stringify(rest))
    expect(own(scene).machines, `at ${at}`).toEqual(own(there.scene).machines)
    expect(own(viewScene), `at ${at}`).toEqual(own(there.viewScene))
  }
  // what is equal is there once: not much more than one picture for each change
  expect(JSON.stringify(recording).length).toBeLessThan(400_000)
  expect(shownIn(recording).length).toBeGreaterThan(20)
})

test('the engine comes when it is needed, and goes on from the end of the recording', async () => {
  const { recording, live, to } = await recorded()
  let opened = 0
  const client = new RecordedClient(recording, async () => (opened++, engine()))
  await client.call('open', RUN)
  await client.call('frame', asked(to - 1_000))
  let ended = 0
  client.onEnd = () => ended++
  const last = await client.call('frame', asked(to + 40, { past: false }))
  expect([ended, opened, last.at]).toEqual([1, 0, to])
  // played on from there
  await client.call('frame', asked(to + 80, { past: false }))
  expect(opened).toBe(1)
  expect(await client.call('digest')).toBe(await live.call('digest'))
  const { printed } = await client.call('run', 'kubectl get deployment web --no-headers')
  expect(printed).toMatch(/^web +4\/4/)
  expect((await client.call('frame', asked(to + 100, { past: false }))).scene).toBeDefined()
})

test('a thing looked at, another view, an earlier time: all of them want the engine', async () => {
  const { recording } = await recorded()
  for (const more of [{ selected: 'x' }, { view: 'limits' as const }, { wanted: recording.from - 1 }]) {
    let opened = 0
    const client = new RecordedClient(recording, async () => (opened++, engine()))
    await client.call('open', RUN)
    await client.call('frame', asked(recording.from + 5, more))
    expect(opened, JSON.stringify(more)).toBe(1)
  }
})

test('what is no recording is not taken for one', () => {
  for (const text of [
    '',
    '{}',
    'null',
    '{"drydock":"recording"}',
    '[1,2',
    '{"drydock":"recording","samples":[],"parts":[]}',
  ])
    expect(recordingOf(text)).toBeUndefined()
})

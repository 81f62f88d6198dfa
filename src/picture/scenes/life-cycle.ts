import { partsOf, type World } from '../../engine'
import { Container } from '../../platform/container/container'
import { containerMachine } from '../../platform/container/life-cycle'
import { containerMarks } from './docker-marks'
import type { LifeCycleScene, LifeState, LifeStep } from './docker-views'

const MOST_IN_STATE = 12

const ABOUT: Readonly<Record<string, string>> = {
  created: 'its files are there, nothing runs',
  running: 'its first process runs',
  paused: 'frozen: no processor time, memory stays',
  exited: 'its first process has ended, its files stay',
  dead: 'could not be removed whole',
}

/** The states and steps are read from the machine that the runtime itself goes by. */
const steps: readonly LifeStep[] = Object.entries(containerMachine.config.states ?? {}).flatMap(([from, state]) => {
  const byGoal = new Map<string, string[]>()
  for (const [event, to] of Object.entries((state.on ?? {}) as Readonly<Record<string, string>>))
    byGoal.set(to, [...(byGoal.get(to) ?? []), event])
  return [...byGoal].map(([to, events]) => ({ id: `${from} ${to}`, from, to, events }))
})

const stateIds: readonly string[] = Object.keys(containerMachine.config.states ?? {})

/** Where each container stands in its life, and the step that led the chosen one there. */
export function lifeCycleScene(world: World, selected: string | undefined): LifeCycleScene {
  const marks = containerMarks(world)
  const inState = new Map<string, LifeState['containers'][number][]>()
  for (const { head, ...mark } of marks) {
    const runs = world.get(Container.key(head.value.machine, head.value.id))
    const state = runs?.state ?? 'created'
    const { status, exitCode, restartCount } = head.value
    const note =
      status === 'restarting'
        ? `starts again, ${restartCount + 1}. time`
        : state === 'exited'
          ? `code ${runs?.exitCode ?? exitCode}`
          : ''
    inState.set(state, [...(inState.get(state) ?? []), { ...mark, note }])
  }
  return {
    view: 'life-cycle',
    at: world.now,
    revision: world.revision,
    states: stateIds.map((id) => ({
      id,
      about: ABOUT[id] ?? '',
      containers: (inState.get(id) ?? []).slice(-MOST_IN_STATE),
    })),
    steps,
    chosen: chosenOf(world, selected),
  }
}

/** The selected container, else the one whose state has changed last. */
function chosenOf(world: World, selected: string | undefined): LifeCycleScene['chosen'] {
  const all = world.list(Container)
  const id = selected === undefined ? undefined : partsOf(selected as never).name
  const latest = () =>
    all.reduce<(typeof all)[number] | undefined>(
      (last, head) => (!last || head.revision > last.revision ? head : last),
      undefined,
    )
  const head = all.find(({ value }) => value.id === id) ?? latest()
  if (!head) return undefined
  let before = head.previous
  while (before?.value && before.value.state === head.value.state) before = before.previous
  const from = before?.value?.state
  const step = from === undefined ? undefined : steps.find((one) => one.from === from && one.to === head.value.state)
  const { name, state } = head.value
  const says = from === undefined ? `${name} is ${state}` : `${name} went from ${from} to ${state}`
  return { name, state, step: step?.id, says }
}

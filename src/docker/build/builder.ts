import type { Controller, Key, Plan } from '../../engine'
import { partsOf } from '../../engine'
import { Machine, machineKey } from '../../platform/machine/machine'
import { Process } from '../../platform/shell/process'
import { Pass } from '../pass'
import { Build } from './build'
import { Turn } from './turn'

/** The builder of a machine's daemon: BuildKit, as dockerd has it built in. Steps that need nothing of each other run at the same time. */
export const builder: Controller = {
  name: 'buildkit',
  about: 'goes through the steps of builds, as far as the cache does not have them',
  watches: [
    { kind: Build },
    {
      kind: Process,
      wake: ({ value, previous }) =>
        value?.state === 'exited' &&
        previous?.value?.state === 'running' &&
        String(value.owner).startsWith(`${Build.id}/`)
          ? value.owner
          : undefined,
    },
    {
      kind: Machine,
      wake: ({ value, previous }, world) =>
        value && value.power === 'on' && previous?.value?.power !== 'on'
          ? world
              .list(Build, { scope: value.name })
              .filter((head) => head.value.state === 'running')
              .map(({ key }) => key)
          : undefined,
    },
  ],
  reconcile(about, world, tools): Plan | undefined {
    const key = about as Key<Build>
    const head = world.head(key)
    if (head?.value.state !== 'running') return undefined
    const machine = world.get(machineKey(partsOf(key).scope))
    if (machine?.power !== 'on' || machine.daemons['dockerd'] !== 'running') return undefined
    const pass = new Pass(world, tools, machine.name)
    const build = head.value
    const because = { id: 'docker/build-went-on', values: { file: build.inputs.file }, of: [head.revision] }
    const lost = machine.powerSince > build.startedAt
    const turn = new Turn(pass, build, because)
    const after = lost ? turn.stop('canceled') : turn.taken()
    if (after !== build) pass.set(key, after, because)
    const due = after.steps.flatMap(({ state, endsAt, beginsAt }) =>
      state === 'running' ? [endsAt, beginsAt].filter((at) => at !== undefined) : [],
    )
    return pass.plan(after.state !== 'running' || due.length === 0 ? undefined : Math.min(...due) - world.now)
  },
}

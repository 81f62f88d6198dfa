import { type Controller, defineKind, edit, type Room, Simulation, type Wish } from '../../src/engine'

/** A toy world: crowds want members, members grow up, die and are replaced; bells ring on their own. */
export interface Crowd {
  readonly wanted: number
  readonly made: number
}
export interface Member {
  readonly crowd: string
  readonly age: number
  readonly mood: number
}
export const Crowd = defineKind<Crowd>('toy/Crowd', { about: 'wants members' })
export const Member = defineKind<Member>('toy/Member', { about: 'grows', indexes: { crowd: (m) => m.crowd } })

const keeper: Controller = {
  name: 'keeper',
  about: 'makes as many members as wanted',
  watches: [
    { kind: Crowd },
    { kind: Member, wake: (c) => Crowd.key('', (c.value ?? c.previous?.value)?.crowd), after: 2 },
  ],
  reconcile(about, world) {
    const key = about as ReturnType<typeof Crowd.key>
    const crowd = world.get(key)
    if (!crowd) return undefined
    const name = about.slice(about.lastIndexOf('/') + 1)
    const members = world.list(Member, { crowd: name })
    const of = [world.head(key)!.revision]
    if (members.length < crowd.wanted) {
      const member: Member = { crowd: name, age: 0, mood: 0 }
      return {
        changes: [
          {
            key: Member.key(name, String(crowd.made)),
            value: member,
            because: { id: 'toy/wanted', values: { ...crowd }, of },
          },
          { key, value: edit(crowd, (c) => void c.made++), because: { id: 'toy/counted' } },
        ],
      }
    }
    if (members.length > crowd.wanted) {
      return { changes: [{ key: members[0]!.key, value: undefined, because: { id: 'toy/unwanted', of } }] }
    }
    return undefined
  },
}

const grower: Controller = {
  name: 'grower',
  about: 'ages members by chance',
  watches: [{ kind: Member, after: 1 }],
  reconcile(about, world, tools) {
    const head = world.head(about as ReturnType<typeof Member.key>)
    if (!head || head.value.age >= 4) return undefined
    const mood = tools.draw(head.uid, 'mood', head.value.age)
    return {
      changes: [
        {
          key: head.key,
          value: edit(head.value, (m) => {
            m.age++
            m.mood = Math.floor(mood * 1000)
          }),
          because: { id: 'toy/grew', values: { mood } },
        },
      ],
      again: 5 + Math.floor(mood * 400),
    }
  },
}

const hand: Controller = {
  name: 'hand',
  about: 'does what comes from outside',
  watches: [],
  reconcile(_about, world, tools) {
    const body = tools.message.body as { do: 'want' | 'kill'; crowd: string; n: number }
    if (body.do === 'want') {
      const key = Crowd.key('', body.crowd)
      const made = world.get(key)?.made ?? 0
      return { changes: [{ key, value: { wanted: body.n, made }, because: { id: 'toy/asked' } }] }
    }
    const members = world.list(Member, { crowd: body.crowd })
    const victim = members[body.n % Math.max(1, members.length)]
    return victim ? { changes: [{ key: victim.key, value: undefined, because: { id: 'toy/killed' } }] } : undefined
  },
}

export const toy: Room = {
  name: 'toy',
  controllers: [keeper, grower, hand],
  doors: [],
  sentences: { 'toy/wanted': (v) => [`made a member`, `${v.wanted} wanted`] },
}

export const toySimulation = (seed = 1, genesis: readonly Wish[] = []) =>
  new Simulation({ rooms: [toy], seed, genesis })

export type Deed = { readonly after: number; readonly do: 'want' | 'kill'; readonly crowd: string; readonly n: number }

export function act(simulation: Simulation, deed: Deed): void {
  simulation.run({ until: simulation.now + deed.after })
  simulation.input({
    to: 'hand',
    about: deed.crowd,
    body: { do: deed.do, crowd: deed.crowd, n: deed.n },
    says: `${deed.do} ${deed.n}`,
  })
}

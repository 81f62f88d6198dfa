/** Ways to pick one of several targets: one file each, and this list. */
import type { Balancer } from './balancer'
import { random } from './random'
import { roundRobin } from './round-robin'

export type { Balancer } from './balancer'

export const balancers: readonly Balancer[] = [random, roundRobin]

const byName = new Map(balancers.map((balancer) => [balancer.name, balancer]))
export const balancerNamed = (name: string): Balancer => byName.get(name) ?? random

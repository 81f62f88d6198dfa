import type { Balancer } from './balancer'

/** IPVS' `rr`, nginx' default: one after the other. */
export const roundRobin: Balancer = {
  name: 'round-robin',
  about: 'one target after the other',
  says: 'in turn',
  pick: ({ count, turn }) => turn % count,
}

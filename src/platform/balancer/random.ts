import type { Balancer } from './balancer'

/** kube-proxy's iptables rules: each target with probability 1/n, for every connection anew. */
export const random: Balancer = {
  name: 'random',
  about: 'each target is as likely as another, for every connection anew',
  says: 'at random',
  pick: ({ count, draw }) => Math.floor(draw * count),
}

import type { World } from '../../engine/kind'
import { Forward } from '../network/forward'
import { endsOn, type Program } from './program'
import { page, pathOf } from './web'

/**
 * The components of the control plane as containers: what they do is done by the controllers of the room `kubernetes`; here
 * stand their ports, health answers, and what they use. They need their machine and their memory like anybody else.
 */
const component = (
  name: string,
  ports: readonly number[],
  cpuMillis: number,
  megabytes: number,
  start: readonly [number, number],
): Program => ({
  name,
  about: `${name}, a part of the control plane`,
  startMillis: start,
  cpuMillis,
  memoryBytes: megabytes * 1_000_000,
  requestCpuMillis: 1,
  ports: () => ports,
  answer: (incoming, call) => {
    if (incoming.protocol !== 'http' && incoming.protocol !== 'https') return { status: 0, body: '', millis: 1 }
    const isHealth = /^\/(healthz|livez|readyz|health)/.test(pathOf(incoming))
    if (isHealth) return page(call, 200, name === 'etcd' ? '{"health":"true","reason":""}' : 'ok')
    return page(
      call,
      403,
      `{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"forbidden: User \\"system:anonymous\\" cannot get path \\"${pathOf(incoming)}\\"","reason":"Forbidden","details":{},"code":403}\n`,
      { type: 'application/json' },
    )
  },
  signal: endsOn(0, 300),
})

export const kubeApiserver = component('kube-apiserver', [6443], 45, 260, [1800, 3200])
export const etcd = component('etcd', [2379, 2380, 2381], 22, 60, [400, 900])
export const kubeControllerManager = component('kube-controller-manager', [10257], 18, 55, [700, 1500])
export const kubeScheduler = component('kube-scheduler', [10259], 4, 24, [600, 1300])

const proxy = component('kube-proxy', [10249, 10256], 1, 18, [100, 300])
export const kubeProxy: Program = {
  ...proxy,
  answer: (incoming, call) =>
    pathOf(incoming) === '/proxyMode' ? page(call, 200, modeOf(call.world)) : proxy.answer!(incoming, call),
}

/** As the rules show it: IPVS' balancer takes turns. */
const modeOf = (world: World): string =>
  world.list(Forward).some(({ value }) => value.by === 'kube-proxy' && value.balancer === 'round-robin')
    ? 'ipvs'
    : 'iptables'

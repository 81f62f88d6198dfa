/**
 * What images do when they run: one file each, and this ordered list. A program's memory is plain data in its container; what
 * it asks of others goes through `Call.request`, so that the picture can show the hops.
 */
import { agnhost, liveness } from './agnhost'
import { busyboxHttpd } from './busybox-httpd'
import { etcd, kubeApiserver, kubeControllerManager, kubeProxy, kubeScheduler } from './control-plane'
import { coredns } from './coredns'
import { echoserver, helloApp, hpaExample, httpEcho, serveHostname } from './echo'
import { http } from './http'
import { httpd } from './httpd'
import { helloWorld, node, perl, python } from './languages'
import { nginx } from './nginx'
import { pause } from './pause'
import { podinfo } from './podinfo'
import { postgres } from './postgres'
import type { Program } from './program'
import { redis } from './redis'
import { registry } from './registry'
import { result } from './result'
import { memcached, mongo, mysql, rabbitmq } from './servers'
import { shell } from './shell'
import { sleep } from './sleep'
import { stress } from './stress'
import { vote } from './vote'
import { worker } from './worker'

export const programs: readonly Program[] = [
  http,
  shell,
  sleep,
  pause,
  nginx,
  httpd,
  busyboxHttpd,
  redis,
  postgres,
  mysql,
  mongo,
  memcached,
  rabbitmq,
  registry,
  coredns,
  kubeApiserver,
  etcd,
  kubeControllerManager,
  kubeScheduler,
  kubeProxy,
  agnhost,
  liveness,
  echoserver,
  helloApp,
  httpEcho,
  serveHostname,
  hpaExample,
  podinfo,
  stress,
  perl,
  node,
  python,
  helloWorld,
  vote,
  result,
  worker,
]

const byName = new Map(programs.map((program) => [program.name, program]))

/** The program with this name; undefined: a container names none that exists. */
export const programNamed = (name: string): Program | undefined => byName.get(name)

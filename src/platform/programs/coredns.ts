import type { Program } from './program'
import { page, pathOf } from './web'

/** CoreDNS with kubeadm's Corefile. That it listens on 53 is what lets names be resolved; the records are objects of the platform. */
export const coredns: Program = {
  name: 'coredns',
  about: 'the DNS server of the cluster',
  startMillis: [90, 260],
  cpuMillis: 3,
  memoryBytes: 17_000_000,
  requestCpuMillis: 0.05,
  ports: () => [53, 8080, 8181, 9153],
  banner: ({ command }) => [
    { after: 90, stream: 'out', text: '.:53\n' },
    {
      after: 90,
      stream: 'out',
      text: '[INFO] plugin/reload: Running configuration SHA512 = 1b226df79860026c6a52e67daa10d7f0d57ec5b023288ec00c5e05f93523c894564e15b91770d3a07ae1cfbe861d15b37d4a0027e69c546ab112970993a3b03b\n',
    },
    { after: 92, stream: 'out', text: `CoreDNS-${command.image?.version ?? '1.12.1'}\n` },
    { after: 92, stream: 'out', text: 'linux/amd64, go1.24.1, 707c7c1\n' },
  ],
  answer: (incoming, call) => {
    if (incoming.protocol !== 'http') return { status: 0, body: '', millis: 1 }
    const path = pathOf(incoming)
    return (incoming.port === 8080 && path === '/health') || (incoming.port === 8181 && path === '/ready')
      ? page(call, 200, 'OK')
      : page(call, 404, '404 page not found\n')
  },
  /** `lameduck 5s`: it goes on answering for five seconds. */
  signal: (signal) =>
    signal === 'SIGTERM' || signal === 'SIGINT'
      ? {
          exit: 0,
          after: 5000,
          print: [
            {
              stream: 'out',
              text: `[INFO] SIGTERM: Shutting down servers then terminating\n[INFO] plugin/health: Going into lameduck mode for 5s\n`,
            },
          ],
        }
      : 'ignored',
}

import { endsOn, type Program } from './program'
import { page, serving } from './web'

/**
 * What an image does of which nothing is known: it listens on the declared ports, and answers every HTTP request with 200,
 * TCP and gRPC health checks too (simplified).
 */
export const http: Program = {
  name: 'http',
  about: 'a server that answers 200 to everything',
  startMillis: [60, 400],
  cpuMillis: 2,
  memoryBytes: 36_000_000,
  requestCpuMillis: 1,
  steady: true,
  ports: ({ container, command }) => {
    const { ports: own } = container.spec.launch ?? {}
    if (own) return own
    const declared = container.spec.ports.filter(({ protocol }) => protocol === 'TCP').map(({ port }) => port)
    if (declared.length > 0) return declared
    const { exposed } = command.image?.config ?? { exposed: [] }
    if (exposed.length > 0) return exposed
    const port = Number(command.env['PORT'])
    return port > 0 && port < 65_536 ? [port] : [80, 8080]
  },
  answer: (incoming, call) => {
    if (incoming.protocol === 'grpc') return serving()
    if (incoming.protocol === 'tcp' || incoming.protocol === 'udp') return { status: 0, body: '', millis: 1 }
    const { image: own } = call.command
    const image = own && own.built !== true ? own.name : call.container.spec.image
    return page(call, 200, `${image} on ${call.container.spec.hostname}: ${incoming.method} ${incoming.path}\n`, {
      millis: 2,
    })
  },
  signal: endsOn(0, 40),
}

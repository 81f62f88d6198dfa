import { slashDate } from './dates'
import { endsOn, goSignals, type Program } from './program'
import { fields, hangUp, isWeb, page } from './web'

/** Tells the request that it got, as Kubernetes' minikube tutorial shows it. */
export const echoserver: Program = {
  name: 'echoserver',
  about: 'answers with the request that it got',
  startMillis: [40, 90],
  cpuMillis: 1,
  memoryBytes: 12_000_000,
  requestCpuMillis: 0.3,
  ports: () => [8080],
  answer: (incoming, call) => {
    if (!isWeb(incoming)) return hangUp()
    const headers = Object.entries({
      accept: '*/*',
      host: `${incoming.host}:${incoming.port}`,
      ...incoming.headers,
    }).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    const body = incoming.body === '' ? '-no body in request-' : incoming.body
    const text = `

Hostname: ${call.container.spec.hostname}

Pod Information:
	-no pod information available-

Server values:
	server_version=nginx: 1.13.3 - lua: 10008

Request Information:
	client_address=${incoming.client}
	method=${incoming.method}
	real path=${incoming.path}
	query=${incoming.path.split('?')[1] ?? ''}
	request_version=1.1
	request_scheme=http
	request_uri=http://${incoming.host}:8080${incoming.path}

Request Headers:
${headers.map(([name, value]) => `	${name}=${value}`).join('\n')}

Request Body:
	${body}

`
    return page(call, 200, text, { server: 'echoserver', type: 'text/plain' })
  },
  signal: endsOn(0, 60),
}

/** Google's sample: says hello, its version and its host name. */
export const helloApp: Program = {
  name: 'hello-app',
  about: 'says hello, its version and its host name',
  startMillis: [5, 20],
  cpuMillis: 0,
  memoryBytes: 6_000_000,
  requestCpuMillis: 0.1,
  ports: ({ command }) => [Number(command.env['PORT'] ?? '8080')],
  banner: ({ epoch, command }) => [
    {
      after: 5,
      stream: 'err',
      text: `${slashDate(epoch + 5)} Server listening on port ${command.env['PORT'] ?? '8080'}\n`,
    },
  ],
  answer: (incoming, call) => {
    if (!isWeb(incoming)) return hangUp()
    const version = call.command.image?.version === '2.0' ? '2.0.0' : '1.0.0'
    const served = { stream: 'err' as const, text: `${slashDate(call.epoch)} Serving request: ${incoming.path}\n` }
    return page(call, 200, `Hello, world!\nVersion: ${version}\nHostname: ${call.container.spec.hostname}\n`, {
      print: [served],
    })
  },
  signal: goSignals,
}

/** HashiCorp's http-echo: always the same text. */
export const httpEcho: Program = {
  name: 'http-echo',
  about: 'answers with the text that it was started with',
  startMillis: [5, 20],
  cpuMillis: 0,
  memoryBytes: 5_000_000,
  requestCpuMillis: 0.1,
  ports: ({ command }) => {
    const at = command.words.findIndex((word) => /^--?listen/.test(word))
    const value = at < 0 ? undefined : (command.words[at]!.split('=')[1] ?? command.words[at + 1])
    return [Number(value?.split(':').pop() ?? '5678')]
  },
  answer: (incoming, call) => {
    if (!isWeb(incoming)) return hangUp()
    const at = call.command.words.findIndex((word) => /^--?text(=|$)/.test(word))
    const word = call.command.words[at]
    const text =
      word === undefined
        ? (call.command.env['ECHO_TEXT'] ?? '')
        : word.includes('=')
          ? word.slice(word.indexOf('=') + 1)
          : (call.command.words[at + 1] ?? '')
    return page(call, 200, `${text.replace(/^["']|["']$/g, '')}\n`, { headers: { 'x-app-name': 'http-echo' } })
  },
  signal: endsOn(0, 10),
}

export const serveHostname: Program = {
  name: 'serve-hostname',
  about: 'answers with its host name',
  startMillis: [5, 20],
  cpuMillis: 0,
  memoryBytes: 4_000_000,
  ports: () => [9376],
  answer: (incoming, call) => (isWeb(incoming) ? page(call, 200, call.container.spec.hostname) : hangUp()),
  signal: goSignals,
}

/** The autoscaler walkthrough's page: a million square roots for every request. */
export const hpaExample: Program = {
  name: 'hpa-example',
  about: 'computes for every request, to load the processor',
  startMillis: [60, 160],
  cpuMillis: 1,
  memoryBytes: 14_000_000,
  requestCpuMillis: 55,
  ports: () => [80],
  answer: (incoming, call) => {
    if (!isWeb(incoming)) return hangUp()
    return page(call, 200, 'OK!', {
      server: 'Apache/2.4.10 (Debian)',
      type: 'text/html; charset=UTF-8',
      millis: 55,
    })
  },
  signal: (signal) => (['SIGWINCH', 'SIGTERM', 'SIGINT'].includes(signal) ? { exit: 0, after: 70 } : 'ignored'),
}

/** Fields of a posted form or of JSON with plain values. */
export function posted(body: string): Record<string, string> {
  return body.trim().startsWith('{')
    ? Object.fromEntries([...body.matchAll(/"([^"]+)"\s*:\s*"?([^",}]*)"?/g)].map(([, name, value]) => [name!, value!]))
    : fields(body)
}

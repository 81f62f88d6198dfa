import type { Json } from '../../engine/json'
import { type Connection, connectTo, stateOf } from './connection'
import { type Call, err, out, type Program, type Step } from './program'
import { hangUp, isWeb, page, pathOf } from './web'

interface Memory {
  readonly nextAt: number
  readonly db?: Connection
  readonly votes: { readonly a: number; readonly b: number }
  /** What the last query failed with. */
  readonly error?: string
  /** Since when nothing comes back from the database. */
  readonly silentSince?: number
}

const EVERY_MILLIS = 1000
/** The kernel gives up sending after so long without an answer (15 retransmissions). */
const TCP_GIVES_UP_MILLIS = 924_600

const crash = (text: string): Step => ({
  print: [
    err(
      `node:events:497\n      throw er; // Unhandled 'error' event\n      ^\n\nError: ${text}\n    at Connection.<anonymous> (/usr/local/app/node_modules/pg/lib/client.js:132:73)\n\nNode.js v18.20.8`,
    ),
  ],
  exit: 1,
})

function wait(call: Call, memory: Memory): Step {
  const outcome = call.request({
    host: 'db',
    port: 5432,
    protocol: 'tcp',
    method: 'CONNECT',
    headers: { user: 'postgres', password: 'postgres' },
    timeoutMillis: 130_000,
  })
  const connection =
    outcome.end === 'answered' && outcome.status === 0
      ? connectTo(call.world, outcome.served, outcome.address)
      : undefined
  if (connection) {
    const next: Memory = { nextAt: call.now, db: connection, votes: memory.votes }
    return { ...keep(next, connection), print: [out('Connected to db')], again: 1 }
  }
  const again = outcome.millis + EVERY_MILLIS
  return {
    memory: { ...memory, nextAt: call.now + again, db: undefined } as unknown as Json,
    print: [err('Waiting for db')],
    again,
    wakes: [],
  }
}

const keep = (memory: Memory, connection: Connection): Pick<Step, 'memory' | 'wakes'> => ({
  memory: memory as unknown as Json,
  wakes: [connection.peer, 'network'],
})

function query(call: Call, memory: Memory, db: Connection): Step {
  const state = stateOf(call.world, call.container, db)
  if (state === 'reset') return crash('Connection terminated unexpectedly')
  if (state === 'silent') {
    const since = memory.silentSince ?? call.now
    if (call.now - since >= TCP_GIVES_UP_MILLIS) return crash('read ETIMEDOUT')
    return { ...keep({ ...memory, silentSince: since }, db), again: since + TCP_GIVES_UP_MILLIS - call.now }
  }
  if (memory.error !== undefined && call.now < memory.nextAt) return { again: memory.nextAt - call.now }
  // between two queries nothing changes: asked again only when the database has changed
  const phase = (call.now - (call.container.startedAt ?? 0)) % EVERY_MILLIS
  if (phase !== 0) return { ...keep({ ...memory, silentSince: undefined }, db), again: EVERY_MILLIS - phase }
  const outcome = call.request({
    host: db.address,
    port: 5432,
    protocol: 'tcp',
    method: 'COUNT',
    path: 'votes',
    timeoutMillis: 60_000,
  })
  if (outcome.end !== 'answered') return { ...keep(memory, db), again: EVERY_MILLIS }
  if (outcome.status !== 0) {
    const print = [err(`Error performing query: error: ${outcome.body}`)]
    return {
      ...keep({ nextAt: call.now + EVERY_MILLIS, db, votes: memory.votes, error: outcome.body }, db),
      print,
      again: EVERY_MILLIS,
    }
  }
  const counts = JSON.parse(outcome.body) as Record<string, number>
  const votes = { a: counts['a'] ?? 0, b: counts['b'] ?? 0 }
  const changed = votes.a !== memory.votes.a || votes.b !== memory.votes.b
  return keep({ nextAt: 0, db, votes: changed ? votes : memory.votes }, db)
}

/** The result page (Node.js): counts the rows in the database once a second and shows them. */
export const result: Program = {
  name: 'result',
  about: 'the result page: counts the votes in the database',
  startMillis: [420, 800],
  cpuMillis: 4,
  memoryBytes: 58_000_000,
  requestCpuMillis: 1,
  workers: 1,
  ports: ({ command }) => [Number(command.env['PORT'] ?? '80')],
  banner: ({ command }) => [
    { after: 420, stream: 'out', text: `App running on port ${command.env['PORT'] ?? '80'}\n` },
  ],
  run: (call) => {
    const memory = (call.memory as unknown as Memory | undefined) ?? {
      nextAt: (call.container.startedAt ?? call.now) + 440,
      votes: { a: 0, b: 0 },
    }
    if (memory.db) return query(call, memory, memory.db)
    if (call.now < memory.nextAt) return { again: memory.nextAt - call.now }
    return wait(call, memory)
  },
  answer: (incoming, call) => {
    if (!isWeb(incoming)) return hangUp()
    const path = pathOf(incoming)
    const { votes = { a: 0, b: 0 } } = (call.memory as unknown as Memory | undefined) ?? {}
    if (path.startsWith('/socket.io')) return page(call, 200, JSON.stringify(votes), { type: 'application/json' })
    if (path !== '/')
      return page(
        call,
        404,
        `<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Error</title>\n</head>\n<body>\n<pre>Cannot ${incoming.method} ${path}</pre>\n</body>\n</html>\n`,
        { type: 'text/html; charset=utf-8', headers: { 'x-powered-by': 'Express' } },
      )
    return page(call, 200, shown(votes), {
      type: 'text/html; charset=UTF-8',
      headers: { 'x-powered-by': 'Express' },
      millis: 2,
    })
  },
  /** Behind tini it is not the first process: the default action of TERM ends it, see the runtime. */
}

/** The page as a browser shows it once the first message has come (the real one fills the numbers in afterwards). */
function shown({ a, b }: Memory['votes']): string {
  const total = a + b
  const share = (n: number) => (total === 0 ? '50.0%' : `${((100 * n) / total).toFixed(1)}%`)
  const told = total === 0 ? 'No votes yet' : total === 1 ? '1 vote' : `${total} votes`
  return `<!DOCTYPE html>
<html ng-app="catsvsdogs">
  <head>
    <meta charset="utf-8">
    <title>Cats vs Dogs -- Result</title>
  </head>
  <body ng-controller="statsCtrl">
    <div id="choice">
      <div class="choice cats"><div class="label">Cats</div><div class="stat">${share(a)}</div></div>
      <div class="choice dogs"><div class="label">Dogs</div><div class="stat">${share(b)}</div></div>
    </div>
    <div id="result"><span>${told}</span></div>
  </body>
</html>
`
}

import { plainDate } from './dates'
import { posted } from './echo'
import { type Answer, type Call, err, type Incoming, type Line, type Program } from './program'
import { accessLines, hangUp, isWeb, page, pathOf } from './web'

const failure = `<!doctype html>
<html lang=en>
<title>500 Internal Server Error</title>
<h1>Internal Server Error</h1>
<p>The server encountered an internal error and was unable to complete your request. Either the server is overloaded or there is an error in the application.</p>
`

const missing = `<!doctype html>
<html lang=en>
<title>404 Not Found</title>
<h1>Not Found</h1>
<p>The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.</p>
`

/** The Redis client gives up connecting and reading after five seconds. */
const REDIS_MILLIS = 5000

function form(call: Call, vote: string | undefined): string {
  const [a, b] = [call.command.env['OPTION_A'] ?? 'Cats', call.command.env['OPTION_B'] ?? 'Dogs']
  const chosen = vote === undefined ? '' : `\n    <script>var vote = "${vote}";</script>`
  return `<!DOCTYPE html>
<html>
  <head>
    <meta charset="UTF-8">
    <title>${a} vs ${b}!</title>
  </head>
  <body>
    <div id="content-container">
      <h3>${a} vs ${b}!</h3>
      <form id="choice" name='form' method="POST" action="/">
        <button id="a" type="submit" name="vote" class="a" value="a">${a}</button>
        <button id="b" type="submit" name="vote" class="b" value="b">${b}</button>
      </form>
      <div id="tip">(Tip: you can change your vote)</div>
      <div id="hostname">Processed by container ID ${call.container.spec.hostname}</div>
    </div>${chosen}
  </body>
</html>
`
}

function post(incoming: Incoming, call: Call, voter: string, lines: Line[]): Answer {
  const { vote } = posted(incoming.body)
  if (vote === undefined)
    return page(
      call,
      400,
      failure
        .replaceAll('500 Internal Server Error', '400 Bad Request')
        .replaceAll('Internal Server Error', 'Bad Request'),
      { type: 'text/html; charset=utf-8' },
    )
  lines.push(
    err(
      `[${plainDate(call.epoch, false)},${String(call.epoch % 1000).padStart(3, '0')}] INFO in app: Received vote for ${vote}`,
    ),
  )
  const body = JSON.stringify({ voter_id: voter, vote })
  const outcome = call.request({
    host: call.command.env['REDIS_HOST'] ?? 'redis',
    port: 6379,
    protocol: 'tcp',
    method: 'RPUSH',
    path: 'votes',
    body,
    timeoutMillis: REDIS_MILLIS,
  })
  const html = { type: 'text/html; charset=utf-8', server: 'gunicorn', millis: outcome.millis + 3 }
  if (outcome.end === 'answered') return page(call, 200, form(call, vote), html)
  lines.push(
    err(`[${plainDate(call.epoch, false)},000] ERROR in app: Exception on / [POST]\n${redisError(outcome.end)}`),
  )
  return page(call, 500, failure, html)
}

/** The last line of the traceback; what stands above it is not modelled. */
function redisError(end: string): string {
  const error = 'redis.exceptions.ConnectionError: Error'
  if (end === 'unresolved') return `${error} -2 connecting to redis:6379. Name or service not known.`
  if (end === 'no-dns') return `${error} -3 connecting to redis:6379. Temporary failure in name resolution.`
  if (end === 'refused') return `${error} 111 connecting to redis:6379. Connection refused.`
  if (end === 'unreachable') return `${error} 113 connecting to redis:6379. No route to host.`
  return 'redis.exceptions.TimeoutError: Timeout connecting to server'
}

/** The voting page (Python): each vote goes onto a list in redis. */
export const vote: Program = {
  name: 'vote',
  about: 'the voting page: pushes each vote onto a list in redis',
  startMillis: [450, 900],
  cpuMillis: 2,
  memoryBytes: 72_000_000,
  requestCpuMillis: 2.5,
  workers: 4,
  ports: () => [80],
  banner: ({ epoch }) => {
    const line = (text: string) => ({
      after: 420,
      stream: 'err' as const,
      text: `[${plainDate(epoch + 420, false)} +0000] [1] [INFO] ${text}\n`,
    })
    return [
      line('Starting gunicorn 23.0.0'),
      line('Listening at: http://0.0.0.0:80 (1)'),
      line('Using worker: sync'),
      ...[7, 8, 9, 10].map((pid) => line(`Booting worker with pid: ${pid}`)),
    ]
  },
  answer: (incoming, call) => {
    if (!isWeb(incoming)) return hangUp()
    if (pathOf(incoming) !== '/')
      return page(call, 404, missing, { type: 'text/html; charset=utf-8', server: 'gunicorn' })
    const known = /voter_id=([0-9a-f]+)/.exec(incoming.headers['cookie'] ?? '')?.[1]
    const voter = known ?? `${hexWord(call.draw('voter', 0))}${hexWord(call.draw('voter', 1))}`
    const lines: Line[] = []
    const html = { type: 'text/html; charset=utf-8', server: 'gunicorn', millis: 4 }
    const answer =
      incoming.method === 'POST' ? post(incoming, call, voter, lines) : page(call, 200, form(call, undefined), html)
    const headers = { ...answer.headers, 'set-cookie': `voter_id=${voter}; Path=/` }
    return { ...answer, headers, print: [...lines, ...accessLines(call, incoming, answer)] }
  },
  signal: (signal, { epoch }) => {
    const line = (text: string) => err(`[${plainDate(epoch, false)} +0000] [1] [INFO] ${text}`)
    return ['SIGTERM', 'SIGINT', 'SIGQUIT'].includes(signal)
      ? {
          exit: 0,
          after: 180,
          print: [line(`Handling signal: ${signal.slice(3).toLowerCase()}`), line('Shutting down: Master')],
        }
      : 'ignored'
  },
}

const hexWord = (draw: number): string =>
  Math.floor(draw * 4_294_967_296)
    .toString(16)
    .padStart(8, '0')
    .slice(0, 7)

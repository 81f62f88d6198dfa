/** What curl was asked for. */
export interface CurlOptions {
  readonly urls: readonly string[]
  readonly silent: boolean
  readonly showError: boolean
  readonly fail: boolean
  readonly follow: boolean
  readonly head: boolean
  readonly include: boolean
  readonly insecure: boolean
  readonly verbose: boolean
  readonly get: boolean
  readonly remoteName: boolean
  readonly retryRefused: boolean
  readonly retryAll: boolean
  readonly method: string | undefined
  readonly output: string | undefined
  readonly write: string | undefined
  readonly data: readonly string[]
  readonly json: boolean
  readonly headers: readonly string[]
  readonly agent: string | undefined
  readonly user: string | undefined
  readonly cookie: string | undefined
  readonly maxSeconds: number | undefined
  readonly connectSeconds: number | undefined
  readonly resolve: readonly string[]
  readonly retries: number
  readonly retryDelay: number | undefined
  /** Taken, but without effect here. */
  readonly unused: readonly string[]
}

type Draft = {
  -readonly [K in keyof CurlOptions]: CurlOptions[K] extends readonly string[] ? string[] : CurlOptions[K]
}
type Take = (draft: Draft, value: string) => void

const flag =
  (
    name:
      | 'silent'
      | 'showError'
      | 'fail'
      | 'follow'
      | 'head'
      | 'include'
      | 'insecure'
      | 'verbose'
      | 'get'
      | 'remoteName'
      | 'retryRefused'
      | 'retryAll',
  ): Take =>
  (draft) => {
    draft[name] = true
  }
const nothing: Take = () => {}
const unused =
  (name: string): Take =>
  (draft) => {
    draft.unused.push(name)
  }

/** Short and long name, whether a value follows, what it does. */
const table: readonly (readonly [short: string, long: string, value: boolean, take: Take])[] = [
  ['s', 'silent', false, flag('silent')],
  ['S', 'show-error', false, flag('showError')],
  ['f', 'fail', false, flag('fail')],
  ['', 'fail-with-body', false, flag('fail')],
  ['L', 'location', false, flag('follow')],
  ['I', 'head', false, flag('head')],
  ['i', 'include', false, flag('include')],
  ['', 'show-headers', false, flag('include')],
  ['k', 'insecure', false, flag('insecure')],
  ['v', 'verbose', false, flag('verbose')],
  ['G', 'get', false, flag('get')],
  ['O', 'remote-name', false, flag('remoteName')],
  ['N', 'no-buffer', false, nothing],
  ['#', 'progress-bar', false, nothing],
  ['', 'no-progress-meter', false, nothing],
  ['4', 'ipv4', false, nothing],
  ['g', 'globoff', false, nothing],
  ['', 'http1.1', false, nothing],
  ['0', 'http1.0', false, nothing],
  ['', 'compressed', false, nothing],
  ['j', 'junk-session-cookies', false, nothing],
  ['6', 'ipv6', false, unused('--ipv6')],
  ['', 'http2', false, unused('--http2')],
  ['', 'retry-connrefused', false, flag('retryRefused')],
  ['', 'retry-all-errors', false, flag('retryAll')],
  ['X', 'request', true, (draft, value) => void (draft.method = value)],
  ['o', 'output', true, (draft, value) => void (draft.output = value)],
  ['w', 'write-out', true, (draft, value) => void (draft.write = value)],
  ['d', 'data', true, (draft, value) => void draft.data.push(value)],
  ['', 'data-raw', true, (draft, value) => void draft.data.push(value.replace(/^@/, '\0@'))],
  ['', 'data-binary', true, (draft, value) => void draft.data.push(value)],
  ['', 'data-urlencode', true, (draft, value) => void draft.data.push(urlEncoded(value))],
  [
    '',
    'json',
    true,
    (draft, value) => {
      draft.data.push(value)
      draft.json = true
    },
  ],
  ['H', 'header', true, (draft, value) => void draft.headers.push(value)],
  ['A', 'user-agent', true, (draft, value) => void (draft.agent = value)],
  ['u', 'user', true, (draft, value) => void (draft.user = value)],
  ['b', 'cookie', true, (draft, value) => void (draft.cookie = value)],
  ['m', 'max-time', true, (draft, value) => void (draft.maxSeconds = Number(value))],
  ['', 'connect-timeout', true, (draft, value) => void (draft.connectSeconds = Number(value))],
  ['', 'resolve', true, (draft, value) => void draft.resolve.push(value)],
  ['', 'retry', true, (draft, value) => void (draft.retries = Number(value))],
  ['', 'retry-delay', true, (draft, value) => void (draft.retryDelay = Number(value))],
  ['', 'retry-max-time', true, nothing],
  ['', 'max-redirs', true, nothing],
  ['e', 'referer', true, (draft, value) => void draft.headers.push(`Referer: ${value}`)],
  ['c', 'cookie-jar', true, unused('--cookie-jar')],
  ['F', 'form', true, unused('--form')],
  ['x', 'proxy', true, unused('--proxy')],
  ['T', 'upload-file', true, unused('--upload-file')],
  ['', 'cacert', true, unused('--cacert')],
  ['E', 'cert', true, unused('--cert')],
  ['', 'key', true, unused('--key')],
  ['', 'unix-socket', true, unused('--unix-socket')],
  ['', 'url', true, (draft, value) => void draft.urls.push(value)],
]

const byShort = new Map(table.filter(([short]) => short !== '').map((row) => [row[0], row]))
const byLong = new Map(table.map((row) => [row[1], row]))

const urlEncoded = (value: string): string => {
  const equals = value.indexOf('=')
  const text = equals < 0 ? value : value.slice(equals + 1)
  return (equals > 0 ? value.slice(0, equals + 1) : '') + encodeURIComponent(text)
}

/** The options of a command line; a text is curl's complaint, for exit code 2. */
export function curlOptions(words: readonly string[]): CurlOptions | string {
  const draft: Draft = {
    urls: [],
    silent: false,
    showError: false,
    fail: false,
    follow: false,
    head: false,
    include: false,
    insecure: false,
    verbose: false,
    get: false,
    remoteName: false,
    retryRefused: false,
    retryAll: false,
    method: undefined,
    output: undefined,
    write: undefined,
    data: [],
    json: false,
    headers: [],
    agent: undefined,
    user: undefined,
    cookie: undefined,
    maxSeconds: undefined,
    connectSeconds: undefined,
    resolve: [],
    retries: 0,
    retryDelay: undefined,
    unused: [],
  }
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    if (word.startsWith('--') && word.length > 2) {
      const row = byLong.get(word.slice(2))
      if (!row) return unknown(word)
      if (row[2] && words[i + 1] === undefined) return missing(word)
      row[3](draft, row[2] ? words[++i]! : '')
    } else if (word.startsWith('-') && word.length > 1) {
      for (let at = 1; at < word.length; at++) {
        const row = byShort.get(word[at]!)
        if (!row) return unknown(`-${word[at]}`)
        if (!row[2]) row[3](draft, '')
        else {
          const attached = word.slice(at + 1)
          if (attached === '' && words[i + 1] === undefined) return missing(`-${word[at]}`)
          row[3](draft, attached === '' ? words[++i]! : attached)
          break
        }
      }
    } else draft.urls.push(word)
  }
  return draft
}

const tail = "curl: try 'curl --help' or 'curl --manual' for more information\n"
const unknown = (word: string): string => `curl: option ${word}: is unknown\n${tail}`
const missing = (word: string): string => `curl: option ${word}: requires parameter\n${tail}`

import type { Files } from '../shell/tool'

/** Where a server of a language listens if nobody says another. */
const DEFAULTS: Readonly<Record<string, number>> = {
  flask: 5000,
  uvicorn: 8000,
  gunicorn: 8000,
  fastapi: 8000,
  hypercorn: 8000,
  ng: 4200,
  vite: 5173,
  next: 3000,
  'react-scripts': 3000,
  'vue-cli-service': 8080,
  rails: 3000,
  puma: 9292,
  rackup: 9292,
}

/** `.listen(3000`, `PORT || 3000`, `port=5000`, `ListenAndServe(":8000"`, `("", 8000)`: how sources name a port. */
const SOURCES: readonly RegExp[] = [
  /\blisten\(\s*(\d{2,5})\b/,
  /\bport\s*(?:=|:)\s*(?:process\.env\.\w+\s*(?:\|\||\?\?)\s*)?['"]?(\d{2,5})\b/i,
  /process\.env\.PORT\s*(?:\|\||\?\?)\s*['"]?(\d{2,5})\b/,
  /ListenAndServe\(\s*"[^"]*:(\d{2,5})"/,
  /\bAddr:\s*"[^"]*:(\d{2,5})"/,
  /\.(?:Run|Start|Listen)\(\s*"[^"]*:(\d{2,5})"/,
  /\(\s*["'][^"'\n]*["']\s*,\s*(\d{4,5})\s*\)/,
]
const MOST_CHARACTERS = 200_000

const isPort = (port: number): boolean => Number.isInteger(port) && port > 0 && port < 65_536

/** The port that a source names; undefined: none. */
export function portIn(source: string): number | undefined {
  const text = source.slice(0, MOST_CHARACTERS)
  for (const pattern of SOURCES) {
    const port = Number(pattern.exec(text)?.[1] ?? 0)
    if (isPort(port)) return port
  }
  return undefined
}

const FROM_ENVIRONMENT = /process\.env\.PORT|environ(?:\.get)?[([]\s*['"]PORT|Getenv\("PORT"\)|env\(["']PORT/

/** A flag that names the port: `--port 80`, `--port=80`, `-p 80`, `-b 0.0.0.0:80`, `--server.port=80`. */
function portOfFlags(words: readonly string[]): number | undefined {
  for (const [i, word] of words.entries()) {
    const inside = /^(?:--(?:server\.)?port|--bind|--urls?)=(?:.*:)?(\d+)\/?$/.exec(word)?.[1]
    const behind = /^(?:--port|-p|-b|--bind|--urls?)$/.test(word)
      ? /(?:^|:)(\d+)\/?$/.exec(words[i + 1] ?? '')?.[1]
      : undefined
    const port = Number(inside ?? behind ?? 0)
    if (isPort(port)) return port
  }
  return undefined
}

const textAt = (files: Files, path: string): string => {
  const read = files.read(path)
  return 'text' in read ? read.text : ''
}

/** `npm start`, `yarn run serve`: what package.json runs by that name. */
function scriptOf(words: readonly string[], files: Files): readonly string[] | undefined {
  const rest = words.slice(1).filter((word) => word !== 'run' && !word.startsWith('-'))
  try {
    const { scripts } = JSON.parse(textAt(files, 'package.json')) as { scripts?: Readonly<Record<string, unknown>> }
    const script = scripts?.[rest[0] ?? 'start']
    return typeof script === 'string' ? script.split(/\s+/).filter((word) => !/^\w+=/.test(word)) : undefined
  } catch {
    return undefined
  }
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/**
 * Where a server of a language listens: as its flags say, as its sources say, or as it does by itself. undefined: nothing of that is known, and
 * the image's EXPOSE is believed (simplified).
 */
export function listensOn(
  given: readonly string[],
  files: Files,
  env: Readonly<Record<string, string>>,
): readonly number[] | undefined {
  const isManager = /^(npm|yarn|pnpm|npx)$/.test(baseName(given[0] ?? ''))
  const words = (isManager ? scriptOf(given, files) : undefined) ?? given
  const name = baseName(words[0] ?? '')
  const flag = portOfFlags(words)
  if (flag !== undefined) return [flag]
  const own = Number(name === 'flask' ? env['FLASK_RUN_PORT'] : name === 'java' ? env['SERVER_PORT'] : env['PORT'])
  const script = words.slice(1).find((word) => /\.(m?[jt]s|cjs|py|rb)$/.test(word))
  const module = /^([\w.]+):\w+$/.exec(words.find((word) => /^[\w.]+:\w+$/.test(word)) ?? '')?.[1]
  const source = script !== undefined ? textAt(files, script) : ''
  if (isPort(own) && (source === '' ? DEFAULTS[name] !== undefined || isManager : FROM_ENVIRONMENT.test(source)))
    return [own]
  const named = script !== undefined && module === undefined ? portIn(source) : undefined
  const port = named ?? DEFAULTS[name]
  return port === undefined ? undefined : [port]
}

import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { freezeEdits, sentenceOf } from '../engine'
import { commandsOf } from '../terminal/commands-of'
import { type Lab, type LabProblem, labFromFile, namedLab } from '../terminal/lab/lab'
import { Session } from '../terminal/session'
import { optionsOf } from './options'
import { settled } from './settled'

const LARGEST_FOLDER = 64_000_000

/** The lab that a name or a file means. */
export function labOf(name: string): Lab | LabProblem {
  if (/^(swarm|both|(docker|kubernetes)(:\d+)?)$/.test(name) || !existsSync(name)) return namedLab(name)
  return labFromFile(readFileSync(name, 'utf8'))
}

/** A folder of this computer as the learner's files. Hidden folders and what is not text are left out. */
export function folder(path: string): Record<string, string> {
  const files: Record<string, string> = {}
  let size = 0
  const walk = (at: string) => {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      const full = join(at, entry.name)
      if (entry.isDirectory()) {
        if (entry.name !== '.git' && entry.name !== 'node_modules') walk(full)
      } else if (entry.isFile()) {
        size += statSync(full).size
        if (size > LARGEST_FOLDER) throw new Error(`${path}: more than ${LARGEST_FOLDER} bytes`)
        files[relative(path, full).replaceAll('\\', '/')] = readFileSync(full, 'utf8')
      }
    }
  }
  walk(path)
  return files
}

/** Runs a shell script in the simulated terminal of a lab, command by command, and prints what that terminal would print. */
export function exec(args: string[]): number {
  const options = optionsOf(args, {
    lab: 'value',
    seed: 'value',
    dir: 'value',
    digest: 'flag',
    log: 'value',
    notices: 'flag',
  })
  if ('problem' in options) return wrong(options.problem)
  const { values, rest } = options
  if (rest.length > 1) return wrong('one script at most')
  const seed = Number(values['seed'] ?? 1)
  if (!Number.isInteger(seed)) return wrong('--seed is a whole number')
  const lab = labOf(values['lab'] ?? 'docker')
  if ('problem' in lab) return wrong(lab.problem)
  let script: string
  let files: Record<string, string>
  try {
    script = rest[0] === undefined || rest[0] === '-' ? readFileSync(0, 'utf8') : readFileSync(rest[0], 'utf8')
    files = values['dir'] === undefined ? {} : folder(values['dir'])
  } catch (error) {
    return wrong((error as Error).message)
  }
  freezeEdits(false)
  const session = new Session({ lab, seed, files })
  let printed = 0
  for (const command of commandsOf(script)) {
    session.runCommand(command.text)
    printed = Math.min(printed, session.printed)
    let shown = ''
    for (const line of session.outputSince(printed)) {
      printed = line.n + 1
      if (line.stream === 'notice') {
        if (values['notices']) process.stderr.write(`notice: ${line.text}`)
      } else if (line.stream !== 'in') shown += line.text
    }
    process.stdout.write(settled(shown))
    const { code, exited, errexit } = session.status
    if (exited || (errexit && code !== 0)) break
  }
  session.advance(session.now)
  if (values['log'] !== undefined) writeFileSync(values['log'], logOf(session))
  if (values['digest']) process.stdout.write(`digest ${session.digest()}\n`)
  return session.status.code
}

function logOf(session: Session): string {
  const tables = session.simulation.rooms.map((room) => room.sentences)
  return session.simulation.store
    .history()
    .map((change) => {
      const { says, detail } = sentenceOf(change, tables)
      const { revision, at, by, cause, key, uid } = change
      return `${JSON.stringify({ revision, at, by, because: detail === undefined ? says : `${says}: ${detail}`, cause, key, uid, value: change.value ?? null })}\n`
    })
    .join('')
}

function wrong(problem: string): number {
  process.stderr.write(`drydock exec: ${problem}\n`)
  return 2
}

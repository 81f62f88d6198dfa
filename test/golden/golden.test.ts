import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { folder, labOf } from '../../src/headless/exec'
import { Session } from '../../src/terminal/session'

/**
 * Transcripts: a file begins with `# lab:`, `# seed:`, optionally `# dir:`, then `$ command` lines (a `> ` line continues the
 * command above it), each followed by what the terminal printed. UPDATE_GOLDEN=1 writes them anew; what it writes is to be read.
 */
const here = dirname(fileURLToPath(import.meta.url))
const updating = process.env['UPDATE_GOLDEN'] === '1'

interface Transcript {
  /** The lines before the first command. */
  readonly head: readonly string[]
  readonly settings: Readonly<Record<string, string>>
  readonly steps: readonly { readonly command: string; readonly output: string }[]
}

function transcriptOf(text: string): Transcript {
  const head: string[] = []
  const settings: Record<string, string> = {}
  const steps: { command: string; output: string }[] = []
  for (const line of text.replace(/\n$/, '').split('\n')) {
    const last = steps[steps.length - 1]
    if (line.startsWith('$ ')) steps.push({ command: line.slice(2), output: '' })
    else if (!last) {
      head.push(line)
      const setting = /^# (lab|seed|dir): (.+)$/.exec(line)
      if (setting) settings[setting[1]!] = setting[2]!
    } else if (line.startsWith('> ') && last.output === '') last.command += `\n${line.slice(2)}`
    else last.output += `${line}\n`
  }
  return { head, settings, steps }
}

function run({ head, settings, steps }: Transcript): string {
  const lab = labOf(settings['lab'] ?? 'kubernetes')
  if ('problem' in lab) throw new Error(lab.problem)
  const session = new Session({ lab, seed: Number(settings['seed'] ?? 1), files: settings['dir'] === undefined ? {} : folder(settings['dir']) })
  const done = steps.map(({ command }) => {
    const output = session.run(command)
    return `$ ${command.replaceAll('\n', '\n> ')}\n${output === '' || output.endsWith('\n') ? output : `${output}\n`}`
  })
  return `${[...head, ''].join('\n')}${done.join('')}`
}

const transcripts = readdirSync(here, { recursive: true, encoding: 'utf8' })
  .map((name) => join(here, name))
  .filter((path) => path.endsWith('.txt') && statSync(path).isFile())
  .sort((a, b) => (a < b ? -1 : 1))

describe('golden transcripts', () => {
  test.each(transcripts.map((path) => [relative(here, path), path]))('%s', (_, path) => {
    const text = readFileSync(path!, 'utf8')
    const got = run(transcriptOf(text))
    if (updating) writeFileSync(path!, got)
    else expect(got).toBe(text)
  })

  test('the same commands give the same bytes in every run', () => {
    const given = transcriptOf(readFileSync(transcripts[0]!, 'utf8'))
    expect(run(given)).toBe(run(given))
  })
})

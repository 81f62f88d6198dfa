import { bring } from '../terminal/bring'
import { late } from '../terminal/late'
import { bench } from './bench'
import { check } from './check'
import { exec } from './exec'
import { play } from './play'

const COMMANDS: Readonly<
  Record<string, { readonly about: string; readonly run: (args: string[]) => number | Promise<number> }>
> = {
  exec: { about: 'runs a shell script in the terminal of a lab', run: exec },
  check: { about: 'judges manifests as the real tools would', run: check },
  play: { about: 'plays scenarios and checks them both ways', run: play },
  figure: { about: 'draws a moment of a run as an SVG', run: async (args) => (await import('./figure')).figure(args) },
  bench: { about: 'measures', run: bench },
}

/** The headless door. Gives the exit status: 0 done, 1 what was asked about failed, 2 the call was wrong. */
export async function main(args: string[]): Promise<number> {
  bring(late)
  const [name, ...rest] = args
  const command = name === undefined ? undefined : COMMANDS[name]
  if (command) return command.run(rest)
  const asked = name === '--help' || name === '-h' || name === 'help'
  const text = `drydock COMMAND\n\n${Object.entries(COMMANDS)
    .map(([key, { about }]) => `  ${key.padEnd(8)}${about}`)
    .join('\n')}\n`
  if (asked) process.stdout.write(text)
  else process.stderr.write(name === undefined ? text : `drydock: there is no command ${name}\n${text}`)
  return asked ? 0 : 2
}

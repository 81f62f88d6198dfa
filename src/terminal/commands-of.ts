import { parse } from '../platform/shell/parse'

/** One whole command of a script, and its first line's number. */
export interface ScriptCommand {
  readonly text: string
  readonly line: number
}

/** Cuts a script into whole commands, line by line: a line that leaves something open takes the next ones with it. */
export function commandsOf(script: string): ScriptCommand[] {
  const commands: ScriptCommand[] = []
  let text = ''
  let line = 1
  script.split('\n').forEach((one, i) => {
    if (text === '') line = i + 1
    text = text === '' ? one : `${text}\n${one}`
    if (text.trim() === '' || /^\s*#[^\n]*$/.test(text)) {
      text = ''
      return
    }
    const parsed = parse(text)
    if ('problem' in parsed && parsed.unfinished) return
    commands.push({ text, line })
    text = ''
  })
  if (text !== '') commands.push({ text, line })
  return commands
}

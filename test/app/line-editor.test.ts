import { describe, expect, test } from 'vitest'
import { completeWith, type EditLine, emptyLine, press } from '../../src/app/terminal-pane/line-editor'

/** Types keys one after the other; `|` in the result is the cursor. */
function typed(keys: readonly string[], history: readonly string[] = []): string {
  let line: EditLine = emptyLine(history)
  for (const key of keys) {
    const done = press(line, key, history)
    if (done && 'line' in done) line = done.line
    else if (done && 'submit' in done) return `submit ${done.submit}`
    else if (done) return done.signal
  }
  return `${line.text.slice(0, line.cursor)}|${line.text.slice(line.cursor)}`
}
const up = '\x1b[A'
const down = '\x1b[B'
const left = '\x1b[D'

describe('typing', () => {
  test.each([
    ['letters', ['l', 's'], 'ls|'],
    ['a pasted word', ['kubectl get pods'], 'kubectl get pods|'],
    ['in the middle', ['ac', left, 'b'], 'ab|c'],
    ['backspace', ['abc', '\x7f'], 'ab|'],
    ['backspace at the beginning', ['\x7f'], '|'],
    ['delete', ['abc', left, '\x1b[3~'], 'ab|'],
    ['to the beginning and the end', ['abc', '\x01', 'x', '\x05', 'y'], 'xabcy|'],
    ['home and end', ['abc', '\x1b[H', 'x', '\x1b[F', 'y'], 'xabcy|'],
    ['a word back', ['get pods', '\x1b[1;5D'], 'get |pods'],
    ['a word on', ['get pods', '\x01', '\x1b[1;5C'], 'get| pods'],
    ['Ctrl-W', ['get pods ', '\x17'], 'get |'],
    ['Ctrl-U', ['get pods', left, '\x15'], '|s'],
    ['Ctrl-K', ['get pods', '\x01', '\x0b'], '|'],
    ['Enter', ['ls', '\r'], 'submit ls'],
    ['Ctrl-C', ['ls', '\x03'], 'interrupt'],
    ['Tab', ['ls', '\t'], 'complete'],
    ['Ctrl-L', ['\x0c'], 'clear'],
    ['a key that means nothing', ['a', '\x1b[5~', '\x00'], 'a|'],
  ])('%s', (_, keys, expected) => {
    expect(typed(keys)).toBe(expected)
  })
})

describe('history', () => {
  const history = ['first', 'second']
  test.each([
    ['up', [up], 'second|'],
    ['up twice', [up, up], 'first|'],
    ['no further than there is', [up, up, up], 'first|'],
    ['down to the new line', [up, down], '|'],
    ['the line begun is kept', ['new', up, up, down, down], 'new|'],
    ['a recalled line can be changed', [up, '!'], 'second!|'],
  ])('%s', (_, keys, expected) => {
    expect(typed(keys, history)).toBe(expected)
  })
})

describe('completion', () => {
  const lineOf = (text: string): EditLine => ({ ...emptyLine([]), text, cursor: text.length })
  test.each([
    ['the only word, and a space', 'kub', ['kubectl'], 'kubectl ', 0],
    ['a folder goes on', 'cat no', ['notes/'], 'cat notes/', 0],
    ['a flag with a value goes on', 'x --rep', ['--replicas='], 'x --replicas=', 0],
    ['what several have in common', 'get d', ['deployment', 'deployments', 'deploy'], 'get deploy', 0],
    ['several with nothing more in common are offered', 'get de', ['deployment', 'describe'], 'get de', 2],
    ['none', 'zzz', [], 'zzz', 0],
  ])('%s', (_, text, words, expected, choices) => {
    const done = completeWith(lineOf(text), words)
    expect(done.line.text).toBe(expected)
    expect(done.line.cursor).toBe(expected.length)
    expect(done.choices).toHaveLength(choices)
  })
})

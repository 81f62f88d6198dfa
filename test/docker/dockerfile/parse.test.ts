import { describe, expect, test } from 'vitest'
import { checkDockerfile } from '../../../src/docker/dockerfile'
import { failure } from '../../../src/docker/dockerfile/excerpt'
import { type Dockerfile, parseDockerfile } from '../../../src/docker/dockerfile/parse'

function parsed(source: string): Dockerfile {
  const made = parseDockerfile(source)
  if ('problem' in made) throw new Error(made.problem.message)
  return made.file
}

const problem = (source: string) => {
  const made = parseDockerfile(source)
  return 'problem' in made ? made.problem : undefined
}
const first = (source: string) => parsed(`FROM scratch\n${source}`).stages[0]!.instructions[0]!

describe('statements', () => {
  test('comments and empty lines inside a continued instruction are left out, blanks of continued lines stay', () => {
    const file = parsed('FROM a\nRUN one \\\n# why\n   && two \\\n\n  && three\nCMD ["x"]\n')
    expect(file.stages[0]!.instructions[0]).toMatchObject({
      command: { form: 'shell', words: ['one    && two   && three'] },
      lines: { start: 2, end: 6 },
    })
    expect(file.emptyContinuations).toEqual([{ start: 2, end: 6 }])
    expect(file.stages[0]!.instructions[1]!.lines).toEqual({ start: 7, end: 7 })
  })

  test('two escapes at the end of a line are no continuation', () => {
    expect(first('RUN echo \\\\\nUSER me')).toMatchObject({ command: { words: ['echo \\\\'] } })
  })

  test('a backtick escapes when the file says so, and a backslash no longer does', () => {
    const file = parsed('# escape=`\nFROM a\nCOPY x c:\\\nRUN a `\n b\n')
    expect(file.stages[0]!.instructions).toMatchObject([{ destination: 'c:\\' }, { command: { words: ['a  b'] } }])
  })

  test('a byte order mark and carriage returns mean nothing', () => {
    expect(parsed('\uFEFFFROM a\r\nUSER b\r\n').stages[0]).toMatchObject({
      from: { image: 'a' },
      instructions: [{ value: 'b' }],
    })
  })

  test('here-documents: name, tabs, expansion, two in one instruction', () => {
    expect(first('RUN <<EOF cat <<-"OTHER"\n# no comment\nEOF\n\t\tx\n\tOTHER\n')).toMatchObject({
      heredocs: [
        { name: 'EOF', content: '# no comment\n', chomp: false, expands: true },
        { name: 'OTHER', content: '\t\tx\n', chomp: true, expands: false },
      ],
      lines: { start: 2, end: 6 },
    })
    expect(first('COPY <<a.txt other /to/\nhello\na.txt\n')).toMatchObject({
      sources: ['other'],
      heredocs: [{ name: 'a.txt', content: 'hello\n' }],
      destination: '/to/',
    })
  })

  test('exec form takes no here-document', () => {
    expect(first('RUN ["cat", "<<EOF"]')).toMatchObject({
      command: { form: 'exec', words: ['cat', '<<EOF'] },
      heredocs: [],
    })
  })
})

describe('instructions', () => {
  test('flags of COPY and RUN', () => {
    expect(
      first('COPY --from=b --chown=1:2 --chmod=644 --link --parents --exclude=*.md --exclude=x a b /c/'),
    ).toMatchObject({
      from: 'b',
      chown: '1:2',
      chmod: '644',
      link: true,
      parents: true,
      exclude: ['*.md', 'x'],
      sources: ['a', 'b'],
      destination: '/c/',
    })
    expect(first('RUN --mount=type=cache,target=/c --mount=type=secret,id=s --network=none make all')).toMatchObject({
      mounts: ['type=cache,target=/c', 'type=secret,id=s'],
      network: 'none',
      command: { words: ['make all'] },
    })
    expect(first('HEALTHCHECK --interval=1m30s --timeout=2.5s --retries=4 CMD ["true"]')).toMatchObject({
      health: { test: ['CMD', 'true'], intervalMillis: 90_000, timeoutMillis: 2500, retries: 4 },
    })
  })

  test.each([
    ['FRM alpine', 'dockerfile parse error on line 1: unknown instruction: FRM (did you mean FROM?)', 1],
    ['frm alpine', 'dockerfile parse error on line 1: unknown instruction: frm (did you mean from?)', 1],
    [
      'FROM a\nRUN --mont=type=bind x',
      'dockerfile parse error on line 2: unknown flag: --mont (did you mean mount?)',
      2,
    ],
    ['FROM a\nCOPY --from x y z', 'dockerfile parse error on line 2: missing a value on flag: from', 2],
    [
      'FROM a\nCOPY --link=maybe x y',
      'dockerfile parse error on line 2: expecting boolean value for flag link, not: maybe',
      2,
    ],
    ['FROM a\nCOPY --from=a --from=b x y', 'dockerfile parse error on line 2: duplicate flag specified: from', 2],
    [
      'FROM a\nRUN --network=hst x',
      'dockerfile parse error on line 2: invalid network mode "hst" (did you mean host?)',
      2,
    ],
    [
      'FROM a\nHEALTHCHECK --interval=5 CMD x',
      'dockerfile parse error on line 2: time: missing unit in duration "5"',
      2,
    ],
    [
      'FROM a\nHEALTHCHECK CHECK x',
      'dockerfile parse error on line 2: Unknown type "CHECK" in HEALTHCHECK (try CMD)',
      2,
    ],
    ['FROM a\nENV x', 'ENV must have two arguments', 2],
    ['FROM a\nCMD ["a", 1]', 'when using JSON array syntax, arrays must be comprised of strings only', 2],
    ['FROM a\nRUN <<EOF\nx', 'unterminated heredoc', 2],
    ['RUN x', 'no build stage in current context', 1],
    ['# only a comment\n', 'file with no instructions', 1],
    ['# escape=x\nFROM a', "invalid escape token 'x' does not match ` or \\", 1],
    ['# escape=`\n# ESCAPE=`\nFROM a', 'only one escape parser directive can be used', 2],
    [`FROM a\nRUN ${'x'.repeat(70_000)}`, 'dockerfile line greater than max allowed size of 65535', 2],
  ])('refuses %j', (source, message, line) => {
    expect(problem(source)?.message).toBe(message)
    expect(problem(source)?.lines[0]?.start).toBe(line)
  })

  test('the failure shows two lines around the place and marks it', () => {
    const source = 'FROM a\nUSER b\nCOPY x y\nFOO\nUSER c\nUSER d\nUSER e\n'
    expect(failure('Dockerfile', source, problem(source)!)).toBe(
      [
        'Dockerfile:4',
        '--------------------',
        '   2 |     USER b',
        '   3 |     COPY x y',
        '   4 | >>> FOO',
        '   5 |     USER c',
        '   6 |     USER d',
        '--------------------',
        'ERROR: failed to build: failed to solve: dockerfile parse error on line 4: unknown instruction: FOO (did you mean FROM?)',
      ].join('\n'),
    )
  })
})

describe('hostile files are read in time or refused', () => {
  const doubling = `FROM scratch\nENV a=xxxxxxxxxx\n${'ENV a=$a$a$a$a\n'.repeat(40)}`
  const nested = `FROM scratch\nENV a=${'${x:-'.repeat(5000)}`
  const blanks = `FROM scratch\n${`RUN x${' '.repeat(60_000)}y\n`.repeat(15)}`
  const stars = `FROM scratch\nENV a=${'a'.repeat(30_000)}\nENV b=\${a##${'*a'.repeat(10_000)}b}\n`
  const mutual = `${Array.from({ length: 2000 }, (_, i) => `FROM scratch AS s${i}\nCOPY --from=${(i + 1) % 2000} a b`).join('\n')}\n`
  test.each([
    ['doubling variables', doubling, 'the expanded text is too long'],
    ['nested substitutions', nested, 'substitutions are nested too deeply'],
    ['blanks', blanks, undefined],
    ['stars', stars, 'too long to be matched'],
    ['a circle of stages', mutual, 'circular dependency detected on stage: s0'],
    ['too many instructions', `FROM scratch\n${'USER a\n'.repeat(6000)}`, 'more than 5000 instructions'],
    ['a huge file', 'x'.repeat(2_000_000), 'longer than 1048576 characters'],
    ['an endless array', `FROM scratch\nCMD ${'['.repeat(60_000)}`, undefined],
    ['strange keys', 'FROM scratch\nENV __proto__=a constructor=b\nRUN --constructor x', 'unknown flag: --constructor'],
  ])('%s', (_name, source, message) => {
    const started = performance.now()
    const checked = checkDockerfile(source)
    expect(performance.now() - started).toBeLessThan(4000)
    expect(checked.verdict).toBe(message === undefined ? 'ok' : 'refused')
    if (message !== undefined) expect(checked.problem).toContain(message)
  })
})

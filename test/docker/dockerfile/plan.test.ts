import { describe, expect, test } from 'vitest'
import { ignorePatterns, patternMatcher } from '../../../src/docker/dockerfile/ignore'
import { parseDockerfile } from '../../../src/docker/dockerfile/parse'
import { type BuildPlan, type PlanOptions, planBuild } from '../../../src/docker/dockerfile/plan'

function build(source: string, options: PlanOptions = {}) {
  const parsed = parseDockerfile(source)
  if ('problem' in parsed) throw new Error(parsed.problem.message)
  return planBuild(parsed.file, options)
}

function planned(source: string, options: PlanOptions = {}): BuildPlan {
  const made = build(source, options)
  if ('problem' in made) throw new Error(made.problem.message)
  return made.plan
}

const refusal = (source: string, options: PlanOptions = {}) => {
  const made = build(source, options)
  return 'problem' in made ? made.problem.message : undefined
}
const warnings = (source: string, options: PlanOptions = {}) =>
  planned(source, options).warnings.map(({ rule, text, lines }) => `${lines.start} ${rule}: ${text}`)
/** The variables at the end of the last stage. */
const env = (source: string, options: PlanOptions = {}) => {
  const { graph, stages } = planned(source, options)
  const { PATH: _path, ...others } = Object.fromEntries(stages.get(graph.target)!.scope.env)
  return others
}

describe('ARG and ENV', () => {
  test('a global ARG is seen in a stage only when it is declared again', () => {
    const source = 'ARG V=1\nFROM scratch\nENV a=$V\nARG V\nENV b=$V\n'
    expect(env(source)).toEqual({ a: '', V: '1', b: '1' })
    expect(env(source, { buildArgs: new Map([['V', '2']]) })).toEqual({ a: '', V: '2', b: '2' })
  })

  test('a default given again beats the global one; the build argument beats both', () => {
    const source = 'ARG V=1\nFROM scratch\nARG V=3\nENV b=$V\n'
    expect(env(source)['b']).toBe('3')
    expect(env(source, { buildArgs: new Map([['V', '2']]) })['b']).toBe('2')
  })

  test('all variables of one instruction are from before it', () => {
    expect(env('FROM scratch\nENV a=1\nENV a=2 b=$a\n')).toEqual({ a: '2', b: '1' })
  })

  test('a stage on top of another has its ARGs and ENVs, and runs its ONBUILD', () => {
    const plan = planned('FROM scratch AS a\nARG x=1\nWORKDIR /w\nONBUILD ENV late=$x\nFROM a\nENV y=$x\nWORKDIR z\n')
    const last = plan.stages.get(1)!
    expect(last.scope).toMatchObject({ workdir: '/w/z' })
    expect(Object.fromEntries(last.scope.env)).toMatchObject({ x: '1', y: '1', late: '1' })
    expect(last.steps.map(({ instruction }) => instruction.kind)).toEqual(['ENV', 'ENV', 'WORKDIR'])
  })

  test('platform arguments', () => {
    expect(env('FROM scratch\nARG TARGETARCH\nARG TARGETVARIANT\n', { platform: 'linux/arm64/v8' })).toEqual({
      TARGETARCH: 'arm64',
      TARGETVARIANT: 'v8',
    })
  })

  test('here-documents of COPY fill in variables and keep quotes', () => {
    const { stages } = planned(`FROM scratch\nENV a=1\nCOPY <<EOF <<'RAW' /\n"$a" it's\nEOF\n$a\nRAW\n`)
    const copy = stages.get(0)!.steps[1]!.instruction
    expect(copy).toMatchObject({ heredocs: [{ content: '"1" it\'s\n' }, { content: '$a\n' }] })
  })
})

describe('stages', () => {
  const source = `FROM scratch AS base
FROM base AS one
FROM base AS two
COPY --from=one /a /b
FROM scratch AS unused
FROM two
RUN --mount=type=bind,from=three,target=/x true
`
  test('only what the target needs is reached', () => {
    expect(planned(source).graph.reachable).toEqual([0, 1, 2, 4])
    expect(planned(source, { target: 'ONE' }).graph.reachable).toEqual([0, 1])
    expect(planned(source, { target: '3' }).graph.reachable).toEqual([3])
    expect(planned(source).stages.get(4)!.steps[0]!.mounts[0]).toMatchObject({
      type: 'bind',
      readonly: true,
      files: { image: 'three' },
    })
  })

  test.each([
    [source, { target: 'tow' }, 'target stage "tow" could not be found (did you mean two?)'],
    ['ARG X\nFROM $X', {}, 'base name ($X) should not be blank'],
    [
      'FROM Foo',
      {},
      'failed to parse stage name "Foo": invalid reference format: repository name (library/Foo) must be lowercase',
    ],
    ['FROM scratch AS a\nCOPY --from=b x y\nFROM a AS b\n', {}, 'circular dependency detected on stage: a'],
    [
      'FROM scratch AS a\nCOPY --from=b x y\nFROM scratch AS b\nFROM a',
      {},
      'cannot copy from stage "b", it needs to be defined before current stage "a"',
    ],
    ['FROM scratch\nCOPY --from=3 x y', {}, 'invalid stage index 3'],
    [
      'FROM scratch\nCOPY --from=$X x y',
      {},
      'variable expansion is not supported for --from, define a new stage with FROM using ARG from global scope as a workaround',
    ],
    ['FROM scratch\nCOPY http://x/y /z', {}, "source can't be a URL for COPY"],
    ['FROM scratch\nUSER ${x', {}, 'failed to process "${x": unsupported modifier (\uFFFD) in substitution'],
    ['FROM scratch\nUSER ${x:?say who}', {}, 'failed to process "${x:?say who}": x: say who'],
    ['FROM scratch\nEXPOSE http', {}, 'invalid containerPort: http'],
    ['FROM scratch\nSTOPSIGNAL TURM', {}, 'invalid signal: TURM'],
    ['FROM scratch\nRUN --mount=type=cash,target=/x a', {}, 'unsupported mount type "cash" (did you mean cache?)'],
    ['FROM scratch\nRUN --mount=type=secret a', {}, 'invalid secret mount. one of source, target required'],
    [
      'FROM scratch\nCOPY --chmod=9 a b',
      {},
      "invalid chmod parameter: '9'. it should be octal string and between 0 and 07777",
    ],
    ['# check=error=true\nFROM scratch\nMAINTAINER a', {}, 'lint violation found for rules: MaintainerDeprecated'],
  ])('refuses %j %j', (text, options, message) => {
    expect(refusal(text, options)).toBe(message)
  })
})

describe('build checks', () => {
  test.each([
    [
      'FROM scratch as Build',
      [
        "1 StageNameCasing: Stage name 'Build' should be lowercase",
        "1 FromAsCasing: 'as' and 'FROM' keywords' casing do not match",
      ],
    ],
    [
      'FROM scratch\nrun x',
      ["2 ConsistentInstructionCasing: Command 'run' should match the case of the command majority (uppercase)"],
    ],
    [
      'FROM scratch AS a\nFROM scratch AS A',
      [
        "2 StageNameCasing: Stage name 'A' should be lowercase",
        '2 DuplicateStageName: Duplicate stage name "a", stage names should be unique',
      ],
    ],
    [
      'FROM scratch AS context',
      ['1 ReservedStageName: Stage name should not use the same name as reserved stage "context"'],
    ],
    [
      'FROM scratch\nCMD a\nCMD ["b"]',
      [
        '2 JSONArgsRecommended: JSON arguments recommended for CMD to prevent unintended behavior related to OS signals',
        '2 MultipleInstructionsDisallowed: Multiple CMD instructions should not be used in the same stage because only the last one will be used',
      ],
    ],
    ['FROM scratch\nSHELL ["bash"]\nCMD a', []],
    [
      'FROM scratch\nENV a $b',
      [
        '2 LegacyKeyValueFormat: "ENV key=value" should be used instead of legacy "ENV key value" format',
        "2 UndefinedVar: Usage of undefined variable '$b'",
      ],
    ],
    ['FROM scratch\nENV PATH=$PAHT:/x', ["2 UndefinedVar: Usage of undefined variable '$PAHT' (did you mean $PATH?)"]],
    ['FROM scratch\nARG b\nENV a=$b', []],
    ['FROM unknown\nENV a=$b', []],
    [
      'FROM scratch\nWORKDIR a\nWORKDIR b',
      ['2 WorkdirRelativePath: Relative workdir "a" can have unexpected results if the base image changes'],
    ],
    ['FROM scratch\nWORKDIR /a\nWORKDIR b', []],
    [
      'FROM scratch\nARG GITHUB_TOKEN\nENV public_key=a KEY_FILE=b monkey=c',
      ['2 SecretsUsedInArgOrEnv: Do not use ARG or ENV instructions for sensitive data (ARG "GITHUB_TOKEN")'],
    ],
    ['ARG V=1\nFROM a:1$VE', ["2 UndefinedArgInFrom: FROM argument 'VE' is not declared (did you mean V?)"]],
    [
      'FROM --platform=$TARGETPLATFORM scratch',
      [
        '1 RedundantTargetPlatform: Setting platform to predefined $TARGETPLATFORM in FROM is redundant as this is the default behavior',
      ],
    ],
    [
      'FROM --platform=linux/arm64 scratch',
      ['1 FromPlatformFlagConstDisallowed: FROM --platform flag should not use constant value "linux/arm64"'],
    ],
    ['FROM --platform=linux/arm64 scratch AS for-arm64', []],
    [
      'FROM scratch\nEXPOSE 80/TcP 127.0.0.1:81:81',
      [
        "2 ExposeInvalidFormat: EXPOSE instruction should not define an IP address or host-port mapping, found '127.0.0.1:81:81'",
        "2 ExposeProtoCasing: Defined protocol '80/TcP' in EXPOSE instruction should be lowercase",
      ],
    ],
    ['FROM scratch\nRUN a \\\n\n b', ['2 NoEmptyContinuation: Empty continuation line']],
    ['# check=skip=MaintainerDeprecated\nFROM scratch\nMAINTAINER a', []],
    ['# check=skip=all\nFROM scratch\nmaintainer a', []],
  ])('%j', (source, want) => {
    expect(warnings(source)).toEqual(want)
  })

  test('FROM that needs a build argument', () => {
    expect(warnings('ARG V\nFROM a:$V', { buildArgs: new Map([['V', '1']]) })).toEqual([
      '2 InvalidDefaultArgInFrom: Default value for ARG a:$V results in empty or invalid base image name',
    ])
  })

  test('COPY of what the .dockerignore leaves out', () => {
    const source = 'FROM scratch\nCOPY ./docs/a.md src /x/\nADD /docs /y/\n'
    const ignored = patternMatcher(ignorePatterns('# none of these\n  docs/  \n'))
    expect(warnings(source, { ignored })).toEqual([
      '2 CopyIgnoredFile: Attempting to Copy file "docs/a.md" that is excluded by .dockerignore',
      '3 CopyIgnoredFile: Attempting to Add file "docs" that is excluded by .dockerignore',
    ])
    expect(warnings(source, { ignored: patternMatcher(['docs', '!docs/a.md']) })).toEqual([])
  })
})

describe('.dockerignore', () => {
  test('lines are trimmed, cleaned and taken from the root', () => {
    expect(ignorePatterns('\uFEFF# c\n #d\n\n /a/../b/ \n!  /x//y\n! \n')).toEqual(['#d', 'b', '!x/y', '!'])
  })

  test.each([
    [['node_modules'], 'a/node_modules', false],
    [['**/node_modules'], 'a/b/node_modules/c', true],
    [['*', '!src', 'src/*.log'], 'src/a.log', true],
    [['*', '!src', 'src/*.log'], 'src/a.ts', false],
    [['src/**'], 'src', false],
    [['a/**/z'], 'a/z', true],
    [['a/**/z'], 'a/b/c/z', true],
    [['a/**/z'], 'a/bz', false],
    [['/abs'], 'abs', false],
    [['.'], 'x', false],
    [['../x'], 'x', false],
  ])('%j and %s: %s', (patterns, path, excluded) => {
    expect(patternMatcher(patterns).matches(path)).toBe(excluded)
  })

  test('a hostile pattern takes no time', () => {
    const started = performance.now()
    expect(patternMatcher([`${'*a'.repeat(900)}b`]).matches('a'.repeat(4000))).toBe(false)
    expect(performance.now() - started).toBeLessThan(1000)
  })
})

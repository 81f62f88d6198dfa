import type { Tool, ToolCall } from '../../tool'
import {
  downloadMillis,
  type Job,
  jobTool,
  online,
  type Phase,
  pack,
  sizeOf,
  sourcesDigest,
  textOf,
  wordsOf,
} from './job'

const homeOf = (call: ToolCall): string => call.env['HOME'] ?? '/root'
/** What a program made here has for content: launches know it by that. */
const built = (digest: string): string => `built ${digest}`

/** Where it listens, as its sources say. */
const listening = (port: number | undefined): string => (port === undefined ? '' : ` port ${port}`)

const MOST_LINES = 5_000
const LONGEST_LINE = 500

/** Modules that go.mod asks for, with their versions. */
const required = (manifest: string): readonly (readonly [name: string, version: string])[] =>
  manifest
    .split('\n')
    .slice(0, MOST_LINES)
    .flatMap((line) => {
      const [name = '', version = ''] = line
        .slice(0, LONGEST_LINE)
        .trim()
        .replace(/^require\s+/, '')
        .split(/\s+/)
      return /^v\S/.test(version) && /^[a-z0-9-]+(\.[a-z0-9-]+)+\/./.test(name)
        ? [[name, version.slice(1)] as const]
        : []
    })

const modulesIn = (manifest: string): readonly string[] => required(manifest).map(([name]) => name)

/** What the linker writes into a program of Go about its modules: `go version -m` reads it. */
const buildInfo = (manifest: string, version: string): string =>
  [`stdlib@${version}`, ...required(manifest).map(([name, tag]) => `${name}@${tag}`)].join(',')

function goModules(call: ToolCall, modules: readonly string[]): readonly Phase[] {
  const gopath =
    call.env['GOPATH'] ?? `${homeOf(call) === '/root' && call.files.stat('/go') ? '/go' : `${homeOf(call)}/go`}`
  const missing = modules.filter((name) => call.files.stat(`${gopath}/pkg/mod/${name}.pack`) === undefined)
  if (missing.length === 0) return []
  if (!online(call))
    return [
      {
        millis: 30_000,
        error: `go: ${missing[0]}: Get "https://proxy.golang.org/${missing[0]}/@v/list": dial tcp: lookup proxy.golang.org: i/o timeout\n`,
        exit: 1,
      },
    ]
  const bytes = missing.reduce((sum, name) => sum + sizeOf(name, 200_000, 3_500_000), 0)
  return [
    {
      millis: 300 + downloadMillis(bytes),
      error: missing.map((name) => `go: downloading ${name} v1.${sizeOf(name, 0, 20)}.0\n`).join(''),
      effect: (now) => {
        for (const name of missing)
          pack(now, `${gopath}/pkg/mod/${name}.pack`, sizeOf(name, 200_000, 3_500_000), `go ${name}`)
      },
    },
  ]
}

const go = jobTool('go', 'downloads modules and builds programs of Go', (call) => {
  const [, command = '', ...args] = call.argv
  const { values, rest } = wordsOf(args, ['-o', '-ldflags', '-tags', '-mod', '-p', '-gcflags', '-asmflags'])
  if (command === 'version')
    return [{ millis: 15, print: `go version go${call.env['GOLANG_VERSION'] ?? '1.25.0'} linux/amd64\n` }]
  if (command === 'env' || command === 'fmt' || command === 'clean') return [{ millis: 60 }]
  const manifest = textOf(call, 'go.mod')
  if (command === 'mod' && args[0] === 'init')
    return [{ millis: 30, effect: (now) => now.files.write('go.mod', `module ${args[1] ?? 'app'}\n\ngo 1.25\n`) }]
  const isDirect = command === 'install' && rest.some((one) => one.includes('@'))
  if (
    manifest === undefined &&
    !isDirect &&
    !(command === 'build' && rest.some((one) => one.endsWith('.go'))) &&
    call.env['GO111MODULE'] !== 'off'
  )
    return [
      {
        millis: 20,
        error: "go: go.mod file not found in current directory or any parent directory; see 'go help modules'\n",
        exit: 1,
      },
    ]
  const modules = goModules(call, modulesIn(manifest ?? ''))
  if (modules.some(({ exit }) => exit !== undefined)) return modules
  if (command === 'mod' || command === 'get') return modules.length > 0 ? modules : [{ millis: 60 }]
  if (!['build', 'install', 'test', 'vet', 'run', 'generate'].includes(command))
    return [{ millis: 10, error: `go ${command}: unknown command\nRun 'go help' for usage.\n`, exit: 2 }]
  const { digest, files, port } = sourcesDigest(call, '.', /\.go$|^go\.(mod|sum)$/)
  if (files === 0 && !isDirect) return [{ millis: 80, error: `no Go files in ${call.cwd}\n`, exit: 1 }]
  const cache = `${call.env['GOCACHE'] ?? `${homeOf(call)}/.cache/go-build`}/objects.pack`
  const warm = call.files.stat(cache) !== undefined
  const cpuMillis = (warm ? 900 : 6_500) + files * 60
  const module =
    /^module\s+(\S+)/m
      .exec(manifest ?? '')?.[1]
      ?.split('/')
      .at(-1) ?? 'main'
  const target = isDirect
    ? rest[0]!.replace(/@.*$/, '').split('/').at(-1)!
    : (rest
        .find((one) => one.startsWith('./') && one !== './...' && one !== './')
        ?.split('/')
        .at(-1)
        ?.replace(/\.go$/, '') ?? module)
  const output = command === 'install' ? `${call.env['GOPATH'] ?? '/go'}/bin/${target}` : (values.get('-o') ?? target)
  const path =
    output.endsWith('/') || call.files.stat(output)?.folder ? `${output.replace(/\/$/, '')}/${target}` : output
  const content = built(
    `go ${digest} ${args.filter((one) => !one.startsWith('-o')).join(' ')} ${call.env['CGO_ENABLED'] ?? ''} ${call.env['GOOS'] ?? ''} ${call.env['GOARCH'] ?? ''}${listening(port)} mod ${buildInfo(manifest ?? '', call.env['GOLANG_VERSION'] ?? '1.25.0')}`,
  )
  return [
    ...modules,
    {
      cpuMillis,
      threads: 4,
      ...(command === 'test' && { print: `ok  \t${module}\t0.012s\n` }),
      effect: (now) => {
        if (!warm) pack(now, cache, 92_000_000 + files * 40_000, 'go build cache')
        if (command === 'build' || command === 'install')
          pack(now, path, 6_200_000 + modulesIn(manifest ?? '').length * 900_000 + files * 24_000, content, 0o755)
      },
    },
  ]
})

const cargo = jobTool('cargo', 'builds programs of Rust', (call) => {
  const [, command = ''] = call.argv
  const manifest = textOf(call, 'Cargo.toml')
  if (command === '--version' || command === 'version') return [{ millis: 15, print: 'cargo 1.90.0\n' }]
  if (!['build', 'install', 'fetch', 'test', 'run', 'check', 'vendor', 'chef', 'b'].includes(command))
    return [{ millis: 400 }]
  if (manifest === undefined && command !== 'install')
    return [
      {
        millis: 20,
        error: `error: could not find \`Cargo.toml\` in \`${call.cwd}\` or any parent directory\n`,
        exit: 101,
      },
    ]
  if (!online(call))
    return [
      {
        millis: 30_000,
        error:
          'error: failed to get `serde` as a dependency\n\nCaused by:\n  [6] Could not resolve hostname (Could not resolve host: index.crates.io)\n',
        exit: 101,
      },
    ]
  const name = /^name\s*=\s*"([^"]+)"/m.exec(manifest ?? '')?.[1] ?? 'app'
  const count =
    (manifest ?? '')
      .split(/^\[dependencies\]/m)[1]
      ?.split(/^\[/m)[0]
      ?.split('\n')
      .filter((line) => line.includes('=')).length ?? 0
  const { digest, files, port } = sourcesDigest(call, '.', /\.rs$|^Cargo\.(toml|lock)$/)
  const release = call.argv.includes('--release') || call.argv.includes('-r')
  const target = wordsOf(call.argv.slice(1), ['--target']).values.get('--target')
  const root = `target/${target === undefined ? '' : `${target}/`}${release ? 'release' : 'debug'}`
  const suffix = target?.startsWith('wasm') ? '.wasm' : ''
  const warm = call.files.stat(`${root}/deps.pack`) !== undefined
  return [
    {
      millis: warm ? 100 : 400 + count * 150,
      error: warm ? '' : `    Updating crates.io index\n Downloaded ${count * 6} crates\n`,
      effect: (now) =>
        pack(
          now,
          `${call.env['CARGO_HOME'] ?? '/usr/local/cargo'}/registry/cache.pack`,
          count * 1_400_000 + 1,
          `crates ${count}`,
        ),
    },
    {
      cpuMillis: (warm ? 2_000 : 9_000 + count * 2_500) * (release ? 1.6 : 1) + files * 200,
      threads: 4,
      error: `   Compiling ${name} v0.1.0 (${call.cwd})\n    Finished \`${release ? 'release' : 'dev'}\` profile [${release ? 'optimized' : 'unoptimized + debuginfo'}] target(s)\n`,
      effect: (now) => {
        pack(now, `${root}/deps.pack`, 30_000_000 + count * 22_000_000, `deps ${count}`)
        if (command !== 'fetch')
          pack(
            now,
            command === 'install' ? `/usr/local/cargo/bin/${name}` : `${root}/${name}${suffix}`,
            3_800_000 + count * 700_000,
            built(`rust ${digest}${listening(port)}`),
            0o755,
          )
      },
    },
  ]
})

const compiler = (name: string): Tool =>
  jobTool(name, 'compiles C and C++ (what comes out is not run)', (call) => {
    const { values, rest, flags } = wordsOf(call.argv.slice(1), ['-o', '-I', '-L', '-x', '-MF'])
    if (flags.has('--version')) return [{ millis: 10, print: `${name} (Debian 12.2.0-14+deb12u1) 12.2.0\n` }]
    const sources = rest.filter((one) => /\.(c|cc|cpp|cxx|s|o)$/i.test(one))
    if (sources.length === 0)
      return [{ millis: 10, error: `${name}: fatal error: no input files\ncompilation terminated.\n`, exit: 1 }]
    const missing = sources.find((one) => call.files.stat(one) === undefined)
    if (missing !== undefined)
      return [
        {
          millis: 10,
          error: `cc1: fatal error: ${missing}: No such file or directory\ncompilation terminated.\n`,
          exit: 1,
        },
      ]
    const digest = sources.map((one) => call.files.entry(one)?.content ?? textOf(call, one) ?? '').join('\n')
    const outputs =
      flags.has('-c') && !values.has('-o')
        ? sources.map((one) => one.replace(/^.*\//, '').replace(/\.[^.]+$/, '.o'))
        : [values.get('-o') ?? 'a.out']
    return [
      {
        cpuMillis: 90 * sources.length + digest.length / 200,
        effect: (now) => {
          for (const path of outputs)
            pack(
              now,
              path,
              15_900 + digest.length,
              built(`${name} ${sizeOf(digest, 0, 2 ** 31)} ${[...flags].join(' ')}`),
              0o755,
            )
        },
      },
    ]
  })

/** Rules of a Makefile as far as they are plain: a target, what it needs, the lines to run. */
function make(call: ToolCall): Job {
  const { values, rest } = wordsOf(call.argv.slice(1), ['-C', '-f', '--directory', '--file'])
  const folder = values.get('-C') ?? values.get('--directory') ?? '.'
  const text = values.has('-f')
    ? textOf(call, values.get('-f')!)
    : (textOf(call, `${folder}/Makefile`) ?? textOf(call, `${folder}/makefile`))
  if (text === undefined)
    return [{ millis: 10, error: 'make: *** No targets specified and no makefile found.  Stop.\n', exit: 2 }]
  const variables = new Map<string, string>(Object.entries(call.env))
  const rules = new Map<string, { needs: string[]; lines: string[] }>()
  let current: { needs: string[]; lines: string[] } | undefined
  let first: string | undefined
  const filled = (line: string): string =>
    line.replace(/\$[({](\w+)[)}]/g, (_, name: string) => variables.get(name) ?? '').replaceAll('$$', '$')
  for (const line of text.replace(/\\\n/g, ' ').split('\n').slice(0, 5_000)) {
    const assignment = /^(\w+)\s*[:?+]?=\s*(.*)$/.exec(line)
    const rule = /^([^\s:#=][^:=#]*):(?!=)\s*([^#]*)/.exec(line)
    if (line.startsWith('\t')) current?.lines.push(line.slice(1))
    else if (assignment) variables.set(assignment[1]!, filled(assignment[2]!))
    else if (rule)
      for (const name of filled(rule[1]!).trim().split(/\s+/)) {
        current = { needs: filled(rule[2]!).trim().split(/\s+/).filter(Boolean), lines: [] }
        rules.set(name, current)
        if (!name.startsWith('.')) first ??= name
      }
  }
  const goals = rest.filter((one) => !one.includes('='))
  for (const one of rest) if (one.includes('=')) variables.set(one.split('=')[0]!, one.slice(one.indexOf('=') + 1))
  const lines: string[] = []
  const done = new Set<string>()
  const problem: string[] = []
  const bring = (name: string, by: string | undefined) => {
    if (done.has(name) || done.size > 500) return
    done.add(name)
    const rule = rules.get(name)
    if (!rule) {
      if (call.files.stat(`${folder}/${name}`) === undefined)
        problem.push(
          `make: *** No rule to make target '${name}'${by === undefined ? '' : `, needed by '${by}'`}.  Stop.\n`,
        )
      return
    }
    for (const need of rule.needs) bring(need, name)
    for (const line of rule.lines) {
      const bare = filled(
        line
          .replaceAll('$@', name)
          .replaceAll('$<', rule.needs[0] ?? '')
          .replaceAll('$^', rule.needs.join(' ')),
      )
      const command = bare.replace(/^[@+-]+/, '')
      if (!/^[+-]*@/.test(bare)) lines.push(`printf '%s\\n' '${command.replaceAll("'", "'\\''")}'`)
      lines.push(/^[@+]*-/.test(bare) ? `{ ${command} ; } || true` : command)
    }
  }
  for (const goal of goals.length > 0 ? goals : [first ?? '']) bring(goal, undefined)
  if (problem.length > 0) return [{ millis: 10, error: problem[0]!, exit: 2 }]
  return { run: ['sh', '-ec', `cd '${folder.replaceAll("'", "'\\''")}'\n${lines.join('\n')}`] }
}

export const compilerTools: readonly Tool[] = [
  go,
  cargo,
  ...['gcc', 'g++', 'cc', 'c++', 'clang'].map(compiler),
  jobTool('make', 'runs the rules of a Makefile, as far as they are plain', make),
]

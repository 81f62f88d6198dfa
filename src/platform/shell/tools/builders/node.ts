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
  textFile,
  textOf,
  wordsOf,
} from './job'

interface Manifest {
  readonly name?: string
  readonly scripts?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

/** A dependency brings so many others with it, on average. */
const SPREAD = 9
/** Of one package, with those that it needs. */
const bytesOf = (name: string): number =>
  name === 'next'
    ? 160_000_000
    : name === 'typescript'
      ? 23_000_000
      : /^(react-scripts|@angular\/)/.test(name)
        ? 90_000_000
        : sizeOf(name, 300_000, 4_200_000)

function manifestOf(call: ToolCall): Manifest | undefined | 'broken' {
  const text = textOf(call, 'package.json')
  if (text === undefined) return undefined
  try {
    return JSON.parse(text) as Manifest
  } catch {
    return 'broken'
  }
}

function missingManifest(call: ToolCall, tool: string): Phase {
  const path = `${call.cwd === '/' ? '' : call.cwd}/package.json`
  const error =
    tool === 'yarn'
      ? `error Couldn't find a package.json file in "${call.cwd}"\n`
      : tool === 'pnpm'
        ? ` ERR_PNPM_NO_PKG_MANIFEST  No package.json found in ${call.cwd}\n`
        : `npm error code ENOENT\nnpm error syscall open\nnpm error path ${path}\nnpm error errno -2\nnpm error enoent Could not read package.json: Error: ENOENT: no such file or directory, open '${path}'\nnpm error enoent This is related to npm not being able to find a file.\nnpm error enoent\n`
  return { millis: 250, error, exit: tool === 'npm' ? 254 : 1 }
}

/** The newest of some well-known packages within a major version, as noted in November 2025. */
const NEWEST: Readonly<Record<string, string>> = {
  'express 4': '4.21.2',
  'express 5': '5.1.0',
  'lodash 4': '4.17.21',
  'axios 1': '1.13.2',
  'minimist 1': '1.2.8',
  'moment 2': '2.30.1',
  'ws 8': '8.18.3',
  'ejs 3': '3.1.10',
  'next 14': '14.2.33',
  'next 15': '15.5.6',
  'fastify 4': '4.29.1',
  'body-parser 1': '1.20.3',
}

/** Which version a range of package.json comes to: `^4.17.1` is the newest 4 that is known, or what it says. */
function versionFor(name: string, range: string | undefined): string {
  const exact = /\d+(?:\.\d+)*(?:-[\w.]+)?/.exec(range ?? '')?.[0]
  const major = exact?.split('.')[0]
  const newest = NEWEST[`${name} ${major}`]
  if (newest !== undefined && /^[\^~>*]/.test(range ?? '')) return newest
  if (exact !== undefined)
    return exact.split('.').length === 3 ? exact : `${exact}${'.0'.repeat(3 - exact.split('.').length)}`
  const known = Object.keys(NEWEST).findLast((one) => one.startsWith(`${name} `))
  return known === undefined ? `${1 + (sizeOf(name, 0, 9) % 9)}.${sizeOf(name, 0, 30)}.0` : NEWEST[known]!
}

/** Puts packages below node_modules. */
function putPackages(
  call: ToolCall,
  root: string,
  names: readonly string[],
  versions: Readonly<Record<string, string>> = {},
): void {
  for (const name of names) {
    textFile(
      call,
      `${root}/${name}/package.json`,
      `${JSON.stringify({ name, version: versionFor(name, versions[name]) })}\n`,
    )
    pack(call, `${root}/${name}/dist.pack`, bytesOf(name), `npm ${name}`)
  }
}

/** The versions that a lock file has fixed. */
function locked(text: string | undefined): Readonly<Record<string, string>> {
  try {
    const { packages = {} } = JSON.parse(text ?? '{}') as { packages?: Record<string, { version?: string }> }
    return Object.fromEntries(
      Object.entries(packages).flatMap(([path, { version }]) =>
        typeof version === 'string' ? [[path.replace(/^.*node_modules\//, ''), version]] : [],
      ),
    )
  } catch {
    return {}
  }
}

function installed(call: ToolCall, tool: string, given: readonly string[], flags: ReadonlySet<string>): Job {
  const global = flags.has('-g') || flags.has('--global')
  const offline = {
    millis: 70_000,
    error: `npm error code EAI_AGAIN\nnpm error syscall getaddrinfo\nnpm error errno EAI_AGAIN\nnpm error request to https://registry.npmjs.org/${given[0] ?? ''} failed, reason: getaddrinfo EAI_AGAIN registry.npmjs.org\n`,
    exit: 1,
  }
  if (global) {
    if (!online(call)) return [offline]
    const names = given.map((name) => name.replace(/(?<=.)@[^@/]*$/, ''))
    return [
      {
        millis: downloadMillis(names.reduce((sum, name) => sum + bytesOf(name) * 0.3, 0)) + 600,
        print: `\nadded ${names.length * SPREAD} packages in 2s\n`,
        effect: (now) => {
          const versions = given.map((one, i) => [names[i]!, one.slice(names[i]!.length + 1)] as const)
          const root = '/usr/local/lib/node_modules'
          putPackages(now, root, names, Object.fromEntries(versions.filter(([, version]) => version !== '')))
          for (const name of names)
            pack(
              now,
              `/usr/local/bin/${name === 'typescript' ? 'tsc' : (name.split('/').at(-1) ?? name).replace(/^cli$/, name.split('/')[0]!.slice(1))}`,
              900,
              `npm bin ${name}`,
              0o755,
            )
        },
      },
    ]
  }
  const manifest = manifestOf(call)
  if (manifest === undefined) return [missingManifest(call, tool)]
  if (manifest === 'broken')
    return [{ millis: 200, error: 'npm error code EJSONPARSE\nnpm error JSON.parse Invalid package.json\n', exit: 1 }]
  const lock = textOf(call, 'package-lock.json') ?? textOf(call, 'npm-shrinkwrap.json')
  const isClean = call.argv[1] === 'ci' || call.argv[1] === 'clean-install'
  if (isClean && lock === undefined)
    return [
      {
        millis: 250,
        error:
          'npm error code EUSAGE\nnpm error\nnpm error The `npm ci` command can only install with an existing package-lock.json or\nnpm error npm-shrinkwrap.json with lockfileVersion >= 1. Run an install with npm@5 or\nnpm error later to generate a package-lock.json file, then try again.\n',
        exit: 1,
      },
    ]
  if (!online(call)) return [offline]
  const omits =
    ['--production', '--omit=dev', '--only=production', '--prod', '-P'].some((flag) => flags.has(flag)) ||
    call.argv.includes('--omit=dev') ||
    call.argv.includes('--only=production') ||
    call.argv.includes('--production') ||
    call.env['NODE_ENV'] === 'production'
  const asked = given.map((one) => /^(@?[^@]+)(?:@(.+))?$/.exec(one) ?? [one, one, undefined])
  const names = [
    ...Object.keys(manifest.dependencies ?? {}),
    ...(omits ? [] : Object.keys(manifest.devDependencies ?? {})),
    ...asked.map(([, name = '']) => name),
  ]
  const versions: Record<string, string> = { ...manifest.devDependencies, ...manifest.dependencies, ...locked(lock) }
  for (const [, name = '', version] of asked) if (version !== undefined) versions[name] = version
  const bytes = names.reduce((sum, name) => sum + bytesOf(name), 0)
  const home = call.env['HOME'] ?? '/root'
  const cache = `${home}/${tool === 'yarn' ? '.cache/yarn' : tool === 'pnpm' ? '.local/share/pnpm/store' : '.npm/_cacache'}`
  const warm = call.files.stat(`${cache}/content.pack`) !== undefined
  const count = names.length * SPREAD + (names.length > 0 ? 1 : 0)
  const millis = (warm ? 300 : downloadMillis(bytes * 0.3)) + (isClean ? 250 : 700)
  const seconds = Math.max(1, Math.round((millis + bytes / 40_000) / 1000))
  const told =
    tool === 'npm'
      ? `\nadded ${count} packages, and audited ${count + 1} packages in ${seconds}s\n\nfound 0 vulnerabilities\n`
      : tool === 'yarn'
        ? `[4/4] Building fresh packages...\nDone in ${seconds}.00s.\n`
        : `Done in ${seconds}s\n`
  return [
    {
      millis,
      print:
        tool === 'yarn'
          ? 'yarn install v1.22.22\n[1/4] Resolving packages...\n[2/4] Fetching packages...\n[3/4] Linking dependencies...\n'
          : '',
    },
    {
      cpuMillis: 100 + bytes / 40_000,
      print: told,
      effect: (now) => {
        putPackages(now, 'node_modules', names, versions)
        for (const name of names)
          pack(now, `node_modules/.bin/${name.split('/').at(-1)}`, 400, `npm bin ${name}`, 0o755)
        if (!warm) pack(now, `${cache}/content.pack`, bytes * 0.3, `npm cache ${[...names].sort().join(' ')}`)
        if (tool === 'npm' && !isClean && lock === undefined)
          textFile(
            now,
            'package-lock.json',
            `${JSON.stringify({ name: manifest.name ?? 'app', lockfileVersion: 3, packages: Object.fromEntries(names.map((name) => [`node_modules/${name}`, {}])) }, null, 2)}\n`,
          )
      },
    },
  ]
}

/** What bundlers leave, by the folder that they write to. */
const BUNDLERS: readonly (readonly [RegExp, string])[] = [
  [/\bvite build\b/, 'dist'],
  [/\breact-scripts build\b/, 'build'],
  [/\bnext build\b/, '.next'],
  [/\bng build\b/, 'dist'],
  [/\bvue-cli-service build\b/, 'dist'],
  [/\b(webpack|rollup|esbuild|parcel build|tsup)\b/, 'dist'],
  [/\btsc\b/, 'dist'],
  [/\b(docusaurus|gatsby) build\b/, 'public'],
  [/\bnuxt build\b/, '.output'],
]

function bundled(call: ToolCall, script: string): Job | undefined {
  const folder = BUNDLERS.find(([pattern]) => pattern.test(script))?.[1]
  if (folder === undefined) return undefined
  if (call.files.stat('node_modules') === undefined)
    return [
      {
        millis: 60,
        error: `sh: 1: ${script.split(/\s+/).find((word) => !word.includes('=')) ?? script}: not found\n`,
        exit: 127,
      },
    ]
  const { digest, files } = sourcesDigest(call, '.', /\.(jsx?|tsx?|mjs|vue|svelte|css|scss|html|json)$/)
  const bytes = 180_000 + files * 9_000
  return [
    {
      cpuMillis: 1_800 + files * 30,
      print: `✓ ${files} modules transformed.\n✓ built in ${(1.8 + files * 0.03).toFixed(2)}s\n`,
      effect: (now) => {
        textFile(
          now,
          `${folder}/index.html`,
          `<!doctype html>\n<html><head><script type="module" src="/assets/index-${digest}.js"></script></head><body><div id="root"></div></body></html>\n`,
        )
        pack(now, `${folder}/assets/index-${digest}.js`, bytes, `bundle ${digest}`)
      },
    },
  ]
}

function runScript(call: ToolCall, tool: string, name: string): Job {
  const manifest = manifestOf(call)
  if (manifest === undefined || manifest === 'broken') return [missingManifest(call, tool)]
  const script = manifest.scripts?.[name]
  if (script === undefined) {
    const error =
      tool === 'yarn'
        ? `error Command "${name}" not found.\n`
        : `npm error Missing script: "${name}"\nnpm error\nnpm error To see a list of scripts, run:\nnpm error   npm run\n`
    return name === 'test' && tool === 'npm' ? [{ millis: 200, error, exit: 1 }] : [{ millis: 200, error, exit: 1 }]
  }
  const head = `\n> ${manifest.name ?? 'app'}@1.0.0 ${name}\n> ${script}\n\n`
  const bundle = bundled(call, script)
  if (bundle && !('run' in bundle)) return [{ millis: 180, print: head }, ...bundle]
  return { run: ['sh', '-c', `PATH="$PWD/node_modules/.bin:$PATH"; ${script}`] }
}

const manager = (tool: 'npm' | 'yarn' | 'pnpm'): Tool =>
  jobTool(tool, 'installs packages of Node.js and runs scripts of package.json', (call) => {
    const { flags, rest } = wordsOf(call.argv.slice(1), [
      '--prefix',
      '-C',
      '--registry',
      '--loglevel',
      '--network-timeout',
    ])
    const [command, ...names] = rest
    if (flags.has('--version') || flags.has('-v'))
      return [{ millis: 120, print: `${tool === 'npm' ? '10.9.4' : tool === 'yarn' ? '1.22.22' : '9.15.0'}\n` }]
    switch (command) {
      case undefined:
        return tool === 'yarn'
          ? installed(call, tool, [], flags)
          : [{ millis: 100, print: `${tool} <command>\n`, exit: 1 }]
      case 'install':
      case 'i':
      case 'ci':
      case 'clean-install':
      case 'add':
        return installed(call, tool, names, flags)
      case 'global':
        return installed(call, tool, names.slice(1), new Set([...flags, '-g']))
      case 'run':
      case 'run-script':
        return runScript(call, tool, names[0] ?? '')
      case 'test':
      case 'start':
      case 'build':
        return command === 'build' && tool === 'npm'
          ? [{ millis: 100, error: 'Unknown command: "build"\n', exit: 1 }]
          : runScript(call, tool, command)
      case 'cache':
        return [
          {
            millis: 150,
            effect: (now) => now.files.remove(`${now.env['HOME'] ?? '/root'}/.npm/_cacache/content.pack`),
          },
        ]
      default:
        return tool === 'yarn' ? runScript(call, tool, command) : [{ millis: 200 }]
    }
  })

const npx = jobTool('npx', 'runs a command of a package', (call) => {
  const script = call.argv
    .slice(1)
    .filter((word) => !word.startsWith('-'))
    .join(' ')
  return bundled(call, script) ?? [{ millis: 1_200 }]
})

export const nodeTools: readonly Tool[] = [
  manager('npm'),
  manager('yarn'),
  manager('pnpm'),
  npx,
  jobTool('corepack', 'makes yarn and pnpm ready', () => [{ millis: 300 }]),
]

import type { Tool, ToolCall } from '../../tool'
import { ofSpring } from './jar'
import {
  downloadMillis,
  type Job,
  jobTool,
  online,
  pack,
  sizeOf,
  sourcesDigest,
  textFile,
  textOf,
  wordsOf,
} from './job'

const homeOf = (call: ToolCall): string => call.env['HOME'] ?? '/root'

/** What a build tool of a language does: dependencies once, then the sources. */
interface Project {
  /** undefined: the folder is no such project. */
  readonly manifest: string | undefined
  readonly missing: string
  readonly sources: RegExp
  /** Where what was downloaded is kept, and how much that is. */
  readonly cache: string
  readonly cacheBytes: number
  readonly offline: string
  readonly cpuMillis: number
  readonly says: (seconds: string) => string
  readonly effect: (call: ToolCall, digest: string) => void
}

function project(call: ToolCall, one: Project): Job {
  if (one.manifest === undefined) return [{ millis: 300, error: one.missing, exit: 1 }]
  const warm = call.files.stat(one.cache) !== undefined
  if (!warm && !online(call)) return [{ millis: 20_000, error: one.offline, exit: 1 }]
  const { digest, files } = sourcesDigest(call, '.', one.sources)
  const cpuMillis = one.cpuMillis + files * 40
  const millis = warm ? 100 : downloadMillis(one.cacheBytes)
  return [
    {
      millis,
      effect: (now) => (warm ? undefined : pack(now, one.cache, one.cacheBytes, `downloads of ${one.cacheBytes}`)),
    },
    {
      cpuMillis,
      threads: 2,
      print: one.says(((cpuMillis / 2 + millis) / 1000).toFixed(1)),
      effect: (now) => one.effect(now, digest),
    },
  ]
}

const tag = (text: string, name: string): string | undefined => new RegExp(`<${name}>([^<]+)</${name}>`).exec(text)?.[1]

/** `group/artifact@version` of a project's dependencies, properties filled in; those without a version are the parent's. */
function dependenciesOf(pom: string): string {
  const property = (text: string) => text.replace(/\$\{([\w.-]+)\}/g, (whole, name: string) => tag(pom, name) ?? whole)
  return pom
    .split('<dependency>')
    .slice(1, 501)
    .flatMap((part) => {
      const one = part.split('</dependency>', 1)[0]!.slice(0, 5_000)
      const version = tag(one, 'version')
      return version === undefined
        ? []
        : [`${tag(one, 'groupId') ?? ''}/${tag(one, 'artifactId') ?? ''}@${property(version).trim()}`]
    })
    .join(',')
}

const maven = jobTool('mvn', 'builds projects of Maven', (call) => {
  const pom = textOf(call, 'pom.xml')
  const own = (pom ?? '').replace(/<parent>[\s\S]*?<\/parent>/, '')
  const name = tag(own, 'finalName') ?? `${tag(own, 'artifactId') ?? 'app'}-${tag(own, 'version') ?? '0.0.1-SNAPSHOT'}`
  const packages = call.argv.some((word) => ['package', 'install', 'verify', 'deploy'].includes(word))
  const count = (pom?.match(/<dependency>/g) ?? []).length
  return project(call, {
    manifest: pom,
    missing: `[ERROR] The goal you specified requires a project to execute but there is no POM in this directory (${call.cwd}). Please verify you invoked Maven from the correct directory.\n`,
    sources: /\.(java|kt|xml|properties|yml|yaml|html)$/,
    cache: `${homeOf(call)}/.m2/repository/downloads.pack`,
    cacheBytes: 38_000_000 + count * 4_200_000,
    offline: '[ERROR] Unknown host repo.maven.apache.org: Temporary failure in name resolution\n',
    cpuMillis: 6_000,
    says: (seconds) => `[INFO] Scanning for projects...\n[INFO] BUILD SUCCESS\n[INFO] Total time:  ${seconds} s\n`,
    effect: (now, digest) => {
      if (packages)
        pack(
          now,
          `target/${name}.${tag(own, 'packaging') === 'war' ? 'war' : 'jar'}`,
          1_200_000 + count * 2_600_000,
          `jar ${digest}${ofSpring(pom)} mod ${dependenciesOf(pom ?? '')}`,
        )
      else pack(now, 'target/classes/classes.pack', 200_000, `classes ${digest}`)
    },
  })
})

const gradle = jobTool('gradle', 'builds projects of Gradle', (call) => {
  const script = textOf(call, 'build.gradle') ?? textOf(call, 'build.gradle.kts')
  const settings = textOf(call, 'settings.gradle') ?? textOf(call, 'settings.gradle.kts') ?? ''
  const name = /rootProject\.name\s*=\s*['"]([^'"]+)/.exec(settings)?.[1] ?? call.cwd.split('/').at(-1) ?? 'app'
  const version = /^version\s*=?\s*['"]([^'"]+)/m.exec(script ?? '')?.[1]
  return project(call, {
    manifest: script,
    missing: `FAILURE: Build failed with an exception.\n\n* What went wrong:\nDirectory '${call.cwd}' does not contain a Gradle build.\n`,
    sources: /\.(java|kt|kts|groovy|gradle|properties|yml)$/,
    cache: `${call.env['GRADLE_USER_HOME'] ?? `${homeOf(call)}/.gradle`}/caches/downloads.pack`,
    cacheBytes: 96_000_000,
    offline:
      'FAILURE: Build failed with an exception.\n\n* What went wrong:\nCould not resolve all files. > repo.maven.apache.org: Temporary failure in name resolution\n',
    cpuMillis: 9_000,
    says: (seconds) => `\nBUILD SUCCESSFUL in ${Math.round(Number(seconds))}s\n5 actionable tasks: 5 executed\n`,
    effect: (now, digest) =>
      pack(
        now,
        `build/libs/${name}${version === undefined ? '' : `-${version}`}.jar`,
        18_400_000,
        `jar ${digest}${ofSpring(script)}`,
      ),
  })
})

const dotnet = jobTool('dotnet', 'builds projects of .NET', (call) => {
  const [, command = '', ...args] = call.argv
  const { values, rest } = wordsOf(args, ['-c', '-o', '-r', '--configuration', '--output', '--runtime', '-a', '-f'])
  if (command.startsWith('-')) return [{ millis: 90, print: '9.0.307\n' }]
  const given = rest.find((one) => /\.(cs|fs|vb)proj$|\.sln$/.test(one))
  const found = given ?? (call.files.list('.') ?? []).find((one) => /\.(cs|fs|vb)proj$|\.sln$/.test(one))
  const name = (found ?? 'app')
    .split('/')
    .at(-1)!
    .replace(/\.\w+$/, '')
  return project(call, {
    manifest: found !== undefined && call.files.stat(found) ? found : undefined,
    missing:
      'MSBUILD : error MSB1003: Specify a project or solution file. The current working directory does not contain a project or solution file.\n',
    sources: /\.(cs|fs|vb|cshtml|razor|csproj|sln|json)$/,
    cache: `${homeOf(call)}/.nuget/packages/downloads.pack`,
    cacheBytes: 24_000_000,
    offline: 'error NU1301: Unable to load the service index for source https://api.nuget.org/v3/index.json.\n',
    cpuMillis: command === 'restore' ? 700 : 4_500,
    says: (seconds) =>
      command === 'restore'
        ? `  Determining projects to restore...\n  Restored ${call.cwd}/${name}.csproj (in ${seconds} sec).\n`
        : `  ${name} -> ${call.files.resolve(values.get('-o') ?? values.get('--output') ?? 'bin/Release')}/${name}.dll\n`,
    effect: (now, digest) => {
      if (command === 'restore') return void textFile(now, 'obj/project.assets.json', '{}\n')
      const out =
        values.get('-o') ??
        values.get('--output') ??
        `bin/${values.get('-c') ?? 'Debug'}/net9.0${command === 'publish' ? '/publish' : ''}`
      pack(now, `${out}/${name}.dll`, 84_000, `assembly ${digest}`)
      pack(now, `${out}/${name}`, 72_000, `built dotnet ${digest}`, 0o755)
      textFile(now, `${out}/${name}.runtimeconfig.json`, '{}\n')
    },
  })
})

const composer = jobTool('composer', 'installs packages of PHP', (call) => {
  const manifest = textOf(call, 'composer.json')
  const count = (manifest?.match(/"[a-z0-9-]+\/[a-z0-9-]+"\s*:/g) ?? []).length
  return project(call, {
    manifest,
    missing: `Composer could not find a composer.json file in ${call.cwd}\nTo initialize a project, please create a composer.json file. See https://getcomposer.org/basic-usage\n`,
    sources: /^composer\.(json|lock)$/,
    cache: `${homeOf(call)}/.composer/cache/downloads.pack`,
    cacheBytes: 2_000_000 + count * 900_000,
    offline:
      'curl error 6 while downloading https://repo.packagist.org/packages.json: Could not resolve host: repo.packagist.org\n',
    cpuMillis: 900,
    says: () =>
      `Installing dependencies from lock file\nPackage operations: ${count} installs, 0 updates, 0 removals\nGenerating autoload files\n`,
    effect: (now, digest) => {
      textFile(now, 'vendor/autoload.php', '<?php\n')
      pack(now, 'vendor/packages.pack', 1_000_000 + count * 2_400_000, `vendor ${digest}`)
    },
  })
})

const bundle = jobTool('bundle', 'installs packages of Ruby', (call) => {
  if (call.argv[1] !== 'install' && call.argv[1] !== undefined) return [{ millis: 500 }]
  const manifest = textOf(call, 'Gemfile')
  const count = (manifest?.match(/^\s*gem\s/gm) ?? []).length
  return project(call, {
    manifest,
    missing: 'Could not locate Gemfile\n',
    sources: /^Gemfile(\.lock)?$/,
    cache: '/usr/local/bundle/cache/downloads.pack',
    cacheBytes: 3_000_000 + count * 1_100_000,
    offline: 'Could not reach host index.rubygems.org. Check your network connection and try again.\n',
    cpuMillis: 1_500 + count * 600,
    says: () => `Bundle complete! ${count} Gemfile dependencies, ${count * 5} gems now installed.\n`,
    effect: (now, digest) => pack(now, '/usr/local/bundle/gems.pack', 4_000_000 + count * 3_100_000, `gems ${digest}`),
  })
})

const gem = jobTool('gem', 'installs packages of Ruby', (call) => {
  const names = call.argv.slice(2).filter((word) => /^[a-z]/i.test(word))
  return [
    {
      millis: 900 + names.length * 700,
      print: `${names.map((name) => `Successfully installed ${name}\n`).join('')}${names.length} gem${names.length === 1 ? '' : 's'} installed\n`,
      effect: (now) => {
        for (const name of names) {
          pack(now, `/usr/local/bundle/gems/${name}.pack`, sizeOf(name, 300_000, 6_000_000), `gem ${name}`)
          pack(now, `/usr/local/bin/${name}`, 560, `gem command ${name}`, 0o755)
        }
      },
    },
  ]
})

const git = jobTool('git', 'clones repositories (what they hold is made up)', (call) => {
  const [, command, ...args] = call.argv
  if (command === '--version') return [{ millis: 5, print: 'git version 2.39.5\n' }]
  if (command !== 'clone') return [{ millis: 40 }]
  const { rest } = wordsOf(args, ['-b', '--branch', '--depth', '-c', '--config', '-o'])
  const [
    address = '',
    folder = address
      .split('/')
      .at(-1)
      ?.replace(/\.git$/, '') ?? 'repository',
  ] = rest
  if (address === '') return [{ millis: 5, error: 'fatal: You must specify a repository to clone.\n', exit: 129 }]
  const host = /^(?:[a-z]+:\/\/)?(?:[^@/]+@)?([^/:]+)/.exec(address)?.[1] ?? address
  if (!online(call))
    return [
      {
        millis: 10_000,
        error: `Cloning into '${folder}'...\nfatal: unable to access '${address}': Could not resolve host: ${host}\n`,
        exit: 128,
      },
    ]
  const bytes = sizeOf(address, 200_000, 9_000_000)
  call.notice(`git clone ${address}: what the repository holds is not known here; its files are made up`)
  return [
    {
      millis: 400 + downloadMillis(bytes),
      error: `Cloning into '${folder}'...\n`,
      effect: (now) => {
        textFile(now, `${folder}/README.md`, `# ${folder}\n`)
        textFile(now, `${folder}/Makefile`, 'all:\n\t@true\ninstall:\n\t@true\n')
        pack(now, `${folder}/src/source.pack`, bytes, `git ${address}`)
        pack(now, `${folder}/.git/objects.pack`, bytes * 0.8, `objects ${address}`)
      },
    },
  ]
})

/** Small commands of a distribution that only take a moment. */
const instant = (name: string, about: string): Tool => jobTool(name, about, () => [{ millis: 60 }])

export const projectTools: readonly Tool[] = [
  maven,
  gradle,
  { ...gradle, name: 'gradlew' },
  { ...maven, name: 'mvnw' },
  dotnet,
  composer,
  bundle,
  gem,
  git,
  instant('update-ca-certificates', 'makes the list of certificate authorities anew'),
  instant('ldconfig', "makes the loader's cache anew"),
  instant('locale-gen', 'makes locales'),
  instant('docker-php-ext-install', 'builds extensions of PHP'),
  instant('docker-php-ext-enable', 'switches extensions of PHP on'),
  instant('docker-php-ext-configure', 'configures extensions of PHP'),
]

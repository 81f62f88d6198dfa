import type { Tool, ToolCall } from '../../tool'
import { downloadMillis, type Job, jobTool, online, pack, sizeOf, textFile, textOf, wordsOf } from './job'
import { isUnknown } from './packages'

/** Megabytes of well-known packages with what they need. */
const KNOWN: Readonly<Record<string, number>> = {
  flask: 4.2,
  django: 38,
  fastapi: 12,
  requests: 3.1,
  numpy: 68,
  pandas: 130,
  scipy: 112,
  'scikit-learn': 240,
  torch: 1_900,
  tensorflow: 1_750,
  gunicorn: 0.9,
  uvicorn: 1.1,
  redis: 2.2,
  psycopg2: 1.6,
  'psycopg2-binary': 13,
  sqlalchemy: 17,
  celery: 9,
  matplotlib: 55,
  pip: 8,
  setuptools: 5,
}
/** The newest of well-known packages, as noted in November 2025. */
const NEWEST: Readonly<Record<string, string>> = {
  flask: '3.1.2',
  django: '5.2.8',
  fastapi: '0.121.1',
  requests: '2.32.5',
  numpy: '2.3.4',
  pandas: '2.3.3',
  gunicorn: '23.0.0',
  uvicorn: '0.38.0',
  redis: '7.0.1',
  sqlalchemy: '2.0.44',
  celery: '5.5.3',
  jinja2: '3.1.6',
  werkzeug: '3.1.3',
  urllib3: '2.5.0',
  pyyaml: '6.0.3',
  pillow: '12.0.0',
  setuptools: '80.9.0',
}
/** Commands that packages bring. */
const COMMANDS: Readonly<Record<string, string>> = {
  flask: 'flask',
  django: 'django-admin',
  gunicorn: 'gunicorn',
  uvicorn: 'uvicorn',
  celery: 'celery',
  pytest: 'pytest',
  poetry: 'poetry',
  pipenv: 'pipenv',
  uv: 'uv',
  black: 'black',
  awscli: 'aws',
  ansible: 'ansible ansible-playbook',
  jupyter: 'jupyter',
  fastapi: 'fastapi',
}

const versionOf = (call: ToolCall): string => (call.env['PYTHON_VERSION'] ?? '3.12.0').split('.').slice(0, 2).join('.')
const bytesOf = (name: string): number => (KNOWN[name] ?? sizeOf(name, 200, 3_000) / 1000) * 1e6

interface Wanted {
  readonly name: string
  readonly version: string
  readonly from: string
}

function named(text: string, from: string): Wanted | undefined {
  const match = /^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?\s*(?:([=~<>!]=?=?)\s*([\w.*]+))?/.exec(text.trim())
  if (!match) return undefined
  const name = match[1]!.toLowerCase()
  const [, , sign, given] = match
  const newest = sign?.startsWith('>') || given === undefined ? NEWEST[name] : undefined
  return {
    name,
    version: newest ?? given ?? `${1 + (sizeOf(name, 0, 6) % 6)}.${sizeOf(name, 0, 20)}.${sizeOf(`${name}.`, 0, 9)}`,
    from,
  }
}

function wantedBy(call: ToolCall): readonly Wanted[] | { readonly error: string } {
  const args = call.argv.slice(2)
  const found: Wanted[] = []
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!
    if (arg === '-r' || arg === '--requirement' || arg.startsWith('--requirement=')) {
      const path = arg.includes('=') ? arg.slice(arg.indexOf('=') + 1) : (args[++i] ?? '')
      const text = textOf(call, path)
      if (text === undefined)
        return { error: `ERROR: Could not open requirements file: [Errno 2] No such file or directory: '${path}'\n` }
      for (const [n, line] of text.split('\n').entries()) {
        const one = /^\s*(#|-|$)/.test(line) ? undefined : named(line, ` (from -r ${path} (line ${n + 1}))`)
        if (one) found.push(one)
      }
    } else if (
      [
        '-t',
        '--target',
        '-i',
        '--index-url',
        '--extra-index-url',
        '--prefix',
        '-c',
        '-f',
        '--timeout',
        '--root-user-action',
      ].includes(arg)
    )
      i++
    else if (arg === '.' || arg.startsWith('./')) found.push({ name: 'app', version: '0.1.0', from: '' })
    else if (!arg.startsWith('-')) {
      const one = named(arg, '')
      if (one) found.push(one)
    }
  }
  return found
}

/** Where packages and their commands go: to the system, below a prefix, into one folder, or to the user who may not write elsewhere. */
function placeOf(
  call: ToolCall,
  flags: ReadonlySet<string>,
  values: ReadonlyMap<string, string>,
): { readonly site: string; readonly bin: string; readonly says: string } {
  const target = values.get('--target') ?? values.get('-t')
  if (target !== undefined)
    return { site: call.files.resolve(target), bin: `${call.files.resolve(target)}/bin`, says: '' }
  const below = (prefix: string, says = '') => ({
    site: `${prefix}/lib/python${versionOf(call)}/site-packages`,
    bin: `${prefix}/bin`,
    says,
  })
  const prefix = values.get('--prefix')
  if (prefix !== undefined) return below(call.files.resolve(prefix))
  const own = `${call.env['HOME'] ?? '/root'}/.local`
  if (flags.has('--user')) return below(own)
  return (call.user?.uid ?? 0) === 0
    ? below('/usr/local')
    : below(own, 'Defaulting to user installation because normal site-packages is not writeable\n')
}

function pipInstall(call: ToolCall): Job {
  const wanted = wantedBy(call)
  if ('error' in wanted) return [{ millis: 400, error: wanted.error, exit: 1 }]
  if (wanted.length === 0)
    return [
      {
        millis: 300,
        error: 'ERROR: You must give at least one requirement to install (see "pip help install")\n',
        exit: 1,
      },
    ]
  if (!online(call)) {
    const [first] = wanted
    return [
      {
        millis: 16_000,
        error: `WARNING: Retrying (Retry(total=4, connect=None, read=None, redirect=None, status=None)) after connection broken by 'NewConnectionError': Failed to establish a new connection: [Errno -3] Temporary failure in name resolution: /simple/${first!.name}/\nERROR: Could not find a version that satisfies the requirement ${first!.name} (from versions: none)\nERROR: No matching distribution found for ${first!.name}\n`,
        exit: 1,
      },
    ]
  }
  const unknown = wanted.find(({ name }) => isUnknown(name))
  if (unknown)
    return [
      {
        millis: 900,
        error: `ERROR: Could not find a version that satisfies the requirement ${unknown.name} (from versions: none)\nERROR: No matching distribution found for ${unknown.name}\n`,
        exit: 1,
      },
    ]
  const { flags, values } = wordsOf(call.argv, ['--prefix', '--target', '-t'])
  const { site, bin, says } = placeOf(call, flags, values)
  const cache = `${call.env['HOME'] ?? '/root'}/.cache/pip`
  const warm = (name: string) => call.files.stat(`${cache}/wheels/${name}.whl`) !== undefined
  const keeps = !flags.has('--no-cache-dir') && !call.env['PIP_NO_CACHE_DIR']
  const bytes = wanted.reduce((sum, { name }) => sum + bytesOf(name), 0)
  const fresh = wanted.reduce((sum, { name }) => sum + (warm(name) ? 0 : bytesOf(name) * 0.3), 0)
  return [
    {
      millis: 500 + wanted.length * 90 + downloadMillis(fresh),
      print: `${says}${wanted
        .map(
          ({ name, version, from }) =>
            `Collecting ${name}==${version}${from}\n  ${warm(name) ? 'Using cached' : 'Downloading'} ${name.replaceAll('-', '_')}-${version}-py3-none-any.whl (${((bytesOf(name) * 0.3) / 1e6).toFixed(1)} MB)\n`,
        )
        .join('')}`,
    },
    {
      cpuMillis: 200 + bytes / 50_000,
      print: `Installing collected packages: ${wanted.map(({ name }) => name).join(', ')}\nSuccessfully installed ${wanted.map(({ name, version }) => `${name}-${version}`).join(' ')}\n`,
      effect: (now) => {
        for (const { name, version } of wanted) {
          const folder = name.replaceAll('-', '_')
          textFile(
            now,
            `${site}/${folder}-${version}.dist-info/METADATA`,
            `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`,
          )
          pack(now, `${site}/${folder}/package.pack`, bytesOf(name), `pip ${name} ${version}`)
          for (const command of (COMMANDS[name] ?? '').split(' '))
            if (command !== '') pack(now, `${bin}/${command}`, 240, `pip command ${command}`, 0o755)
          if (keeps) pack(now, `${cache}/wheels/${name}.whl`, bytesOf(name) * 0.3, `wheel ${name} ${version}`)
        }
      },
    },
  ]
}

const pip = (name: string): Tool =>
  jobTool(name, 'installs packages of Python', (call) => {
    const command = call.argv[1]
    if (command === 'install') return pipInstall(call)
    if (command === '--version' || command === '-V')
      return [
        {
          millis: 250,
          print: `pip 25.2 from /usr/local/lib/python${versionOf(call)}/site-packages/pip (python ${versionOf(call)})\n`,
        },
      ]
    return [{ millis: 400 }]
  })

/** `python -m pip …`; of other scripts nothing is known: they take a second. */
const python = (name: string): Tool =>
  jobTool(name, 'pip and venv; scripts are taken to run for a second', (call) => {
    const [, first, second, ...rest] = call.argv
    if (first === '-m' && second === 'pip') return { run: ['pip', ...rest] }
    if (first === '--version' || first === '-V')
      return [{ millis: 20, print: `Python ${call.env['PYTHON_VERSION'] ?? '3.12.0'}\n` }]
    if (first === '-m' && second === 'venv') {
      const folder = rest[0] ?? 'venv'
      return [
        {
          millis: 1_900,
          effect: (now) => {
            for (const command of ['python', 'python3', 'pip', 'pip3'])
              pack(now, `${folder}/bin/${command}`, 9_000, `venv ${command}`, 0o755)
            pack(now, `${folder}/lib/site.pack`, 12_000_000, 'venv')
          },
        },
      ]
    }
    if (first !== undefined && !first.startsWith('-') && textOf(call, first) === undefined)
      return [
        {
          millis: 30,
          error: `${name}: can't open file '${call.files.resolve(first)}': [Errno 2] No such file or directory\n`,
          exit: 2,
        },
      ]
    call.notice(`${call.argv.join(' ').slice(0, 80)}: Python is not run here; it is taken to succeed after a second`)
    return [{ millis: 1_000 }]
  })

export const pythonTools: readonly Tool[] = [pip('pip'), pip('pip3'), python('python'), python('python3')]

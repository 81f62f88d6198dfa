/**
 * cosign 2.6, as far as it signs images with a key and checks such signatures: each command is a function of its own file. Signatures stand in the
 * registry beside the image, under the tag `sha256-….sig`. Not here: keyless signing, attestations, blobs, hardware keys.
 */
import type { Json } from '../../engine/json'
import { fullRepository, publicKeyOf, signatureTag } from '../../platform/registry/signature'
import type { Tool, ToolCall, ToolStep } from '../../platform/shell/tool'
import { Failure } from '../cli/failure'
import { bool, type Flag, isTrue, parseFlags, text } from '../cli/flags'
import { Run, Suspended } from '../docker/run'
import { newSecret, opened, sealed } from './keys'
import { askedFor, failed, newPassword, passwordFor } from './passwords'
import { digestOf, sign } from './sign'
import { verify } from './verify'

interface Command {
  readonly name: string
  readonly about: string
  readonly flags: readonly Flag[]
  readonly least: number
  readonly run: (run: Run) => number
}

const registryFlags: readonly Flag[] = [
  bool('allow-http-registry', 'whether to allow using HTTP protocol while connecting to registries'),
  bool('allow-insecure-registry', 'whether to allow insecure connections to registries'),
]

function generate(run: Run): number {
  const prefix = run.value('output-key-prefix') ?? 'cosign'
  const password = newPassword(run)
  const { files } = run.call
  if (
    files.stat(`${prefix}.key`) &&
    !/^y/i.test(askedFor(run, `File ${prefix}.key already exists. Overwrite (y/n)? `).trim())
  )
    return 0
  const problem = run.loop<Json, string>(null, () => {
    const secret = newSecret(run.call)
    const wrong =
      files.write(`${prefix}.key`, sealed(secret, password), { mode: 0o600 }) ??
      files.write(`${prefix}.pub`, publicKeyOf(secret), { mode: 0o644 })
    return { done: wrong?.error ?? '' }
  })
  if (problem !== '') return failed(run, `open ${prefix}.key: ${problem.toLowerCase()}`, 1)
  run.error(`Private key written to ${prefix}.key\nPublic key written to ${prefix}.pub\n`)
  return 0
}

function publicKey(run: Run): number {
  const key = run.value('key') ?? 'cosign.key'
  const read = run.call.files.read(key)
  if ('error' in read) return failed(run, `open ${key}: ${read.error.toLowerCase()}`, 1)
  const pair = opened(read.text, passwordFor(run, 'Enter password for private key: '))
  if ('error' in pair) return failed(run, pair.error, 1)
  run.print(pair.publicKey)
  return 0
}

function triangulate(run: Run): number {
  const [image = ''] = run.args
  const found = run.loop<Json, Json>(null, () => ({ done: digestOf(run, image) as unknown as Json })) as unknown as
    | { readonly digest: string }
    | { readonly error: string }
  if ('error' in found) return failed(run, found.error, 1)
  run.print(`${fullRepository(image)}:${signatureTag(found.digest)}\n`)
  return 0
}

const VERSION = 'v2.6.1'
const banner = `  ______   ______        _______. __    _______ .__   __.
 /      | /  __  \\      /       ||  |  /  _____||  \\ |  |
|  ,----'|  |  |  |    |   (----\`|  | |  |  __  |   \\|  |
|  |     |  |  |  |     \\   \\    |  | |  | |_ | |  . \`  |
|  \`----.|  \`--'  | .----)   |   |  | |  |__| | |  |\\   |
 \\______| \\______/  |_______/    |__|  \\______| |__| \\__|
cosign: A tool for Container Signing, Verification and Storage in an OCI registry.

GitVersion:    ${VERSION}
Platform:      linux/amd64
`

const commands: readonly Command[] = [
  {
    name: 'generate-key-pair',
    about: 'Generates a key-pair.',
    flags: [text('output-key-prefix', 'name used for generated .pub and .key files')],
    least: 0,
    run: generate,
  },
  {
    name: 'public-key',
    about: 'Gets a public key from the key-pair.',
    flags: [text('key', 'path to the private key file')],
    least: 0,
    run: publicKey,
  },
  {
    name: 'sign',
    about: 'Sign the supplied container image.',
    flags: [
      text('key', 'path to the private key file'),
      bool('yes', 'skip confirmation prompts for non-destructive operations', { short: 'y' }),
      bool('tlog-upload', 'whether or not to upload to the tlog', { initial: 'true' }),
      bool('recursive', 'if a multi-arch image is specified, sign each discrete image', {
        short: 'r',
        unmodelled: true,
      }),
      ...registryFlags,
    ],
    least: 1,
    run: sign,
  },
  {
    name: 'triangulate',
    about:
      'Outputs the located cosign image reference. This is the location where cosign stores the specified artifact type.',
    flags: registryFlags,
    least: 1,
    run: triangulate,
  },
  {
    name: 'verify',
    about: 'Verify a signature on the supplied container image',
    flags: [
      text('key', 'path to the public key file'),
      text('output', 'output format for the signing image information (json|text)', { short: 'o', initial: 'json' }),
      bool('insecure-ignore-tlog', 'ignore transparency log verification'),
      ...registryFlags,
    ],
    least: 1,
    run: verify,
  },
  {
    name: 'version',
    about: 'Prints the version',
    flags: [],
    least: 0,
    run: (run) => {
      run.print(banner)
      return 0
    },
  },
]

const overview = `A tool for Container Signing, Verification and Storage in an OCI registry.

Usage:
  cosign [command]

Available Commands:
${commands.map(({ name, about }) => `  ${name.padEnd(18)} ${about}\n`).join('')}
Use "cosign [command] --help" for more information about a command.
`

/** Commands of the real one that are not here. */
const ABSENT = new Set(
  'attach attest attest-blob clean copy dockerfile download env import-key-pair initialize load manifest save sign-blob tree trusted-root upload verify-attestation verify-blob'.split(
    ' ',
  ),
)

const usage = ({ name, flags }: Command): string =>
  `Usage:\n  cosign ${name} [flags]\n\nFlags:\n${flags.map((flag) => `      --${flag.name.padEnd(26)} ${flag.about}\n`).join('')}`

function started(call: ToolCall, memory: Json | undefined): ToolStep {
  const [, word, ...words] = call.argv
  const command = commands.find(({ name }) => name === word)
  if (!command) {
    if (word === undefined || word === '--help' || word === '-h' || word === 'help') {
      call.print(overview)
      return { exit: 0 }
    }
    if (ABSENT.has(word)) call.notice(`cosign ${word} is not modelled`)
    const why = ABSENT.has(word) ? `cosign ${word} is not modelled here` : `unknown command "${word}" for "cosign"`
    call.printError(`Error: ${why}\nRun 'cosign --help' for usage.\nerror during command execution: ${why}\n`)
    return { exit: 1 }
  }
  const flags = [...command.flags, bool('help', 'help')]
  const parsed = parseFlags(words, flags)
  if ('error' in parsed) {
    call.printError(`Error: ${parsed.error}\n${usage(command)}\nerror during command execution: ${parsed.error}\n`)
    return { exit: 1 }
  }
  if (isTrue(parsed.values.get('help')?.[0])) {
    call.print(`${command.about}\n\n${usage(command)}`)
    return { exit: 0 }
  }
  if (parsed.args.length < command.least) {
    const why = `requires at least ${command.least} arg(s), only received ${parsed.args.length}`
    call.printError(`Error: ${why}\n${usage(command)}\nerror during command execution: ${why}\n`)
    return { exit: 1 }
  }
  if (memory === undefined)
    for (const flag of flags)
      if (flag.unmodelled && parsed.values.has(flag.name))
        call.notice(`cosign ${command.name}: --${flag.name} is accepted but not modelled`)
  const run = new Run(call, `cosign ${command.name}`, flags, parsed, memory)
  try {
    return { exit: command.run(run) }
  } catch (error) {
    if (error instanceof Suspended) return run.step(error.wait)
    if (!(error instanceof Failure)) throw error
    if (error.message !== '') call.printError(`Error: ${error.message}\n`)
    return { exit: 1 }
  }
}

export const cosign: Tool = {
  name: 'cosign',
  about: 'signs images and checks signatures',
  takes: [60, 140],
  streams: true,
  run: started,
}

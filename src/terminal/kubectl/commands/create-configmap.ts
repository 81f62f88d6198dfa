import { toBase64 } from '../../../platform/base64'
import { fail } from '../../cli/failure'
import { texts as manyTexts, text } from '../../cli/flags'
import { type Command, done, type Run } from '../command'
import { createObject, creating, oneName } from '../create-object'
import { readSource, type Sources, sourceFlags, sourcesOf } from '../data-sources'
import { mustResource } from '../resource-args'

const filled = (map: Readonly<Record<string, string>>) => Object.keys(map).length > 0

export const createConfigMap: Command = {
  name: 'configmap',
  aliases: ['cm'],
  about: 'Create a config map from a local file, directory or literal value',
  usage: 'NAME [--from-file=[key=]source] [--from-literal=key1=value1]',
  examples: [
    'kubectl create configmap settings --from-literal=mode=dark --from-literal=level=3',
    'kubectl create configmap settings --from-file=app.properties',
    'kubectl create configmap settings --from-env-file=.env',
  ],
  flags: [...creating, ...sourceFlags],
  run(run) {
    const name = oneName(run)
    const { texts, binary } = sourcesOf(run, 'ConfigMap', name)
    createObject(
      run,
      mustResource('configmaps'),
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name },
        ...(filled(texts) && { data: texts }),
        ...(filled(binary) && { binaryData: binary }),
      },
      'configmap',
    )
    return done
  },
}

function createSecret(run: Run, name: string, type: string, { texts, binary }: Sources): void {
  const data: Record<string, string> = { ...binary }
  for (const [key, value] of Object.entries(texts)) data[key] = toBase64(value)
  createObject(
    run,
    mustResource('secrets'),
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name },
      ...(type !== '' && { type }),
      ...(filled(data) && { data }),
    },
    'secret',
  )
}

const generic: Command = {
  name: 'generic',
  about: 'Create a secret from a local file, directory, or literal value',
  usage: 'NAME [--type=string] [--from-file=[key=]source] [--from-literal=key1=value1]',
  examples: ['kubectl create secret generic db --from-literal=password=s3cret'],
  flags: [...creating, ...sourceFlags, text('type', 'The type of the secret.')],
  run(run) {
    const name = oneName(run)
    createSecret(run, name, run.value('type') ?? '', sourcesOf(run, 'Secret', name))
    return done
  },
}

const tls: Command = {
  name: 'tls',
  about: 'Create a TLS secret',
  usage: 'NAME --cert=path/to/cert/file --key=path/to/key/file',
  flags: [
    ...creating,
    text('cert', 'The file with the certificate.'),
    text('key', 'The file with the private key.'),
    ...sourceFlags.filter((flag) => flag.name === 'append-hash'),
  ],
  run(run) {
    const name = oneName(run)
    const [cert, key] = [run.value('cert'), run.value('key')]
    if (!cert || !key) return fail('error: key and cert must be specified')
    const texts = { 'tls.crt': readSource(run, cert), 'tls.key': readSource(run, key) }
    // whether the two belong together is not looked at
    if (!texts['tls.crt'].includes('-----BEGIN')) fail('error: tls: failed to find any PEM data in certificate input')
    if (!texts['tls.key'].includes('-----BEGIN')) fail('error: tls: failed to find any PEM data in key input')
    createSecret(run, name, 'kubernetes.io/tls', { texts, binary: {} })
    return done
  },
}

const dockerRegistry: Command = {
  name: 'docker-registry',
  about: 'Create a secret for use with a Docker registry',
  usage: 'NAME --docker-username=user --docker-password=password --docker-email=email',
  flags: [
    ...creating,
    text('docker-server', 'The registry.', { initial: 'https://index.docker.io/v1/' }),
    text('docker-username', 'Who.'),
    text('docker-password', 'The password.'),
    text('docker-email', 'The mail address.'),
    manyTexts('from-file', 'A configuration of the docker client.'),
    ...sourceFlags.filter((flag) => flag.name === 'append-hash'),
  ],
  run(run) {
    const name = oneName(run)
    const [username, password] = [run.value('docker-username'), run.value('docker-password')]
    const server = run.value('docker-server')
    if (run.given('from-file')) {
      const source = run.values('from-file')[0]!
      const config = readSource(run, source.slice(source.indexOf('=') + 1))
      createSecret(run, name, DOCKER, { texts: { '.dockerconfigjson': config }, binary: {} })
      return done
    }
    if (!username || !password || !server)
      return fail(
        'error: either --from-file or the combination of --docker-username, --docker-password and --docker-server is required',
      )
    const email = run.value('docker-email')
    const entry = { username, password, ...(email && { email }), auth: toBase64(`${username}:${password}`) }
    const config = JSON.stringify({ auths: { [server]: entry } })
    createSecret(run, name, DOCKER, { texts: { '.dockerconfigjson': config }, binary: {} })
    return done
  },
}

const DOCKER = 'kubernetes.io/dockerconfigjson'

export const createSecretCommand: Command = {
  name: 'secret',
  about: 'Create a secret using a specified subcommand',
  children: [dockerRegistry, generic, tls],
}

import { hash32 } from '../../engine'
import { baseDatabase } from './base-packages'
import { type BaseName, baseCommands, bases } from './bases'
import type { Entry } from './entry'
import { NGINX_ERROR, NGINX_WELCOME } from './pages'
import { type CatalogueLayer, type Image, resolveImage } from './resolve'

const made = new Map<string, readonly Entry[]>()

/**
 * The files of a layer of the catalogue: the commands that the image has, the files that anybody looks at, and packs that stand for the rest,
 * so that the sizes add up (simplified). Made when somebody looks, from the name alone.
 */
export function catalogueEntries(layer: CatalogueLayer): readonly Entry[] {
  const id = 'base' in layer ? `${layer.base} ${layer.release ?? ''}` : `${layer.image} #${layer.index}`
  let entries = made.get(id)
  if (!entries) {
    entries = 'base' in layer ? baseFiles(layer.base, layer.release) : imageFiles(layer.image, layer.index)
    made.set(id, entries)
  }
  return entries
}

const baseFiles = (base: BaseName, release: string | undefined): readonly Entry[] =>
  filled(baseEntries(base, release), bases[base].unpackedBytes, base)

function imageFiles(name: string, index: number): readonly Entry[] {
  const answer = resolveImage(name)
  if (answer.found === 'missing') return []
  const { image } = answer
  const first = image.layers[0]?.catalogue
  const own = index - (first && 'base' in first ? 1 : 0)
  const entries = own === 0 ? ownEntries(image) : smallEntries(image, own)
  return filled(entries, image.layers[index]?.unpackedBytes ?? 0, `${name} ${index}`)
}

const folder = (path: string, mode = 0o755): Entry => ({ path, what: 'folder', text: '', mode, modifiedAt: 0 })
const text = (path: string, content: string, mode = 0o644): Entry => ({
  path,
  what: 'file',
  text: content,
  mode,
  modifiedAt: 0,
})
const link = (path: string, to: string): Entry => ({ path, what: 'link', text: to, mode: 0o777, modifiedAt: 0 })
const pack = (path: string, bytes: number, of: string, mode = 0o755): Entry => ({
  path,
  what: 'file',
  text: '',
  mode,
  modifiedAt: 0,
  bytes,
  content: `${of} ${path} ${bytes}`,
})

/** What is left of the size becomes a few large files; folders above files are added. */
function filled(entries: readonly Entry[], size: number, of: string): readonly Entry[] {
  const used = entries.reduce((sum, entry) => sum + (entry.bytes ?? (entry.what === 'file' ? entry.text.length : 0)), 0)
  const left = size - used
  const name = of.replace(/[^a-z0-9.]+/gi, '-')
  const rest =
    left > 0
      ? [
          pack(`/usr/lib/${name}/lib.pack`, Math.floor(left * 0.7), of, 0o644),
          pack(`/usr/share/${name}/data.pack`, left - Math.floor(left * 0.7), of, 0o644),
        ]
      : []
  const all = new Map([...entries, ...rest].map((entry) => [entry.path, entry]))
  for (const { path } of [...all.values()])
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      const above = path.slice(0, at)
      if (!all.has(above)) all.set(above, folder(above))
    }
  return [...all.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
}

const PASSWD = `root:x:0:0:root:/root:/bin/SHELL
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
bin:x:2:2:bin:/bin:/usr/sbin/nologin
sys:x:3:3:sys:/dev:/usr/sbin/nologin
mail:x:8:8:mail:/var/mail:/usr/sbin/nologin
www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
`
const GROUP =
  'root:x:0:\ndaemon:x:1:\nbin:x:2:\nsys:x:3:\nmail:x:8:\nwww-data:x:33:\nstaff:x:50:\nusers:x:100:\nnogroup:x:65534:\n'

function users(shell: string, more: readonly (readonly [name: string, id: number])[] = []): Entry[] {
  const lines = more.map(([name, id]) => `${name}:x:${id}:${id}::/home/${name}:/bin/${shell}\n`).join('')
  const groups = more.map(([name, id]) => `${name}:x:${id}:\n`).join('')
  return [text('/etc/passwd', PASSWD.replace('SHELL', shell) + lines), text('/etc/group', GROUP + groups)]
}

function baseEntries(base: BaseName, given: string | undefined): Entry[] {
  const release = given ?? RELEASES[base] ?? '12'
  if (base === 'distroless')
    return [
      ...users('nologin', [['nonroot', 65_532]]),
      text('/etc/os-release', osRelease(base, release)),
      pack('/etc/ssl/certs/ca-certificates.crt', 214_222, 'certificates', 0o644),
      folder('/tmp', 0o1777),
      folder('/root', 0o700),
      folder('/home/nonroot', 0o700),
    ]
  const packages = baseDatabase(base, release)
  const database = packages ? [text(packages.path, packages.text)] : []
  const commands = [...baseCommands(base), ...(base === 'alpine' ? ['apk'] : [])]
  const common = [
    folder('/tmp', 0o1777),
    folder('/root', 0o700),
    link('/var/run', '/run'),
    ...[
      '/run',
      '/dev',
      '/proc',
      '/sys',
      '/media',
      '/usr/src',
      '/usr/local/lib',
      '/var/spool',
      '/home',
      '/var/log',
      '/var/cache',
      '/var/lib',
      '/var/tmp',
      '/opt',
      '/srv',
      '/mnt',
      '/usr/local/bin',
    ].map((path) => folder(path)),
  ]
  if (bases[base].shell === 'ash') {
    const box = base === 'alpine' ? 808_712 : 1_311_440
    return [
      ...common,
      ...users('sh'),
      ...(base === 'alpine'
        ? [
            text('/etc/os-release', osRelease(base, release)),
            text('/etc/alpine-release', `${release}\n`),
            text('/etc/apk/world', 'alpine-baselayout\nalpine-keys\nalpine-release\napk-tools\nbusybox\nlibc-utils\n'),
            text(
              '/etc/apk/repositories',
              `https://dl-cdn.alpinelinux.org/alpine/v${minor(release)}/main\nhttps://dl-cdn.alpinelinux.org/alpine/v${minor(release)}/community\n`,
            ),
            ...database,
            pack('/sbin/apk', 74_984, 'apk'),
            pack('/lib/ld-musl-x86_64.so.1', 662_928, 'musl'),
          ]
        : []),
      pack('/bin/busybox', box, 'busybox'),
      ...commands
        .filter((name) => name !== 'busybox' && name !== 'apk')
        .map((name) => link(ASH_IN_BIN.has(name) ? `/bin/${name}` : `/usr/bin/${name}`, '/bin/busybox')),
    ]
  }
  return [
    ...common,
    ...users('bash'),
    link('/bin', 'usr/bin'),
    link('/lib', 'usr/lib'),
    link('/sbin', 'usr/sbin'),
    folder('/usr/sbin'),
    text('/etc/os-release', osRelease(base, release)),
    ...(base === 'oraclelinux' ? [] : [text('/etc/debian_version', `${release}\n`)]),
    text('/root/.profile', '# ~/.profile: executed by Bourne-compatible login shells.\n'),
    ...(packages ? database : [text('/var/lib/dpkg/status', '')]),
    folder('/var/lib/apt/lists'),
    folder('/var/cache/apt/archives'),
    ...commands.map((name) =>
      pack(`/usr/bin/${name}`, name === 'bash' ? 1_265_648 : 14_000 + (hash32(name) % 90_000), base),
    ),
  ]
}

const ASH_IN_BIN: ReadonlySet<string> = new Set(
  'sh ash cat chmod chown cp date df echo grep egrep fgrep gunzip gzip kill ln ls mkdir mktemp more mount mv nice ping ps pwd rm rmdir sed sleep stat stty su sync tar touch true false umount uname watch zcat base64'.split(
    ' ',
  ),
)

/** Where commands of languages and of images' own making are put. */
const IN_LOCAL =
  /^(node|npm|npx|yarn|corepack|python\d?|pip\d?|idle|ruby|gem|bundle|php|composer|go|gofmt|cargo|rustc|.*entrypoint.*|redis-.*|gosu|httpd.*|mvn|gradle|java|javac|dotnet|deno|bun)$/

function ownEntries(image: Image): Entry[] {
  const { config, repository } = image
  const entries: Entry[] = []
  const paths = new Set<string>()
  for (const first of [config.entrypoint?.[0], config.cmd?.[0]])
    if (first?.startsWith('/') && !image.generic) paths.add(first)
  for (const name of image.commands)
    if (![...paths].some((path) => path.endsWith(`/${name}`)))
      paths.add(`${name === 'nginx' ? '/usr/sbin' : IN_LOCAL.test(name) ? '/usr/local/bin' : '/usr/bin'}/${name}`)
  for (const path of paths) entries.push(pack(path, 9_000 + (hash32(path) % 400_000), repository))
  for (const path of [config.workingDir, ...config.volumes]) if (path !== '/') entries.push(folder(path))
  const own = OWN_USERS[repository]
  if (own) entries.push(...users(image.shell === 'bash' ? 'bash' : 'sh', [own]))
  if (own && own[0] === 'node') entries.push({ ...folder('/home/node'), uid: 1000, gid: 1000 })
  if (image.program === 'nginx')
    entries.push(
      text('/usr/share/nginx/html/index.html', NGINX_WELCOME),
      text('/usr/share/nginx/html/50x.html', NGINX_ERROR),
      text('/etc/nginx/nginx.conf', NGINX_CONF),
      text(
        '/etc/nginx/conf.d/default.conf',
        'server {\n    listen       80;\n    server_name  localhost;\n\n    location / {\n        root   /usr/share/nginx/html;\n        index  index.html index.htm;\n    }\n}\n',
      ),
      folder('/var/cache/nginx'),
      folder('/docker-entrypoint.d'),
    )
  if (image.program === 'httpd')
    entries.push(text('/usr/local/apache2/htdocs/index.html', '<html><body><h1>It works!</h1></body></html>\n'))
  return entries
}

const NGINX_CONF = `user  nginx;
worker_processes  auto;

events {
    worker_connections  1024;
}

http {
    include       /etc/nginx/mime.types;
    include /etc/nginx/conf.d/*.conf;
}
`

/** Users that images add to those of their base. */
const OWN_USERS: Readonly<Record<string, readonly [string, number]>> = {
  nginx: ['nginx', 101],
  redis: ['redis', 999],
  postgres: ['postgres', 999],
  mysql: ['mysql', 999],
  mariadb: ['mysql', 999],
  mongo: ['mongodb', 999],
  rabbitmq: ['rabbitmq', 999],
  node: ['node', 1000],
  memcached: ['memcache', 11_211],
  'curlimages/curl': ['curl_user', 100],
}

const smallEntries = (image: Image, index: number): Entry[] => [
  text(
    image.program === 'nginx'
      ? `/docker-entrypoint.d/${index}0-${['first', 'local-resolvers', 'envsubst', 'tune-workers'][index % 4]}.sh`
      : `/usr/local/share/${image.repository.replaceAll('/', '-')}/part-${index}.sh`,
    '#!/bin/sh\nset -e\n',
    0o755,
  ),
]

/** The releases of the distributions that images stand on. */
const RELEASES: Readonly<Partial<Record<BaseName, string>>> = {
  alpine: '3.22.2',
  ubuntu: '24.04',
  'ubuntu:22.04': '22.04',
}

const minor = (release: string): string => release.split('.').slice(0, 2).join('.')

const DEBIAN: Readonly<Record<string, string>> = {
  9: 'stretch',
  10: 'buster',
  11: 'bullseye',
  12: 'bookworm',
  13: 'trixie',
}

function osRelease(base: BaseName, release: string): string {
  if (base === 'alpine')
    return `NAME="Alpine Linux"\nID=alpine\nVERSION_ID=${release}\nPRETTY_NAME="Alpine Linux v${minor(release)}"\n`
  if (base.startsWith('ubuntu'))
    return `PRETTY_NAME="Ubuntu ${release === '24.04' ? '24.04.3 LTS' : release}"\nNAME="Ubuntu"\nVERSION_ID="${release}"\nID=ubuntu\n`
  if (base === 'oraclelinux')
    return 'NAME="Oracle Linux Server"\nID="ol"\nVERSION_ID="9.6"\nPRETTY_NAME="Oracle Linux Server 9.6"\n'
  const major = release.split('.')[0]!
  const version = `${major} (${DEBIAN[major] ?? 'bookworm'})`
  return `PRETTY_NAME="Debian GNU/Linux ${version}"\nNAME="Debian GNU/Linux"\nVERSION_ID="${major}"\nID=debian\n`
}

import { type Family, newestOf } from '../../../image/base-packages'
import { sizeOf } from './job'

/** What well-known packages of distributions take when they are installed, in kilobytes, with what they need, and the commands they bring besides their own name. */
const KNOWN: Readonly<Record<string, readonly [kilobytes: number, commands: string]>> = {
  curl: [3_400, 'curl'],
  wget: [3_700, 'wget'],
  git: [42_000, 'git'],
  'ca-certificates': [1_800, 'update-ca-certificates'],
  'build-essential': [248_000, 'gcc g++ make cc c++ ld ar as'],
  'build-base': [221_000, 'gcc g++ make cc c++ ld ar as'],
  gcc: [145_000, 'gcc cc'],
  'g++': [170_000, 'g++ c++'],
  make: [1_600, 'make'],
  cmake: [52_000, 'cmake ctest cpack'],
  python3: [31_000, 'python3'],
  'python3-pip': [125_000, 'pip3 pip python3'],
  'py3-pip': [38_000, 'pip3 pip'],
  python3_dev: [60_000, ''],
  nodejs: [98_000, 'node'],
  npm: [64_000, 'npm npx'],
  yarn: [6_900, 'yarn yarnpkg'],
  nginx: [9_600, 'nginx'],
  apache2: [21_000, 'apache2 apache2ctl'],
  'openjdk-17-jdk': [310_000, 'java javac jar'],
  'openjdk-17-jre-headless': [190_000, 'java'],
  'openjdk-21-jre-headless': [201_000, 'java'],
  'default-jre': [205_000, 'java'],
  maven: [14_000, 'mvn'],
  bash: [2_100, 'bash'],
  vim: [38_000, 'vim vi'],
  nano: [2_800, 'nano'],
  less: [420, 'less'],
  'busybox-extras': [110, 'httpd telnet ftpget ftpput'],
  tini: [60, 'tini'],
  'dumb-init': [60, 'dumb-init'],
  gnupg: [19_000, 'gpg'],
  openssl: [2_300, 'openssl'],
  'openssh-client': [6_100, 'ssh scp'],
  procps: [2_200, 'ps top free'],
  'iputils-ping': [140, 'ping'],
  iproute2: [3_700, 'ip ss'],
  'net-tools': [990, 'netstat ifconfig'],
  dnsutils: [720, 'dig nslookup host'],
  'bind-tools': [1_900, 'dig nslookup host'],
  'netcat-openbsd': [110, 'nc netcat'],
  unzip: [400, 'unzip'],
  zip: [630, 'zip'],
  'xz-utils': [1_200, 'xz'],
  jq: [1_300, 'jq'],
  rsync: [1_100, 'rsync'],
  sudo: [6_200, 'sudo'],
  cron: [260, 'cron crontab'],
  supervisor: [2_600, 'supervisord supervisorctl'],
  'postgresql-client': [17_000, 'psql pg_dump pg_isready'],
  'default-mysql-client': [29_000, 'mysql mysqldump'],
  'redis-tools': [4_700, 'redis-cli'],
  redis: [12_000, 'redis-server redis-cli'],
  sqlite3: [3_400, 'sqlite3'],
  sqlite: [2_100, 'sqlite3'],
  ffmpeg: [430_000, 'ffmpeg ffprobe'],
  imagemagick: [62_000, 'convert identify'],
  golang: [265_000, 'go gofmt'],
  go: [245_000, 'go gofmt'],
  rust: [310_000, 'rustc cargo'],
  cargo: [90_000, 'cargo'],
  php: [31_000, 'php'],
  ruby: [33_000, 'ruby gem'],
  tzdata: [3_600, ''],
  'software-properties-common': [4_100, 'add-apt-repository'],
  'apt-transport-https': [40, ''],
  'lsb-release': [90, 'lsb_release'],
  locales: [17_000, 'locale-gen'],
  'libpq-dev': [9_700, ''],
  'libc6-compat': [40, ''],
  gosu: [2_600, 'gosu'],
  'su-exec': [30, 'su-exec'],
}

/** Versions in the repositories of Debian 12 and of Alpine 3.22, as noted in November 2025; other releases are taken to have the same (simplified). */
const VERSIONS: Readonly<Record<string, readonly [debian: string, alpine: string]>> = {
  curl: ['7.88.1-10+deb12u14', '8.14.1-r2'],
  wget: ['1.21.3-1+deb12u1', '1.25.0-r1'],
  git: ['1:2.39.5-0+deb12u2', '2.49.1-r0'],
  openssl: ['3.0.17-1~deb12u3', '3.5.4-r0'],
  bash: ['5.2.15-2', '5.2.37-r0'],
  jq: ['1.6-2.1+deb12u1', '1.8.1-r0'],
  nginx: ['1.22.1-9+deb12u3', '1.28.0-r3'],
  python3: ['3.11.2-1', '3.12.12-r0'],
  nodejs: ['18.20.4+dfsg-1~deb12u1', '22.16.0-r2'],
  npm: ['9.2.0~ds1-1', '11.3.0-r1'],
  'ca-certificates': ['20230311+deb12u1', '20250911-r0'],
  'busybox-extras': ['1:1.35.0-4', '1.37.0-r19'],
  'xz-utils': ['5.4.1-1', '5.8.1-r0'],
  redis: ['5:7.0.15-1~deb12u5', '8.0.3-r0'],
  vim: ['2:9.0.1378-2+deb12u2', '9.1.1566-r0'],
  make: ['4.3-4.1', '4.4.1-r3'],
  gcc: ['4:12.2.0-3', '14.2.0-r6'],
  'build-essential': ['12.9', '12.9'],
  imagemagick: ['8:6.9.11.60+dfsg-1.6+deb12u4', '7.1.2.8-r0'],
  tzdata: ['2025b-0+deb12u2', '2025b-r0'],
}

/** A package that says of itself that there is none. */
export const isUnknown = (text: string): boolean => isMadeUp(bare(text))

const isMadeUp = (name: string): boolean =>
  !/^[a-z0-9][a-z0-9+.:*~_-]*$/i.test(name) ||
  /(^|-)(no-?such|does-?not-?exist|nonexist(ent|ing)?|nonsense|foobar|qwerty)/.test(name)

const bare = (text: string): string =>
  text
    .replace(/[=<>~!].*$/, '')
    .replace(/:(any|amd64)$/, '')
    .replace(/@.*$/, '')

export interface Package {
  readonly name: string
  readonly version: string
  readonly bytes: number
  readonly commands: readonly string[]
}

/** Where a package comes from: a distribution, and its release. */
export interface Source {
  readonly family: Family
  readonly release: string
}

/** A package by its name, with a version that it always has if none is given. */
export function packageNamed(text: string, { family, release }: Source = { family: 'debian', release: '' }): Package {
  const name = bare(text)
  const [kilobytes, commands] = KNOWN[name] ?? [
    sizeOf(name, 180, /-dev$|-devel$/.test(name) ? 6_000 : 3_800),
    /^(lib|python3-|py3-)|-(dev|devel|doc|data|common|libs)$/.test(name) ? '' : name,
  ]
  const given = /=([\w.+:~-]+)$/.exec(text)?.[1]
  const isAlpine = family === 'alpine'
  const made = `${1 + (sizeOf(name, 0, 9) % 9)}.${sizeOf(name, 0, 40)}.${sizeOf(`${name}.`, 0, 12)}${isAlpine ? '-r0' : ''}`
  const version = given ?? newestOf(family, release, name) ?? VERSIONS[name]?.[isAlpine ? 1 : 0] ?? made
  return { name, version, bytes: kilobytes * 1000, commands: commands === '' ? [] : commands.split(' ') }
}

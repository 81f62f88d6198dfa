import type { BaseName } from './bases'
import type { TagGrammar } from './tags'

/** What an image sets for its containers, where it differs from "nothing". */
export interface KnownConfig {
  readonly entrypoint?: readonly string[]
  readonly cmd?: readonly string[]
  readonly exposed?: readonly number[]
  readonly env?: Readonly<Record<string, string>>
  readonly workingDir?: string
  readonly user?: string
  readonly stopSignal?: string
  readonly volumes?: readonly string[]
}

/** Own layers on top of a base: compressed and unpacked megabytes (10^6), and how many layers share them. */
export type OwnLayers = readonly [compressed: number, unpacked: number, layers: number]

export interface KnownVariant {
  readonly base?: BaseName
  readonly own?: OwnLayers
  readonly config?: KnownConfig
  /** Commands besides those of the base. */
  readonly commands?: string
}

/** An image that Drydock knows: sizes are those of linux/amd64, rounded where versions differ little. */
export interface KnownImage {
  /** The familiar name of its repository. */
  readonly name: string
  /** The program that runs in it unless another command is given; a name from `platform/programs`. */
  readonly program: string
  readonly tags: TagGrammar
  readonly base: BaseName
  readonly own: OwnLayers
  readonly config: KnownConfig
  readonly commands: string
  /** By the index in `tags.variants`. */
  readonly variants?: readonly KnownVariant[]
}

const entry = '/docker-entrypoint.sh'
const local = 'docker-entrypoint.sh'
const kube = '1.34.0-2 1.33.0-6 1.32.0-10 1.31.0-14 1.30.0-14 1.29.0-15 1.28.0-15'
const alpineVariant = 'alpine(?:3\\.\\d+)?'
const debianVariant = '(?:trixie|bookworm|bullseye|buster)'
const slimVariant = `slim(?:-${debianVariant})?`
const noVersions: TagGrammar = { versions: '1.0' }

const control = (name: string, own: OwnLayers, port: number, health: string): KnownImage => ({
  name: `registry.k8s.io/${name}`,
  program: name,
  tags: { versions: kube, prefix: 'v', exact: true },
  base: 'distroless',
  own,
  config: {
    entrypoint: [`/usr/local/bin/${name}`],
    exposed: [port],
    env: { HEALTH: health },
  },
  commands: name,
})

/** Google's images without a shell: `static` for what is compiled whole, `base` with libc, `cc` with its companions. */
const distroless = (kind: string, own: OwnLayers): KnownImage => ({
  name: `gcr.io/distroless/${kind}`,
  program: 'http',
  tags: { versions: '1.0', variants: ['(?:debug-)?nonroot', 'debug'] },
  base: 'distroless',
  own,
  config: { env: { SSL_CERT_FILE: '/etc/ssl/certs/ca-certificates.crt' } },
  commands: '',
  variants: [{ config: { user: '65532', workingDir: '/home/nonroot' } }, {}],
})

export const catalogue: readonly KnownImage[] = [
  ...['static', 'static-debian11', 'static-debian12'].map((kind) => distroless(kind, [0, 0, 0])),
  ...['base', 'base-debian11', 'base-debian12'].map((kind) => distroless(kind, [7.3, 17.5, 2])),
  ...['cc', 'cc-debian11', 'cc-debian12'].map((kind) => distroless(kind, [8.6, 20.3, 3])),
  {
    name: 'nginx',
    program: 'nginx',
    tags: {
      versions:
        '1.29.0-3 1.28.0 1.27.0-5 1.26.0-3 1.25.0-5 1.24.0 1.23.0-4 1.22.0-1 1.21.0-6 1.20.0-2 1.19.0-10 1.18.0 1.17.0-10 1.16.0-1 1.15.0-12 1.14.0-2 1.13.0-12 1.12.0-2 1.11.0-13 1.10.0-3 1.9.0-15 1.8.0-1 1.7.0-12',
      names: { stable: '1.28.0', mainline: '1.29.3' },
      variants: ['alpine-slim', alpineVariant, `(?:${debianVariant}|perl|otel|${debianVariant}-perl)`],
    },
    base: 'debian:slim',
    own: [43.850_558, 117.3, 6],
    config: {
      entrypoint: [entry],
      cmd: ['nginx', '-g', 'daemon off;'],
      exposed: [80],
      stopSignal: 'SIGQUIT',
      env: { NGINX_VERSION: '{version}', PKG_RELEASE: '1~bookworm' },
    },
    commands: 'nginx curl envsubst openssl',
    variants: [{ base: 'alpine', own: [1.6, 4.1, 5], commands: 'nginx' }, { base: 'alpine', own: [17.1, 44.6, 7] }, {}],
  },
  {
    name: 'httpd',
    program: 'httpd',
    tags: { versions: '2.4.52-65 2.4.46-51', variants: [alpineVariant, debianVariant] },
    base: 'debian:slim',
    own: [29.8, 73.5, 5],
    config: {
      cmd: ['httpd-foreground'],
      exposed: [80],
      stopSignal: 'SIGWINCH',
      workingDir: '/usr/local/apache2',
      env: { HTTPD_PREFIX: '/usr/local/apache2', HTTPD_VERSION: '{version}' },
    },
    commands: 'httpd httpd-foreground apachectl ab htpasswd',
    variants: [{ base: 'alpine', own: [18.4, 55.2, 5] }, {}],
  },
  {
    name: 'redis',
    program: 'redis',
    tags: {
      versions: '8.2.0-3 8.0.0-5 7.4.0-6 7.2.0-11 7.0.0-15 6.2.0-20 6.0.0-20 5.0.0-14 4.0.0-14 3.2.0-12 2.8.0-23',
      variants: [alpineVariant, debianVariant],
    },
    base: 'debian:slim',
    own: [17.1, 42.6, 6],
    config: {
      entrypoint: [local],
      cmd: ['redis-server'],
      exposed: [6379],
      workingDir: '/data',
      volumes: ['/data'],
      env: { REDIS_VERSION: '{version}' },
    },
    commands: 'redis-server redis-cli redis-sentinel redis-benchmark docker-entrypoint.sh gosu',
    variants: [{ base: 'alpine', own: [13.5, 33.6, 7] }, {}],
  },
  {
    name: 'postgres',
    program: 'postgres',
    tags: {
      versions: '18.0-1 17.0-7 16.0-11 15.0-15 14.0-20 13.0-23 12.0-22 11.0-22 10.0-23 9.6.0-24 9.5.0-25 9.4.0-26',
      variants: [alpineVariant, debianVariant],
    },
    base: 'debian:slim',
    own: [122.6, 363.1, 13],
    config: {
      entrypoint: [local],
      cmd: ['postgres'],
      exposed: [5432],
      stopSignal: 'SIGINT',
      volumes: ['/var/lib/postgresql/data'],
      env: { PGDATA: '/var/lib/postgresql/data', PG_MAJOR: '{major}', PG_VERSION: '{version}' },
    },
    commands: 'postgres psql pg_isready pg_dump pg_ctl initdb createdb docker-entrypoint.sh gosu',
    variants: [{ base: 'alpine', own: [100.9, 266.4, 10] }, {}],
  },
  {
    name: 'mysql',
    program: 'mysql',
    tags: {
      versions: '9.5.0 9.4.0 8.4.0-7 8.0.0-44 5.7.0-44 5.6.0-51',
      names: { lts: '8.4.7', innovation: '9.5.0' },
      variants: ['oracle(?:linux9)?', 'debian'],
    },
    base: 'oraclelinux',
    own: [191.5, 667.4, 9],
    config: {
      entrypoint: [local],
      cmd: ['mysqld'],
      exposed: [3306, 33060],
      volumes: ['/var/lib/mysql'],
      env: { MYSQL_VERSION: '{version}' },
    },
    commands: 'mysqld mysql mysqladmin mysqldump docker-entrypoint.sh gosu',
  },
  {
    name: 'mariadb',
    program: 'mysql',
    tags: {
      versions: '12.0.2 11.8.1-5 11.4.1-9 10.11.2-15 10.6.1-24 10.5.1-29 10.4.1-34 10.3.1-39',
      names: { lts: '11.8.5' },
      variants: ['(?:noble|jammy|focal|ubi)'],
    },
    base: 'ubuntu',
    own: [91.9, 252.3, 7],
    config: {
      entrypoint: [local],
      cmd: ['mariadbd'],
      exposed: [3306],
      volumes: ['/var/lib/mysql'],
      env: { MARIADB_VERSION: '{version}' },
    },
    commands: 'mariadbd mysqld mariadb mysql mariadb-admin mysqladmin docker-entrypoint.sh gosu healthcheck.sh',
  },
  {
    name: 'mongo',
    program: 'mongo',
    tags: {
      versions: '8.2.0-1 8.0.0-16 7.0.0-25 6.0.0-26 5.0.0-31 4.4.0-29 4.2.0-24 4.0.0-28 3.6.0-23',
      variants: ['(?:noble|jammy|focal|bionic)'],
    },
    base: 'ubuntu:22.04',
    own: [241.7, 731.5, 7],
    config: {
      entrypoint: [local],
      cmd: ['mongod'],
      exposed: [27017],
      volumes: ['/data/db', '/data/configdb'],
      env: { MONGO_VERSION: '{version}' },
    },
    commands: 'mongod mongosh mongo mongodump docker-entrypoint.sh gosu',
  },
  {
    name: 'memcached',
    program: 'memcached',
    tags: { versions: '1.6.0-39 1.5.0-22 1.4.0-39', variants: [alpineVariant, debianVariant] },
    base: 'debian:slim',
    own: [4.2, 10.1, 5],
    config: {
      entrypoint: [local],
      cmd: ['memcached'],
      exposed: [11211],
      user: 'memcache',
      env: { MEMCACHED_VERSION: '{version}' },
    },
    commands: 'memcached docker-entrypoint.sh',
    variants: [{ base: 'alpine', own: [1.6, 3.9, 5] }, {}],
  },
  {
    name: 'registry',
    program: 'registry',
    tags: { versions: '3.0.0 2.8.0-3 2.7.0-1' },
    base: 'alpine',
    own: [9.1, 18.2, 4],
    config: {
      entrypoint: ['/entrypoint.sh'],
      cmd: ['/etc/distribution/config.yml'],
      exposed: [5000],
      volumes: ['/var/lib/registry'],
      env: { OTEL_TRACES_EXPORTER: 'none' },
    },
    commands: 'registry entrypoint.sh',
  },
  {
    name: 'rabbitmq',
    program: 'rabbitmq',
    tags: {
      versions: '4.2.0-1 4.1.0-6 4.0.1-9 3.13.0-7 3.12.0-14 3.11.0-28 3.10.0-25 3.9.0-29 3.8.0-34 3.7.0-28 3.6.0-16',
      variants: ['management-alpine', 'management', alpineVariant],
    },
    base: 'ubuntu',
    own: [78.3, 160.2, 9],
    config: {
      entrypoint: [local],
      cmd: ['rabbitmq-server'],
      exposed: [4369, 5671, 5672, 15691, 15692, 25672],
      volumes: ['/var/lib/rabbitmq'],
      env: { RABBITMQ_VERSION: '{version}' },
    },
    commands: 'rabbitmq-server rabbitmqctl rabbitmq-diagnostics docker-entrypoint.sh',
    variants: [
      { base: 'alpine', own: [70.2, 165, 10], config: { exposed: [5672, 15672] } },
      { own: [86.1, 180.7, 10], config: { exposed: [4369, 5671, 5672, 15671, 15672, 15691, 15692, 25672] } },
      { base: 'alpine', own: [60.9, 148, 9] },
    ],
  },
  {
    name: 'traefik',
    program: 'http',
    tags: {
      versions: '3.6.0-2 3.5.0-6 3.4.0-5 3.3.1-7 3.2.0-5 3.1.0-7 3.0.0-4 2.11.0-30 2.10.0-7 2.9.1-10 1.7.0-34',
      prefix: 'v',
      names: { '3': '3.6.2', '2': '2.11.30', '3.0': '3.0.4', '2.10': '2.10.7', '2.11': '2.11.30', '1.7': '1.7.34' },
    },
    base: 'alpine',
    own: [44.6, 181.5, 3],
    config: { entrypoint: ['/entrypoint.sh'], cmd: ['traefik'], exposed: [80] },
    commands: 'traefik entrypoint.sh',
  },
  {
    name: 'node',
    program: 'node',
    tags: {
      versions:
        '25.2.0-1 24.0.0-11 23.0.0-11 22.0.0-21 21.0.0-7 20.0.0-19 19.0.0-9 18.0.0-20 17.0.0-9 16.0.0-20 15.0.0-14 14.0.0-21 12.0.0-22 10.0.0-24 8.0.0-17',
      names: { lts: '24.11.1', current: '25.2.1', jod: '22.21.1', iron: '20.19.6' },
      variants: [alpineVariant, `(?:${slimVariant}|${debianVariant}-slim)`, debianVariant],
    },
    base: 'buildpack-deps',
    own: [61, 196, 4],
    config: { entrypoint: [local], cmd: ['node'], env: { NODE_VERSION: '{version}' } },
    commands: 'node npm npx yarn corepack docker-entrypoint.sh curl wget git python3 gcc make',
    variants: [
      { base: 'alpine', own: [50.1, 154, 3], commands: 'node npm npx yarn corepack docker-entrypoint.sh' },
      { base: 'debian:slim', own: [47, 151, 4], commands: 'node npm npx yarn docker-entrypoint.sh' },
      {},
    ],
  },
  {
    name: 'python',
    program: 'python',
    tags: {
      versions: '3.14.0 3.13.0-9 3.12.0-12 3.11.0-14 3.10.0-19 3.9.0-24 3.8.0-20 3.7.0-17 3.6.0-15 2.7.0-18',
      variants: [alpineVariant, slimVariant, debianVariant],
    },
    base: 'buildpack-deps',
    own: [24.5, 92, 4],
    config: { cmd: ['python3'], env: { PYTHON_VERSION: '{version}' } },
    commands: 'python python3 pip pip3 idle curl wget git gcc make',
    variants: [
      { base: 'alpine', own: [13.5, 41.5, 3], commands: 'python python3 pip pip3' },
      { base: 'debian:slim', own: [16.1, 56, 3], commands: 'python python3 pip pip3' },
      {},
    ],
  },
  {
    name: 'busybox',
    program: 'shell',
    tags: {
      versions:
        '1.37.0 1.36.0-1 1.35.0 1.34.0-1 1.33.0-1 1.32.0-1 1.31.0-1 1.30.0-1 1.29.0-3 1.28.0-4 1.27.0-2 1.26.0-2 1.25.0-1 1.24.0-2',
      names: { stable: '1.37.0', unstable: '1.37.0' },
      variants: ['(?:glibc|musl|uclibc)'],
    },
    base: 'busybox',
    own: [0, 0, 0],
    config: { cmd: ['sh'] },
    commands: '',
  },
  {
    name: 'alpine',
    program: 'shell',
    tags: {
      versions:
        '3.22.0-2 3.21.0-5 3.20.0-8 3.19.0-9 3.18.0-12 3.17.0-10 3.16.0-9 3.15.0-11 3.14.0-10 3.13.0-12 3.12.0-12 3.11.0-13 3.10.0-9 3.9.0-6 3.8.0-5 3.7.0-3 3.6.0-5',
      names: { edge: '3.22.2', '3': '3.22.2' },
    },
    base: 'alpine',
    own: [0, 0, 0],
    config: { cmd: ['/bin/sh'] },
    commands: 'apk',
  },
  {
    name: 'debian',
    program: 'shell',
    tags: {
      versions: '13.0-2 12.0-12 11.0-11 10.0-13 9.0-13',
      names: {
        stable: '13.2',
        trixie: '13.2',
        bookworm: '12.12',
        bullseye: '11.11',
        buster: '10.13',
        stretch: '9.13',
        oldstable: '12.12',
        testing: '13.2',
        sid: '13.2',
        unstable: '13.2',
      },
      variants: ['slim', 'backports'],
    },
    base: 'debian',
    own: [0, 0, 0],
    config: { cmd: ['bash'] },
    commands: '',
    variants: [{ base: 'debian:slim' }, {}],
  },
  {
    name: 'ubuntu',
    program: 'shell',
    tags: {
      versions: '25.10 25.04 24.10 24.04 23.10 22.04 20.04 18.04 16.04 14.04',
      names: {
        latest: '24.04',
        noble: '24.04',
        jammy: '22.04',
        focal: '20.04',
        bionic: '18.04',
        xenial: '16.04',
        trusty: '14.04',
        rolling: '25.10',
        devel: '25.10',
      },
    },
    base: 'ubuntu',
    own: [0, 0, 0],
    config: { cmd: ['/bin/bash'] },
    commands: '',
  },
  {
    name: 'bash',
    program: 'shell',
    tags: { versions: '5.3.0-8 5.2.0-37 5.1.0-16 5.0.0-18 4.4.0-23', variants: [alpineVariant] },
    base: 'alpine',
    own: [2.6, 6.6, 2],
    config: { entrypoint: [local], cmd: ['bash'] },
    commands: 'bash docker-entrypoint.sh',
  },
  {
    name: 'perl',
    program: 'perl',
    tags: {
      versions: '5.42.0 5.40.0-3 5.38.0-5 5.36.0-3 5.34.0-3 5.32.0-1 5.30.0-3',
      variants: [slimVariant, debianVariant],
    },
    base: 'buildpack-deps',
    own: [21, 60, 4],
    config: { cmd: ['perl-current', '-de0'], workingDir: '/usr/src/app' },
    commands: 'perl curl wget git gcc make',
    variants: [{ base: 'debian:slim', own: [20, 52, 4] }, {}],
  },
  {
    name: 'php',
    program: 'http',
    tags: {
      versions: '8.4.0-14 8.3.0-27 8.2.0-29 8.1.0-33 8.0.0-30 7.4.0-33 7.3.0-33 7.2.0-34 5.6.0-40',
      variants: ['fpm-alpine', 'apache(?:-.*)?', 'fpm', 'cli', 'cli-alpine', alpineVariant],
    },
    base: 'php:apache',
    own: [14, 34, 6],
    config: { entrypoint: ['docker-php-entrypoint'], cmd: ['php', '-a'] },
    commands:
      'php docker-php-entrypoint curl docker-php-ext-install docker-php-ext-enable docker-php-ext-configure a2enmod a2dismod',
    variants: [
      { base: 'alpine', own: [30, 80, 8], config: { cmd: ['php-fpm'], exposed: [9000], stopSignal: 'SIGQUIT' } },
      { config: { cmd: ['apache2-foreground'], exposed: [80], stopSignal: 'SIGWINCH' } },
      { config: { cmd: ['php-fpm'], exposed: [9000], stopSignal: 'SIGQUIT' } },
      {},
      {},
      {},
    ],
  },
  {
    name: 'wordpress',
    program: 'http',
    tags: {
      versions: '6.8.0-3 6.7.0-2 6.6.0-2 6.5.0-5 6.4.0-3 6.2.0-3 6.0.0-3 5.9.0-3 5.8.0-3 5.0.0-3 4.9.0-8 4.8.0-3',
      variants: ['(?:php[\\d.]+-)?apache', '(?:php[\\d.]+-)?fpm(?:-alpine)?'],
    },
    base: 'php:apache',
    own: [74, 196, 10],
    config: {
      entrypoint: [local],
      cmd: ['apache2-foreground'],
      exposed: [80],
      stopSignal: 'SIGWINCH',
      workingDir: '/var/www/html',
      volumes: ['/var/www/html'],
    },
    commands: 'apache2-foreground php docker-entrypoint.sh curl',
    variants: [{}, { config: { cmd: ['php-fpm'], exposed: [9000] } }],
  },
  {
    name: 'golang',
    program: 'shell',
    tags: {
      versions: '1.25.0-4 1.24.0-10 1.23.0-12 1.22.0-12 1.21.0-13 1.20.0-14 1.19.0-13',
      variants: [alpineVariant, debianVariant],
    },
    base: 'buildpack-deps',
    own: [75, 270, 5],
    config: { cmd: ['bash'], workingDir: '/go', env: { GOLANG_VERSION: '{version}' } },
    commands: 'go gofmt curl wget git gcc make',
    variants: [{ base: 'alpine', own: [80, 268, 4], config: { cmd: ['/bin/sh'] }, commands: 'go gofmt' }, {}],
  },
  {
    name: 'hello-world',
    program: 'hello-world',
    tags: { versions: '1.0', variants: ['linux'] },
    base: 'scratch',
    own: [0.0024, 0.0101, 1],
    config: { cmd: ['/hello'] },
    commands: 'hello',
  },
  {
    name: 'registry.k8s.io/pause',
    program: 'pause',
    tags: {
      versions: '3.10.1 3.10 3.9 3.8 3.7 3.6 3.5 3.4.1 3.3 3.2 3.1 3.0 2.0 1.0',
      names: { latest: '3.10' },
      exact: true,
    },
    base: 'scratch',
    own: [0.320_448, 0.742_472, 1],
    config: { entrypoint: ['/pause'], user: '65535:65535' },
    commands: 'pause',
  },
  {
    name: 'registry.k8s.io/coredns/coredns',
    program: 'coredns',
    tags: { versions: '1.13.1 1.13.0 1.12.0-4 1.11.1-4 1.10.1 1.9.3 1.8.6', prefix: 'v', exact: true },
    base: 'distroless',
    own: [21.3, 71.8, 3],
    config: { entrypoint: ['/coredns'], exposed: [53], user: 'nonroot:nonroot' },
    commands: 'coredns',
  },
  {
    name: 'registry.k8s.io/etcd',
    program: 'etcd',
    tags: { versions: '3.6.4-0 3.6.5-0 3.5.24-0 3.5.21-0 3.5.16-0 3.5.15-0 3.5.12-0 3.5.10-0 3.5.9-0', exact: true },
    base: 'distroless',
    own: [21.7, 58.9, 3],
    config: { entrypoint: ['/usr/local/bin/etcd'], exposed: [2379, 2380] },
    commands: 'etcd etcdctl etcdutl',
  },
  control('kube-apiserver', [25.96, 85.7, 3], 6443, '/livez'),
  control('kube-controller-manager', [21.7, 71.8, 3], 10257, '/healthz'),
  control('kube-scheduler', [16.29, 49.6, 3], 10259, '/healthz'),
  control('kube-proxy', [24.86, 68.7, 3], 10256, '/healthz'),
  {
    name: 'registry.k8s.io/metrics-server/metrics-server',
    program: 'http',
    tags: { versions: '0.8.0 0.7.0-2 0.6.0-4', prefix: 'v', exact: true },
    base: 'distroless',
    own: [21.4, 75.1, 3],
    config: { entrypoint: ['/metrics-server'], exposed: [10250], user: '1000' },
    commands: 'metrics-server',
  },
  {
    name: 'registry.k8s.io/ingress-nginx/controller',
    program: 'nginx',
    tags: { versions: '1.14.0 1.13.0-4 1.12.0-8 1.11.1-8 1.10.0-6 1.9.3-6 1.8.0-5', prefix: 'v', exact: true },
    base: 'alpine',
    own: [101, 283, 14],
    config: {
      entrypoint: ['/usr/bin/dumb-init', '--'],
      cmd: ['/nginx-ingress-controller'],
      exposed: [80, 443],
      user: 'www-data',
    },
    commands: 'nginx nginx-ingress-controller dumb-init curl',
  },
  {
    name: 'registry.k8s.io/e2e-test-images/agnhost',
    program: 'agnhost',
    tags: { versions: '2.57 2.56 2.55 2.54 2.53 2.52 2.47 2.45 2.43 2.40 2.39 2.36 2.33 2.21', exact: true },
    base: 'alpine',
    own: [48.2, 126.8, 9],
    config: { entrypoint: ['/agnhost'], cmd: ['pause'], exposed: [8080, 8081] },
    commands: 'agnhost curl dig',
  },
  {
    name: 'registry.k8s.io/e2e-test-images/jessie-dnsutils',
    program: 'shell',
    tags: { versions: '1.7 1.5 1.4 1.3', exact: true },
    base: 'debian:slim',
    own: [90, 220, 4],
    config: { cmd: ['sleep', 'infinity'] },
    commands: 'dig nslookup host ping curl wget',
  },
  {
    name: 'registry.k8s.io/nginx-slim',
    program: 'nginx',
    tags: { versions: '0.27 0.26 0.25 0.24 0.21 0.8 0.7', exact: true },
    base: 'debian:slim',
    own: [14.2, 35.3, 4],
    config: { cmd: ['nginx', '-g', 'daemon off;'], exposed: [80] },
    commands: 'nginx',
  },
  {
    name: 'registry.k8s.io/echoserver',
    program: 'echoserver',
    tags: { versions: '1.10 1.9 1.8 1.4', exact: true },
    base: 'ubuntu',
    own: [7, 17.2, 5],
    config: { cmd: ['nginx', '-g', 'daemon off;'], exposed: [8080] },
    commands: 'nginx',
  },
  {
    name: 'registry.k8s.io/hpa-example',
    program: 'hpa-example',
    tags: { versions: '1.0', names: { latest: '1.0' } },
    base: 'debian',
    own: [124, 364, 12],
    config: { cmd: ['apache2-foreground'], exposed: [80] },
    commands: 'apache2-foreground php curl',
  },
  {
    name: 'registry.k8s.io/serve_hostname',
    program: 'serve-hostname',
    tags: { versions: '1.4', names: { latest: '1.4' } },
    base: 'scratch',
    own: [2.3, 6.2, 1],
    config: { entrypoint: ['/serve_hostname'], exposed: [9376] },
    commands: 'serve_hostname',
  },
  {
    name: 'registry.k8s.io/busybox',
    program: 'shell',
    tags: { versions: '1.27.2 1.27 1.24', names: { latest: '1.24' }, exact: true },
    base: 'busybox',
    own: [0, 0, 0],
    config: { cmd: ['sh'] },
    commands: '',
  },
  {
    name: 'registry.k8s.io/liveness',
    program: 'liveness',
    tags: { versions: '1.0', names: { latest: '1.0' } },
    base: 'scratch',
    own: [1.9, 4.4, 1],
    config: { entrypoint: ['/server'], exposed: [8080] },
    commands: 'server',
  },
  {
    name: 'gcr.io/google-samples/hello-app',
    program: 'hello-app',
    tags: { versions: '2.0 1.0', exact: true },
    base: 'distroless',
    own: [11.5, 26.9, 2],
    config: { entrypoint: ['./hello-app'], exposed: [8080] },
    commands: 'hello-app',
  },
  {
    name: 'gcr.io/google-samples/node-hello',
    program: 'http',
    tags: { versions: '1.0', exact: true },
    base: 'buildpack-deps',
    own: [30, 90, 5],
    config: { cmd: ['/bin/sh', '-c', 'node server.js'], exposed: [8080] },
    commands: 'node npm curl wget',
  },
  {
    name: 'gcr.io/google-samples/gb-frontend',
    program: 'http',
    tags: { versions: '6 5 4', prefix: 'v', exact: true },
    base: 'php:apache',
    own: [10, 30, 8],
    config: { cmd: ['apache2-foreground'], exposed: [80] },
    commands: 'apache2-foreground php curl',
  },
  {
    name: 'dockersamples/examplevotingapp_vote',
    program: 'vote',
    tags: { versions: '1.0', names: { before: '1.0', after: '1.0', good: '1.0', latest: '1.0' } },
    base: 'debian:slim',
    own: [31.3, 83.6, 9],
    config: {
      cmd: [
        'gunicorn',
        'app:app',
        '-b',
        '0.0.0.0:80',
        '--log-file',
        '-',
        '--access-logfile',
        '-',
        '--workers',
        '4',
        '--keep-alive',
        '0',
      ],
      exposed: [80],
      workingDir: '/usr/local/app',
    },
    commands: 'gunicorn python python3 pip curl',
  },
  {
    name: 'dockersamples/examplevotingapp_result',
    program: 'result',
    tags: { versions: '1.0', names: { before: '1.0', after: '1.0', latest: '1.0' } },
    base: 'debian:slim',
    own: [58.4, 178.5, 11],
    config: {
      entrypoint: ['/usr/bin/tini', '--'],
      cmd: ['node', 'server.js'],
      exposed: [80],
      env: { PORT: '80' },
      workingDir: '/usr/local/app',
    },
    commands: 'node npm tini curl',
  },
  {
    name: 'dockersamples/examplevotingapp_worker',
    program: 'worker',
    tags: { versions: '1.0', names: { latest: '1.0', dotnet: '1.0' } },
    base: 'debian:slim',
    own: [46.6, 119.5, 6],
    config: { entrypoint: ['dotnet', 'Worker.dll'], workingDir: '/app' },
    commands: 'dotnet',
  },
  {
    name: 'stefanprodan/podinfo',
    program: 'podinfo',
    tags: {
      versions:
        '6.9.0-3 6.8.0 6.7.0-1 6.6.0-3 6.5.0-4 6.4.0-1 6.3.0-6 6.2.0-3 6.1.0-8 6.0.0-4 5.2.0-1 5.1.4 5.0.0-3 4.0.0-6 3.3.1',
    },
    base: 'alpine',
    own: [28.1, 77.9, 6],
    config: { cmd: ['./podinfo'], exposed: [9898], user: 'app', workingDir: '/home/app' },
    commands: 'podinfo podcli curl',
  },
  {
    name: 'ghcr.io/stefanprodan/podinfo',
    program: 'podinfo',
    tags: { versions: '6.9.0-3 6.8.0 6.7.0-1 6.6.0-3 6.5.0-4 6.4.0-1 6.3.0-6 6.2.0-3 6.1.0-8 6.0.0-4' },
    base: 'alpine',
    own: [28.1, 77.9, 6],
    config: { cmd: ['./podinfo'], exposed: [9898], user: 'app', workingDir: '/home/app' },
    commands: 'podinfo podcli curl',
  },
  {
    name: 'hashicorp/http-echo',
    program: 'http-echo',
    tags: { versions: '1.0.0 1.0 0.2.3 0.2.1', exact: true, names: { latest: '1.0.0' } },
    base: 'distroless',
    own: [2.9, 6.1, 2],
    config: { entrypoint: ['/http-echo'], exposed: [5678], user: 'nonroot' },
    commands: 'http-echo',
  },
  {
    name: 'polinux/stress',
    program: 'stress',
    tags: { versions: '1.0.4', names: { latest: '1.0.4' } },
    base: 'alpine',
    own: [0.4, 1.9, 2],
    config: { cmd: ['/bin/sh'] },
    commands: 'stress bash',
  },
  {
    name: 'vish/stress',
    program: 'stress',
    tags: noVersions,
    base: 'scratch',
    own: [1.6, 6.9, 1],
    config: { entrypoint: ['/stress', '-logtostderr'] },
    commands: 'stress',
  },
  {
    name: 'curlimages/curl',
    program: 'shell',
    tags: {
      versions:
        '8.17.0 8.16.0 8.15.0 8.14.1 8.14.0 8.13.0 8.12.1 8.11.1 8.10.1 8.9.1 8.8.0 8.7.1 8.6.0 8.5.0 8.4.0 7.88.1',
    },
    base: 'alpine',
    own: [5.6, 15.4, 8],
    config: { entrypoint: ['/entrypoint.sh'], cmd: ['curl'], user: 'curl_user' },
    commands: 'curl entrypoint.sh',
  },
  {
    name: 'nicolaka/netshoot',
    program: 'shell',
    tags: { versions: '0.14 0.13 0.12 0.11 0.9', prefix: 'v', names: { latest: '0.14' } },
    base: 'alpine',
    own: [186, 500, 12],
    config: { cmd: ['zsh'] },
    commands: 'curl dig host jq nmap tcpdump iperf iperf3 zsh bash mtr socat',
  },
  {
    name: 'kindest/kindnetd',
    program: 'http',
    tags: { versions: '20250512-df8de77b 20250214-acbabc1a 20240813-c6f155d6', prefix: 'v', exact: true },
    base: 'debian:slim',
    own: [16, 34, 3],
    config: { cmd: ['/bin/kindnetd'], exposed: [] },
    commands: 'kindnetd',
  },
  {
    name: 'ghcr.io/flannel-io/flannel',
    program: 'http',
    tags: { versions: '0.27.0-4 0.26.1-7 0.25.1-7', prefix: 'v', exact: true },
    base: 'alpine',
    own: [29, 80, 8],
    config: { entrypoint: ['/opt/bin/flanneld'], exposed: [] },
    commands: 'flanneld',
  },
]

/** Docker Hub's official images that exist but are not known closer: they run as a generic program. */
export const officialNames: ReadonlySet<string> = new Set(
  `adminer aerospike almalinux amazoncorretto amazonlinux api-firewall arangodb archlinux backdrop bonita buildpack-deps caddy cassandra
  chronograf cirros clearlinux clefos clickhouse clojure composer consul convertigo couchbase couchdb crate dart docker drupal eclipse-mosquitto
  eclipse-temurin eggdrop elasticsearch elixir emqx erlang fedora flink fluentd friendica gazebo gcc geonetwork ghost gradle groovy haproxy haskell
  haxe hitch hylang ibm-semeru-runtimes ibmjava influxdb irssi jetty joomla jruby julia kapacitor kibana kong krakend lightstreamer liquibase
  logstash mageia matomo maven mediawiki mongo-express monica nats nats-streaming neo4j neurodebian nextcloud odoo open-liberty openjdk
  opensuse oraclelinux orientdb percona photon php-zendserver phpmyadmin plone postfixadmin pypy r-base rakudo-star redmine registry rethinkdb
  rockylinux ros ruby rust sapmachine satosa scratch silverpeas solr sonarqube spark spiped storm swift swipl teamspeak telegraf tomcat tomee
  unit varnish vault websphere-liberty xwiki yourls znc zookeeper java iojs centos scylla memgraph`
    .trim()
    .split(/\s+/),
)

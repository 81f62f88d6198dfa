import type { BaseName } from './bases'
import { newerVersion } from './version-order'

/** A package of a distribution. `origin`: the source package that advisories are written for. */
export interface DistributionPackage {
  readonly name: string
  readonly version: string
  readonly origin: string
}

/** What a source package of the tables below is made into; left out: a package of its own name. */
const MADE: Readonly<Record<string, string>> = {
  'alpine openssl': 'libcrypto3 libssl3',
  'alpine openssl1': 'libcrypto1.1 libssl1.1',
  'alpine busybox': 'busybox busybox-binsh ssl_client',
  'alpine musl': 'musl musl-utils',
  'alpine apk-tools': 'apk-tools libapk2',
  'alpine alpine-baselayout': 'alpine-baselayout alpine-baselayout-data',
  'alpine ca-certificates': 'ca-certificates-bundle',
  'debian glibc': 'libc6 libc-bin',
  'debian zlib': 'zlib1g',
  'debian systemd': 'libsystemd0 libudev1',
  'debian perl': 'perl-base',
  'debian util-linux': 'util-linux mount libblkid1 libmount1',
  'debian shadow': 'login passwd',
  'debian gnutls28': 'libgnutls30',
  'debian gnupg2': 'gpgv',
  'debian xz-utils': 'liblzma5',
  'debian openssl': 'libssl3',
  'debian ncurses': 'libtinfo6 ncurses-bin ncurses-base',
  'debian apt': 'apt libapt-pkg6.0',
  'debian libgcrypt20': 'libgcrypt20',
  'debian gcc-12': 'gcc-12-base libgcc-s1 libstdc++6',
}

/**
 * Source packages by release, each line from a point release on; a later line gives what has changed since. After the packages of the
 * distributions' own images and repositories, as far as they were noted in November 2025: a sample, of the best-known packages only.
 */
const ALPINE: Readonly<Record<string, readonly (readonly [from: number, packages: string])[]>> = {
  '3.22': [
    [
      0,
      'openssl=3.5.0-r0 busybox=1.37.0-r18 musl=1.2.5-r10 zlib=1.3.1-r2 apk-tools=2.14.9-r2 alpine-baselayout=3.7.0-r0 ca-certificates=20241121-r2',
    ],
    [1, 'openssl=3.5.1-r0'],
    [2, 'openssl=3.5.4-r0 busybox=1.37.0-r19 ca-certificates=20250911-r0'],
  ],
  '3.21': [
    [
      0,
      'openssl=3.3.2-r4 busybox=1.37.0-r8 musl=1.2.5-r8 zlib=1.3.1-r2 apk-tools=2.14.6-r2 alpine-baselayout=3.6.8-r0 ca-certificates=20241010-r0',
    ],
    [3, 'openssl=3.3.3-r0 busybox=1.37.0-r12 musl=1.2.5-r9'],
    [5, 'openssl=3.3.5-r0'],
  ],
  '3.20': [
    [
      0,
      'openssl=3.3.0-r2 busybox=1.36.1-r28 musl=1.2.5-r0 zlib=1.3.1-r1 apk-tools=2.14.4-r0 alpine-baselayout=3.6.5-r0 ca-certificates=20240226-r0',
    ],
    [1, 'openssl=3.3.1-r0 busybox=1.36.1-r29'],
    [2, 'openssl=3.3.1-r3'],
    [3, 'openssl=3.3.2-r0'],
    [6, 'openssl=3.3.3-r0 musl=1.2.5-r1'],
    [8, 'openssl=3.3.5-r0'],
  ],
  '3.19': [
    [
      0,
      'openssl=3.1.4-r2 busybox=1.36.1-r15 musl=1.2.4_git20230717-r4 zlib=1.3-r2 apk-tools=2.14.0-r5 alpine-baselayout=3.4.3-r2 ca-certificates=20230506-r0',
    ],
    [1, 'openssl=3.1.4-r5'],
    [2, 'openssl=3.1.6-r0 busybox=1.36.1-r19'],
    [4, 'openssl=3.1.7-r0'],
    [7, 'openssl=3.1.8-r0'],
    [9, 'openssl=3.1.8-r1'],
  ],
  '3.18': [
    [
      0,
      'openssl=3.1.0-r4 busybox=1.36.0-r9 musl=1.2.4-r0 zlib=1.2.13-r1 apk-tools=2.14.0-r0 alpine-baselayout=3.4.3-r1 ca-certificates=20230506-r0',
    ],
    [3, 'openssl=3.1.2-r0 busybox=1.36.1-r2'],
    [4, 'openssl=3.1.3-r0'],
    [5, 'openssl=3.1.4-r1 busybox=1.36.1-r5'],
    [9, 'openssl=3.1.7-r0 busybox=1.36.1-r7'],
    [12, 'openssl=3.1.8-r0'],
  ],
  '3.17': [
    [
      0,
      'openssl=3.0.7-r0 busybox=1.35.0-r29 musl=1.2.3-r4 zlib=1.2.13-r0 apk-tools=2.12.10-r1 alpine-baselayout=3.4.0-r0 ca-certificates=20220614-r3',
    ],
    [10, 'openssl=3.0.15-r0'],
  ],
  '3.16': [
    [
      0,
      'openssl1=1.1.1o-r0 busybox=1.35.0-r13 musl=1.2.3-r0 zlib=1.2.12-r1 apk-tools=2.12.9-r3 alpine-baselayout=3.2.0-r20 ca-certificates=20211220-r0',
    ],
    [9, 'openssl1=1.1.1w-r1 busybox=1.35.0-r17 zlib=1.2.12-r3'],
  ],
  '3.15': [
    [
      0,
      'openssl1=1.1.1l-r7 busybox=1.34.1-r3 musl=1.2.2-r7 zlib=1.2.11-r3 apk-tools=2.12.7-r3 alpine-baselayout=3.2.0-r18 ca-certificates=20191127-r7',
    ],
    [11, 'openssl1=1.1.1w-r1 busybox=1.34.1-r7 zlib=1.2.12-r3'],
  ],
  '3.14': [
    [
      0,
      'openssl1=1.1.1k-r0 busybox=1.33.1-r2 musl=1.2.2-r3 zlib=1.2.11-r3 apk-tools=2.12.5-r1 alpine-baselayout=3.2.0-r16 ca-certificates=20191127-r5',
    ],
    [10, 'openssl1=1.1.1t-r2 busybox=1.33.1-r8 zlib=1.2.12-r2'],
  ],
}

const DEBIAN: typeof ALPINE = {
  '13': [
    [
      0,
      'glibc=2.41-12 zlib=1:1.3.dfsg+really1.3.1-1 bash=5.2.37-2 dpkg=1.22.21 apt=3.0.3 systemd=257.7-1 perl=5.40.1-6 tar=1.35+dfsg-3.1 coreutils=9.7-3 util-linux=2.41-5 shadow=1:4.17.4-2 xz-utils=5.8.1-1 openssl=3.5.1-1 ncurses=6.5+20250216-2 gzip=1.13-1',
    ],
    [2, 'systemd=257.9-1~deb13u1 openssl=3.5.4-1~deb13u1'],
  ],
  '12': [
    [
      0,
      'glibc=2.36-9 zlib=1:1.2.13.dfsg-1 bash=5.2.15-2 dpkg=1.21.22 apt=2.6.1 systemd=252.6-1 perl=5.36.0-7 tar=1.34+dfsg-1.2 coreutils=9.1-1 util-linux=2.38.1-5 shadow=1:4.13+dfsg1-1 gnutls28=3.7.9-2 gnupg2=2.2.40-1.1 libgcrypt20=1.10.1-3 xz-utils=5.4.1-0.2 ncurses=6.4-4 gzip=1.12-1 gcc-12=12.2.0-14',
    ],
    [2, 'glibc=2.36-9+deb12u3'],
    [4, 'perl=5.36.0-7+deb12u1'],
    [5, 'glibc=2.36-9+deb12u4 gnutls28=3.7.9-2+deb12u2'],
    [6, 'glibc=2.36-9+deb12u7 gnutls28=3.7.9-2+deb12u3'],
    [8, 'glibc=2.36-9+deb12u9'],
    [10, 'glibc=2.36-9+deb12u10 gnutls28=3.7.9-2+deb12u4'],
    [11, 'perl=5.36.0-7+deb12u2'],
    [
      12,
      'glibc=2.36-9+deb12u13 systemd=252.39-1~deb12u1 perl=5.36.0-7+deb12u3 tar=1.34+dfsg-1.2+deb12u1 util-linux=2.38.1-5+deb12u3 shadow=1:4.13+dfsg1-1+deb12u1 gnutls28=3.7.9-2+deb12u5 gnupg2=2.2.40-1.1+deb12u1 xz-utils=5.4.1-1 gcc-12=12.2.0-14+deb12u1',
    ],
  ],
  '11': [
    [
      0,
      'glibc=2.31-13 zlib=1:1.2.11.dfsg-2 bash=5.1-2 dpkg=1.20.9 apt=2.2.4 systemd=247.3-6 perl=5.32.1-4+deb11u1 tar=1.34+dfsg-1 coreutils=8.32-4 util-linux=2.36.1-8 shadow=1:4.8.1-1 gnutls28=3.7.1-5 xz-utils=5.2.5-2 gzip=1.10-4',
    ],
    [
      3,
      'glibc=2.31-13+deb11u3 zlib=1:1.2.11.dfsg-2+deb11u1 xz-utils=5.2.5-2.1~deb11u1 gzip=1.10-4+deb11u1 dpkg=1.20.9',
    ],
    [4, 'dpkg=1.20.11'],
    [5, 'zlib=1:1.2.11.dfsg-2+deb11u2'],
    [8, 'glibc=2.31-13+deb11u7'],
    [
      11,
      'glibc=2.31-13+deb11u11 bash=5.1-2+deb11u1 dpkg=1.20.13 systemd=247.3-7+deb11u5 perl=5.32.1-4+deb11u4 gnutls28=3.7.1-5+deb11u6',
    ],
  ],
  '10': [
    [
      0,
      'glibc=2.28-10 zlib=1:1.2.11.dfsg-1 bash=5.0-4 dpkg=1.19.7 apt=1.8.2.3 systemd=241-7~deb10u8 perl=5.28.1-6+deb10u1 tar=1.30+dfsg-6 coreutils=8.30-3 shadow=1:4.5-1.1 gnutls28=3.6.7-4+deb10u6 xz-utils=5.2.4-1 gzip=1.9-3',
    ],
    [
      13,
      'glibc=2.28-10+deb10u1 zlib=1:1.2.11.dfsg-1+deb10u2 dpkg=1.19.8 xz-utils=5.2.4-1+deb10u1 gzip=1.9-3+deb10u1 gnutls28=3.6.7-4+deb10u9',
    ],
  ],
}

const UBUNTU: typeof ALPINE = {
  '24.04': [
    [
      0,
      'glibc=2.39-0ubuntu8.6 zlib=1:1.3.dfsg-3.1ubuntu2.1 bash=5.2.21-2ubuntu4 dpkg=1.22.6ubuntu6.5 apt=2.8.3 openssl=3.0.13-0ubuntu3.6 coreutils=9.4-3ubuntu6.1 tar=1.35+dfsg-3build1',
    ],
  ],
  '22.04': [
    [
      0,
      'glibc=2.35-0ubuntu3.11 zlib=1:1.2.11.dfsg-2ubuntu9.2 bash=5.1-6ubuntu1.1 dpkg=1.21.1ubuntu2.6 apt=2.4.14 openssl=3.0.2-0ubuntu1.20 coreutils=8.32-4.1ubuntu1.2',
    ],
  ],
  '20.04': [
    [
      0,
      'glibc=2.31-0ubuntu9.18 zlib=1:1.2.11.dfsg-2ubuntu1.5 bash=5.0-6ubuntu1.2 dpkg=1.19.7ubuntu3.2 apt=2.0.11 coreutils=8.30-3ubuntu2',
    ],
  ],
  '14.04': [[0, 'glibc=2.19-0ubuntu6.15 bash=4.3-7ubuntu1.8 zlib=1:1.2.8.dfsg-1ubuntu1.1 dpkg=1.17.5ubuntu5.8']],
}

const FAMILIES = { alpine: ALPINE, debian: DEBIAN, ubuntu: UBUNTU } as const
export type Family = keyof typeof FAMILIES

/** `3.20.1` of Alpine is branch 3.20, point 1; `12.5` of Debian is 12, 5; Ubuntu's releases have none. */
function branchOf(family: Family, release: string): readonly [branch: string, point: number] {
  const parts = release.split('.')
  const named = family === 'debian' ? 1 : 2
  return [parts.slice(0, named).join('.'), Number(parts[named] ?? Number.POSITIVE_INFINITY)]
}

function sourcesOf(family: Family, release: string): ReadonlyMap<string, string> {
  const [branch, point] = branchOf(family, release)
  const found = new Map<string, string>()
  for (const [from, packages] of FAMILIES[family][branch] ?? [])
    if (from <= point)
      for (const one of packages.split(' ')) found.set(one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1))
  return found
}

const packagesOf = (family: Family, release: string): readonly DistributionPackage[] =>
  [...sourcesOf(family, release)].flatMap(([source, version]) =>
    (MADE[`${family === 'ubuntu' ? 'debian' : family} ${source}`] ?? source)
      .split(' ')
      .map((name) => ({ name, version, origin: source.replace(/^openssl1$/, 'openssl') })),
  )

/** The newest version of a package that a release's repository has, as far as it is in the tables. */
export const newestOf = (family: Family, release: string, name: string): string | undefined =>
  packagesOf(family, branchOf(family, release)[0]).find((one) => one.name === name || one.origin === name)?.version

export function familyOf(base: BaseName): Family | undefined {
  if (base === 'alpine') return 'alpine'
  if (base.startsWith('ubuntu')) return 'ubuntu'
  return base.startsWith('debian') || base === 'buildpack-deps' || base === 'php:apache' ? 'debian' : undefined
}

export const APK_DATABASE = '/lib/apk/db/installed'
export const DPKG_DATABASE = '/var/lib/dpkg/status'

/** One package as the database of its distribution has it. */
export const apkStanza = ({ name, version, origin }: DistributionPackage): string =>
  `P:${name}\nV:${version}\nA:x86_64\no:${origin}\n\n`
export const dpkgStanza = ({ name, version, origin }: DistributionPackage): string =>
  `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\n${origin === name ? '' : `Source: ${origin}\n`}Version: ${version}\n\n`

/** The database of a base layer: its path and text. */
export function baseDatabase(
  base: BaseName,
  release: string,
): { readonly path: string; readonly text: string } | undefined {
  const family = familyOf(base)
  if (!family) return undefined
  const packages = packagesOf(family, release)
  return family === 'alpine'
    ? { path: APK_DATABASE, text: packages.map(apkStanza).join('') }
    : { path: DPKG_DATABASE, text: packages.map(dpkgStanza).join('') }
}

/** Reads a database of packages, of either kind. */
export function packagesIn(text: string): readonly DistributionPackage[] {
  return text.split(/\n\n+/).flatMap((stanza): DistributionPackage[] => {
    const field = (name: string) => new RegExp(`^${name}: ?(\\S+)`, 'm').exec(stanza)?.[1]
    const name = field('P') ?? field('Package')
    const version = field('V') ?? field('Version')
    if (name === undefined || version === undefined) return []
    return [{ name, version, origin: field('o') ?? field('Source') ?? name }]
  })
}

/** What an upgrade of everything would bring: packages with the version that they are to have. */
export function upgradesOf(
  text: string,
  family: Family,
  release: string,
): readonly (DistributionPackage & { readonly to: string })[] {
  return packagesIn(text).flatMap((one) => {
    const to = newestOf(family, release, one.name)
    return to !== undefined && newerVersion(to, one.version) ? [{ ...one, to }] : []
  })
}

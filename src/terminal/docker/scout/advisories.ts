import type { PackageType } from '../../../platform/image/inventory'

export type Severity = 'CRITICAL' | 'HIGH' | 'MEDIUM' | 'LOW'

/** Which versions of a package are affected. `release`: of a distribution (`alpine 3.20`); left out: all of them. */
export interface Affected {
  readonly type: PackageType
  readonly release: string | undefined
  readonly name: string
  readonly from: string | undefined
  /** The first version without it; undefined: there is none. */
  readonly fixed: string | undefined
}

export interface Advisory {
  readonly id: string
  readonly severity: Severity
  /** CVSS 3.1, where one is noted. */
  readonly vector: string | undefined
  readonly affected: readonly Affected[]
}

/**
 * A small sample of known vulnerabilities, as the NVD, GitHub's advisory data base, Alpine's secdb, Debian's security tracker and the projects
 * themselves had them in November 2025. It is not kept up to date: what is not in it is not therefore safe.
 * A line: id, severity, CVSS 3.1 vector or `-`, then what is affected: type/release name >=from <fixed, separated by `;`. Without `<` nothing is fixed.
 */
const TABLE = `
CVE-2021-44228 C N/L/N/N/C/H/H/H maven org.apache.logging.log4j/log4j-core >=2.0-beta9 <2.15.0
CVE-2021-45046 C N/H/N/N/C/H/H/H maven org.apache.logging.log4j/log4j-core >=2.0-beta9 <2.16.0
CVE-2021-45105 H N/L/N/N/C/N/N/H maven org.apache.logging.log4j/log4j-core >=2.0-beta9 <2.17.0
CVE-2021-44832 M N/H/H/N/U/H/H/H maven org.apache.logging.log4j/log4j-core >=2.0-beta7 <2.17.1
CVE-2022-22965 C N/L/N/N/U/H/H/H maven org.springframework/spring-beans <5.2.20; maven org.springframework/spring-beans >=5.3.0 <5.3.18
CVE-2022-42889 C N/L/N/N/U/H/H/H maven org.apache.commons/commons-text >=1.5 <1.10.0
CVE-2022-1471 H - maven org.yaml/snakeyaml <2.0
CVE-2022-25845 H N/H/N/N/U/H/H/H maven com.alibaba/fastjson <1.2.83
CVE-2014-6271 C N/L/N/N/U/H/H/H deb bash <4.3-9.2
CVE-2014-0160 H N/L/N/N/U/H/N/N deb openssl >=1.0.1-1 <1.0.1g-1
CVE-2024-3094 C N/L/N/N/C/H/H/H deb xz-utils >=5.5.1alpha-0.1 <5.6.1+really5.4.5-1; apk xz >=5.6.0-r0 <5.6.1-r2
CVE-2023-38545 C N/L/N/N/U/H/H/H deb/12 curl <7.88.1-10+deb12u4; deb/11 curl <7.74.0-1.3+deb11u10; apk curl >=7.69.0-r0 <8.4.0-r0
CVE-2024-5535 C N/L/N/N/U/H/N/H apk/3.20 openssl <3.3.1-r1; apk/3.19 openssl <3.1.6-r0; apk/3.18 openssl <3.1.6-r0
CVE-2024-6119 H N/L/N/N/U/N/N/H apk/3.20 openssl <3.3.2-r0; apk/3.19 openssl <3.1.7-r0; apk/3.18 openssl <3.1.7-r0; apk/3.17 openssl <3.0.15-r0; deb/12 openssl <3.0.14-1~deb12u2
CVE-2023-5363 H N/L/N/N/U/H/N/N apk/3.18 openssl <3.1.4-r0; apk/3.17 openssl <3.0.12-r0; deb/12 openssl <3.0.11-1~deb12u2
CVE-2024-9143 M N/L/N/R/U/N/N/L apk/3.21 openssl <3.3.2-r3; apk/3.20 openssl <3.3.2-r1
CVE-2024-12797 M - apk/3.21 openssl <3.3.3-r0; apk/3.20 openssl <3.3.3-r0
CVE-2025-9230 H - apk/3.22 openssl <3.5.4-r0; apk/3.21 openssl <3.3.5-r0; apk/3.20 openssl <3.3.5-r0; apk/3.19 openssl <3.1.8-r1; deb/12 openssl <3.0.17-1~deb12u3; deb/13 openssl <3.5.1-1+deb13u1
CVE-2022-0778 H N/L/N/N/U/N/N/H apk/3.15 openssl <1.1.1n-r0; apk/3.14 openssl <1.1.1n-r0
CVE-2021-3711 C N/L/N/N/U/H/H/H apk/3.14 openssl <1.1.1l-r0
CVE-2022-48174 C N/L/N/N/U/H/H/H apk/3.18 busybox <1.36.1-r1
CVE-2022-28391 H N/L/N/R/U/H/H/H apk/3.15 busybox <1.34.1-r5; apk/3.14 busybox <1.33.1-r7
CVE-2023-42366 M L/L/N/R/U/N/N/H apk/3.19 busybox <1.36.1-r16; apk/3.18 busybox <1.36.1-r6
CVE-2023-42364 M L/L/N/R/U/N/N/H apk/3.20 busybox <1.36.1-r29; apk/3.19 busybox <1.36.1-r19; apk/3.18 busybox <1.36.1-r7
CVE-2023-42365 M L/L/N/R/U/N/N/H apk/3.20 busybox <1.36.1-r29; apk/3.19 busybox <1.36.1-r19; apk/3.18 busybox <1.36.1-r7
CVE-2025-26519 H N/H/N/N/U/H/H/H apk/3.21 musl <1.2.5-r9; apk/3.20 musl <1.2.5-r1
CVE-2018-25032 H N/L/N/N/U/N/N/H apk/3.15 zlib <1.2.12-r0; apk/3.14 zlib <1.2.12-r0; deb/11 zlib <1:1.2.11.dfsg-2+deb11u1; deb/10 zlib <1:1.2.11.dfsg-1+deb10u1
CVE-2022-37434 C N/L/N/N/U/H/H/H apk/3.16 zlib <1.2.12-r2; apk/3.15 zlib <1.2.12-r2; apk/3.14 zlib <1.2.12-r2; deb/11 zlib <1:1.2.11.dfsg-2+deb11u2; deb/10 zlib <1:1.2.11.dfsg-1+deb10u2
CVE-2023-4911 H L/L/L/N/U/H/H/H deb/12 glibc <2.36-9+deb12u3; deb/11 glibc <2.31-13+deb11u7; deb/22.04 glibc <2.35-0ubuntu3.4
CVE-2023-6246 H L/L/L/N/U/H/H/H deb/12 glibc <2.36-9+deb12u4
CVE-2024-2961 H - deb/12 glibc <2.36-9+deb12u6; deb/11 glibc <2.31-13+deb11u9; deb/10 glibc <2.28-10+deb10u3
CVE-2021-33574 C N/L/N/N/U/H/H/H deb/11 glibc <2.31-13+deb11u3; deb/10 glibc <2.28-10+deb10u2
CVE-2022-1664 C N/L/N/N/U/H/H/H deb/11 dpkg <1.20.10; deb/10 dpkg <1.19.8
CVE-2022-1271 H N/L/L/N/U/H/H/H deb/11 gzip <1.10-4+deb11u1; deb/11 xz-utils <5.2.5-2.1~deb11u1; deb/10 gzip <1.9-3+deb10u1; deb/10 xz-utils <5.2.4-1+deb10u1
CVE-2023-47038 H L/L/N/R/U/H/H/H deb/12 perl <5.36.0-7+deb12u1
CVE-2024-0553 H N/L/N/N/U/H/N/N deb/12 gnutls28 <3.7.9-2+deb12u2
CVE-2005-2541 L - deb/12 tar; deb/11 tar; deb/10 tar; deb/13 tar
CVE-2007-5686 L - deb/12 shadow; deb/11 shadow; deb/10 shadow; deb/13 shadow
CVE-2016-2781 L - deb/12 coreutils; deb/11 coreutils; deb/10 coreutils
CVE-2010-4756 L - deb/12 glibc; deb/11 glibc; deb/10 glibc; deb/13 glibc
CVE-2018-20796 L - deb/12 glibc; deb/11 glibc; deb/10 glibc; deb/13 glibc
CVE-2019-1010022 L - deb/12 glibc; deb/11 glibc; deb/10 glibc; deb/13 glibc
CVE-2011-3374 L - deb/12 apt; deb/11 apt; deb/10 apt; deb/13 apt
CVE-2011-4116 L - deb/12 perl; deb/11 perl; deb/10 perl; deb/13 perl
CVE-2013-4392 L - deb/12 systemd; deb/11 systemd; deb/10 systemd; deb/13 systemd
CVE-2022-0563 L - deb/12 util-linux; deb/11 util-linux; deb/13 util-linux
CVE-2022-3219 L - deb/12 gnupg2
CVE-2019-10744 C N/L/N/N/U/N/H/H npm lodash <4.17.12
CVE-2021-23337 H N/L/H/N/U/H/H/H npm lodash <4.17.21
CVE-2021-44906 C N/L/N/N/U/H/H/H npm minimist <1.2.6
CVE-2022-24999 H N/L/N/N/U/N/N/H npm express <4.17.3
CVE-2024-29041 M N/L/N/R/C/L/L/N npm express <4.19.2
CVE-2024-43796 L - npm express <4.20.0
CVE-2023-45857 M N/L/N/R/U/H/N/N npm axios >=0.8.1 <0.28.0; npm axios >=1.0.0 <1.6.0
CVE-2024-39338 H N/L/N/N/U/H/N/N npm axios >=1.3.2 <1.7.4
CVE-2025-29927 C N/L/N/N/U/H/H/N npm next >=13.0.0 <13.5.9; npm next >=14.0.0 <14.2.25; npm next >=15.0.0 <15.2.3
CVE-2024-37890 H N/L/N/N/U/N/N/H npm ws >=8.0.0 <8.17.1; npm ws >=7.0.0 <7.5.10
CVE-2022-31129 H N/L/N/N/U/N/N/H npm moment >=2.18.0 <2.29.4
CVE-2022-29078 C N/L/N/N/U/H/H/H npm ejs <3.1.7
CVE-2024-45590 H N/L/N/N/U/N/N/H npm body-parser <1.20.3
CVE-2022-39288 H N/L/N/N/U/N/N/H npm fastify >=4.0.0 <4.8.1
CVE-2024-28863 M N/L/N/R/U/N/N/H npm tar <6.2.1
CVE-2020-14343 C N/L/N/N/U/H/H/H pypi pyyaml <5.4
CVE-2023-32681 M N/H/N/R/C/H/N/N pypi requests >=2.3.0 <2.31.0
CVE-2024-35195 M L/H/H/R/U/H/H/N pypi requests <2.32.0
CVE-2024-47081 M N/H/N/R/U/H/N/N pypi requests <2.32.4
CVE-2023-30861 H N/L/N/N/U/H/N/N pypi flask <2.2.5; pypi flask >=2.3.0 <2.3.2
CVE-2024-34069 H N/H/N/R/U/H/H/H pypi werkzeug <3.0.3
CVE-2024-22195 M N/L/N/R/C/L/L/N pypi jinja2 <3.1.3
CVE-2022-28346 C N/L/N/N/U/H/H/H pypi django >=2.2 <2.2.28; pypi django >=3.2 <3.2.13; pypi django >=4.0 <4.0.4
CVE-2022-40897 H - pypi setuptools <65.5.1
CVE-2024-6345 H N/L/N/R/U/H/H/H pypi setuptools <70.0.0
CVE-2024-1135 H - pypi gunicorn <22.0.0
CVE-2023-43804 H N/L/L/N/U/H/H/N pypi urllib3 <1.26.17; pypi urllib3 >=2.0.0 <2.0.6
CVE-2023-4863 H N/L/N/R/U/H/H/H pypi pillow <10.0.1
CVE-2023-39325 H N/L/N/N/U/N/N/H golang stdlib <1.20.10; golang stdlib >=1.21.0-0 <1.21.3; golang golang.org/x/net <0.17.0
CVE-2024-24790 C N/L/N/N/U/H/H/H golang stdlib <1.21.11; golang stdlib >=1.22.0-0 <1.22.4
CVE-2024-24791 H N/L/N/N/U/N/N/H golang stdlib <1.21.12; golang stdlib >=1.22.0-0 <1.22.5
CVE-2024-34156 H N/L/N/N/U/N/N/H golang stdlib <1.22.7; golang stdlib >=1.23.0-0 <1.23.1
CVE-2025-22871 C N/L/N/N/U/H/H/N golang stdlib <1.23.8; golang stdlib >=1.24.0-0 <1.24.2
CVE-2023-45288 M N/L/N/N/U/N/N/L golang golang.org/x/net <0.23.0
CVE-2024-45337 C N/L/N/N/U/H/H/N golang golang.org/x/crypto <0.31.0
CVE-2021-23017 H - generic nginx >=0.6.18 <1.20.1
CVE-2023-44487 H N/L/N/N/U/N/N/H generic nginx >=1.9.5 <1.25.3; generic node >=18.0.0 <18.18.2; generic node >=20.0.0 <20.8.1
CVE-2025-49844 C N/L/L/N/C/H/H/H generic redis <6.2.20; generic redis >=7.0.0 <7.2.11; generic redis >=7.4.0 <7.4.6; generic redis >=8.0.0 <8.0.4; generic redis >=8.2.0 <8.2.2
CVE-2024-10979 H N/L/L/N/U/H/H/H generic postgres <12.21; generic postgres >=13.0 <13.17; generic postgres >=14.0 <14.14; generic postgres >=15.0 <15.9; generic postgres >=16.0 <16.5; generic postgres >=17.0 <17.1
CVE-2025-1094 H N/H/N/N/U/H/H/H generic postgres <13.19; generic postgres >=14.0 <14.16; generic postgres >=15.0 <15.11; generic postgres >=16.0 <16.7; generic postgres >=17.0 <17.3
CVE-2021-41773 H N/L/N/N/U/H/N/N generic httpd >=2.4.49 <2.4.50
CVE-2021-42013 C N/L/N/N/U/H/H/H generic httpd >=2.4.49 <2.4.51
CVE-2024-38476 C N/L/N/N/U/H/H/H generic httpd >=2.4.0 <2.4.60
CVE-2023-32002 C N/L/N/N/U/H/H/H generic node >=16.0.0 <16.20.2; generic node >=18.0.0 <18.17.1; generic node >=20.0.0 <20.5.1
CVE-2025-23166 H N/L/N/N/U/N/N/H generic node >=20.0.0 <20.19.2; generic node >=22.0.0 <22.15.1; generic node >=23.0.0 <23.11.1; generic node >=24.0.0 <24.0.2
CVE-2023-24329 H N/L/N/N/U/N/H/N generic python >=3.7.0 <3.7.17; generic python >=3.8.0 <3.8.17; generic python >=3.9.0 <3.9.17; generic python >=3.10.0 <3.10.12; generic python >=3.11.0 <3.11.4
CVE-2024-6232 H N/L/N/N/U/N/N/H generic python >=3.8.0 <3.8.20; generic python >=3.9.0 <3.9.20; generic python >=3.10.0 <3.10.15; generic python >=3.11.0 <3.11.10; generic python >=3.12.0 <3.12.6
`

const SEVERITIES: Readonly<Record<string, Severity>> = { C: 'CRITICAL', H: 'HIGH', M: 'MEDIUM', L: 'LOW' }
const METRICS = ['AV', 'AC', 'PR', 'UI', 'S', 'C', 'I', 'A']

function affectedIn(text: string): Affected {
  const [place = '', name = '', ...bounds] = text.trim().split(' ')
  const [type, release] = place.split('/')
  const bound = (sign: string) => bounds.find((one) => one.startsWith(sign))?.slice(sign.length)
  return { type: type as PackageType, release, name, from: bound('>='), fixed: bound('<') }
}

/** Every advisory, in the order of the table. */
export const advisories: readonly Advisory[] = TABLE.trim()
  .split('\n')
  .map((line) => {
    const [id = '', letter = '', metrics = '', ...rest] = line.split(' ')
    return {
      id,
      severity: SEVERITIES[letter]!,
      vector:
        metrics === '-'
          ? undefined
          : metrics
              .split('/')
              .map((value, i) => `${METRICS[i]}:${value}`)
              .join('/'),
      affected: rest.join(' ').split(';').map(affectedIn),
    }
  })

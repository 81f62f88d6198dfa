import { describe, expect, test } from 'vitest'
import { LocalImage } from '../../src/platform/image/image'
import { inventoryOf } from '../../src/platform/image/inventory'
import { imageOf } from '../../src/platform/image/stored'
import { compareVersions } from '../../src/platform/image/version-order'
import { advisories } from '../../src/terminal/docker/scout/advisories'
import { baseScore } from '../../src/terminal/docker/scout/cvss'
import { findings } from '../../src/terminal/docker/scout/match'
import { type Lab, namedLab } from '../../src/terminal/lab/lab'
import { Session } from '../../src/terminal/session'

// of distributions: cases of dpkg's own test and of apk's
test.each([
  ['1.2.5-r9', '1.2.5-r10', -1],
  ['3.3.1-r0', '3.3.1-r0', 0],
  ['1:1.2.13.dfsg-1', '2.0-1', 1],
  ['2.36-9+deb12u3', '2.36-9+deb12u13', -1],
  ['3.0.17-1~deb12u3', '3.0.17-1', -1],
  ['5.6.0-0.2', '5.6.1+really5.4.5-1', -1],
  ['1.0~rc1-1', '1.0-1', -1],
  ['1.2.4_git20230717-r4', '1.2.4-r0', 1],
  ['1.36.1_rc1-r0', '1.36.1-r0', -1],
  ['10', '9', 1],
  ['1.0a', '1.0', 1],
])('%s and %s of a distribution', (a, b, order) => {
  expect(Math.sign(compareVersions(a, b))).toBe(order)
  expect(Math.sign(compareVersions(b, a))).toBe(order === 0 ? 0 : -order)
})

test.each([
  ['2.14.1', '2.15.0', -1],
  ['2.0-beta9', '2.0', -1],
  ['1.22.0-0', '1.22.0', -1],
  ['v1.10.0', '1.9.0', 1],
])('%s and %s of a language', (a, b, order) => {
  expect(Math.sign(compareVersions(a, b, false))).toBe(order)
})

// examples of FIRST's specification, and of the NVD
test.each([
  ['AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 9.8],
  ['AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H', 10],
  ['AV:N/AC:H/PR:N/UI:N/S:C/C:H/I:H/A:H', 9],
  ['AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N', 6.1],
  ['AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N', 6.4],
  ['AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H', 7.8],
  ['AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N', 7.5],
  ['AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N', 0],
])('the score of %s', (vector, score) => {
  expect(baseScore(vector)).toBe(score)
})

test('every advisory says whom it is about, and its severity fits its score', () => {
  for (const { id, severity, vector, affected } of advisories) {
    expect(id).toMatch(/^CVE-\d{4}-\d{4,}$/)
    expect(severity, id).toBeDefined()
    for (const one of affected) {
      expect(['apk', 'deb', 'npm', 'pypi', 'golang', 'maven', 'generic'], id).toContain(one.type)
      expect(one.name, id).not.toBe('')
      if (one.from !== undefined && one.fixed !== undefined)
        expect(compareVersions(one.from, one.fixed, one.type === 'apk' || one.type === 'deb'), id).toBeLessThan(0)
    }
    if (vector === undefined) continue
    const score = baseScore(vector)
    const named = score >= 9 ? 'CRITICAL' : score >= 7 ? 'HIGH' : score >= 4 ? 'MEDIUM' : 'LOW'
    expect(named, `${id} ${score}`).toBe(severity)
  }
  expect(new Set(advisories.map(({ id }) => id)).size).toBe(advisories.length)
})

function scanned(lines: string) {
  const session = new Session({ lab: namedLab('docker') as Lab, seed: 1 })
  const printed = session.run(`mkdir app && cd app\n${lines}\ndocker build -q -t app .`)
  const world = session.worldAt(session.revision)
  const local = world.list(LocalImage).find(({ value }) => value.reference === 'app:latest')?.value
  if (!local) throw new Error(printed)
  return findings(inventoryOf(world, local.machine, imageOf(world, local)!)).map(
    ({ installed, matches }) =>
      `${installed.layer} ${installed.type} ${installed.name} ${installed.version}: ${matches.map(({ advisory }) => advisory.id).join(' ')}`,
  )
}

describe('what a scan finds', () => {
  test('Log4Shell in what Maven has packed, through a stage', () => {
    const found = scanned(`cat > pom.xml <<'X'
<project><artifactId>shop</artifactId><version>1</version><properties><log4j.version>2.14.1</log4j.version></properties>
<dependencies><dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-core</artifactId><version>\${log4j.version}</version></dependency>
<dependency><groupId>org.yaml</groupId><artifactId>snakeyaml</artifactId><version>2.2</version></dependency></dependencies></project>
X
printf 'FROM maven:3.9 AS build\\nCOPY pom.xml .\\nRUN mvn package\\nFROM alpine:3.22\\nCOPY --from=build /target/shop-1.jar /shop.jar\\n' > Dockerfile`)
    expect(found).toEqual([
      '1 maven org.apache.logging.log4j/log4j-core 2.14.1: CVE-2021-45046 CVE-2021-44228 CVE-2021-45105 CVE-2021-44832',
    ])
  })

  test('packages of npm by what package.json asks for', () => {
    const found =
      scanned(`printf '{"dependencies": {"lodash": "4.17.11", "express": "^4.17.1", "minimist": "1.2.5"}}' > package.json
printf 'FROM alpine:3.22\\nRUN apk add npm\\nWORKDIR /app\\nCOPY package.json .\\nRUN npm install\\n' > Dockerfile`)
    expect(found).toEqual([
      '4 npm lodash 4.17.11: CVE-2019-10744 CVE-2021-23337',
      '4 npm minimist 1.2.5: CVE-2021-44906',
    ])
  })

  test('packages of Python by the versions that were asked for', () => {
    const found = scanned(`printf 'PyYAML==5.3.1\\nrequests\\njinja2>=2\\n' > requirements.txt
printf 'FROM python:3.13-alpine\\nCOPY requirements.txt .\\nRUN pip install -r requirements.txt\\n' > Dockerfile`)
    expect(found).toEqual(['5 pypi pyyaml 5.3.1: CVE-2020-14343'])
  })

  test('modules that Go has linked in, and the version of Go', () => {
    const found =
      scanned(`printf 'module x\\n\\nrequire (\\n\\tgolang.org/x/net v0.10.0\\n\\tgolang.org/x/crypto v0.40.0\\n)\\n' > go.mod; echo 'package main' > main.go
printf 'FROM golang:1.22.1 AS build\\nWORKDIR /src\\nCOPY . .\\nRUN go build -o /x .\\nFROM scratch\\nCOPY --from=build /x /x\\n' > Dockerfile`)
    expect(found).toEqual([
      '0 golang stdlib 1.22.1: CVE-2025-22871 CVE-2024-24790 CVE-2024-34156 CVE-2024-24791',
      '0 golang golang.org/x/net 0.10.0: CVE-2023-39325 CVE-2023-45288',
    ])
  })

  test('a package that was asked for in an old version; and not once it is taken off again', () => {
    const lines = (more: string) =>
      `printf 'FROM debian:13\\nRUN apt-get update && apt-get install -y xz-utils=5.6.0-0.2 bash=4.2-1\\n${more}' > Dockerfile`
    expect(scanned(lines('')).filter((line) => line.startsWith('1 '))).toEqual([
      '1 deb bash 4.2-1: CVE-2014-6271',
      '1 deb xz-utils 5.6.0-0.2: CVE-2024-3094',
    ])
    expect(scanned(lines('RUN apt-get remove -y xz-utils bash\\n')).filter((line) => /xz|bash/.test(line))).toEqual([])
  })

  test('what an image of the catalogue is made for', () => {
    expect(scanned("printf 'FROM redis:7.4.1-alpine\\n' > Dockerfile")).toEqual([
      '1 generic redis 7.4.1: CVE-2025-49844',
    ])
  })

  test('hostile files take no time', () => {
    const long = 'a.'.repeat(40_000)
    expect(
      scanned(`printf 'module x\\nrequire ${long} v1\\n' > go.mod; echo 'package main' > main.go
printf '%s' '<project>${'<dependency>'.repeat(8_000)}' > pom.xml; printf '{"dependencies": {"${'x'.repeat(200)}": null}}' > package.json
printf 'FROM golang:1.25 AS go\\nCOPY go.mod main.go ./\\nRUN go build -o /x .\\nFROM maven:3.9 AS mvn\\nCOPY pom.xml .\\nRUN mvn package || true\\nFROM alpine:3.22\\nCOPY --from=go /x /x\\nCOPY --from=mvn /pom.xml /\\n' > Dockerfile`),
    ).toEqual([])
  })

  test('nothing in nothing', () => {
    expect(scanned("touch x; printf 'FROM scratch\\nCOPY x /\\n' > Dockerfile")).toEqual([])
  })
})

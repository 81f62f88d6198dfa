import { humanSize } from '../../../docker/formats/size'
import type { Installed } from '../../../platform/image/inventory'
import { shortId } from '../print/format'
import { baseScore } from './cvss'
import { countsOf, type Finding, type Match, SEVERITIES } from './match'
import type { Subject } from './subject'

const LETTERS = ['C', 'H', 'M', 'L']
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)

/** `   1C     0H     2M     0L` */
export const countsText = (counts: readonly number[]): string =>
  counts.map((count, i) => `${String(count).padStart(4)}${LETTERS[i]}`).join('  ')

/** `✗ Detected 2 vulnerable packages with a total of 5 vulnerabilities`, as the plug-in says it at once. */
export function detected(list: readonly Finding[]): string {
  const total = sum(countsOf(list))
  if (total === 0) return '    ✓ No vulnerable package detected\n'
  const packages = `${list.length} vulnerable package${list.length === 1 ? '' : 's'}`
  return `    ✗ Detected ${packages} with ${total === 1 ? '1 vulnerability' : `a total of ${total} vulnerabilities`}\n`
}

/** Package URL, as the specification of that name has it: `pkg:apk/alpine/openssl@3.3.1-r0?os_name=alpine&os_version=3.20`. */
export function purlOf({ type, name, version }: Installed, { inventory }: Pick<Subject, 'inventory'>): string {
  const at = version.replaceAll('+', '%2B').replaceAll('~', '%7E')
  const { distribution } = inventory
  if ((type !== 'apk' && type !== 'deb') || !distribution) return `pkg:${type}/${name.replace('@', '%40')}@${at}`
  const codename = distribution.codename === '' ? '' : `os_distro=${distribution.codename}&`
  return `pkg:${type}/${distribution.family}/${name}@${at}?${codename}os_name=${distribution.family}&os_version=${distribution.version}`
}

function overview({ name, image, inventory }: Subject, list: readonly Finding[]): string {
  const rows: readonly (readonly [string, string])[] = [
    ['  Target', ` ${name}  `],
    ['    digest', ` ${shortId(image.id)}`],
    ['    platform', 'linux/amd64'],
    ['    vulnerabilities', `${countsText(countsOf(list))}  `],
    ['    size', humanSize(image.compressedBytes, 2).replace(/(?<=\d)(?=[kMG]?B)/, ' ')],
    ['    packages', String(inventory.packages.length)],
  ]
  const width = Math.max(28, ...rows.map(([, value]) => value.length))
  const head = 'Analyzed Image'
  const left = Math.floor((width - head.length - 1) / 2) + 1
  const lines = [
    `${' '.repeat(20)}│${' '.repeat(left)}${head}${' '.repeat(width + 2 - left - head.length)}`,
    `${'─'.repeat(20)}┼${'─'.repeat(width + 2)}`,
    ...rows.map(([label, value]) => `${label.padEnd(20)}│ ${value.padEnd(width)} `),
  ]
  return `\n\n## Overview\n\n${lines.join('\n')}\n`
}

function matchText({ advisory, affected }: Match): string {
  const ranges = [affected.from && `>=${affected.from}`, affected.fixed && `<${affected.fixed}`].filter(Boolean)
  const facts: (readonly [string, string])[] = (ranges.length > 0 ? ranges : ['>=0']).map((range, i) => [
    i === 0 ? 'Affected range' : '',
    range!,
  ])
  facts.push(['Fixed version', affected.fixed ?? 'not fixed'])
  if (advisory.vector !== undefined) {
    facts.push(['CVSS Score', baseScore(advisory.vector).toFixed(1)])
    facts.push(['CVSS Vector', `CVSS:3.1/${advisory.vector}`])
  }
  const lines = facts.map(([name, value]) => `      ${name.padEnd(14)} : ${value}\n`).join('')
  return `    ✗ ${advisory.severity} ${advisory.id}\n      https://scout.docker.com/v/${advisory.id}\n${lines}`
}

/** `packages`, the usual form: after transcripts of the plug-in, 1.18. What `--locations` adds is laid out in a way of its own. */
export function packagesReport(subject: Subject, list: readonly Finding[], locations: boolean): string {
  const blocks = list.map((finding) => {
    const { installed, matches } = finding
    const where = locations
      ? `    ${installed.path} (layer ${installed.layer + 1}, ${subject.image.layers[installed.layer]?.digest ?? ''})\n\n`
      : ''
    const head = `${countsText(countsOf([finding]))}  ${installed.name} ${installed.version}\n${purlOf(installed, subject)}\n`
    return `${head}\n${where}${matches.map(matchText).join('    \n')}\n`
  })
  const counts = countsOf(list)
  const tail =
    sum(counts) === 0
      ? '  No vulnerable packages detected\n\n'
      : `${blocks.join('\n')}\n\n${sum(counts)} vulnerabilit${sum(counts) === 1 ? 'y' : 'ies'} found in ${list.length} package${list.length === 1 ? '' : 's'}\n${SEVERITIES.map((name, i) => `  ${name.padEnd(9)} ${counts[i]}\n`).join('')}`
  return `${overview(subject, list)}\n\n## Packages and Vulnerabilities\n\n${tail}`
}

/** `only-packages`: one line a package. */
export function onlyPackages(subject: Subject, list: readonly Finding[], vulnerableOnly: boolean): string {
  const known = new Map(list.map((finding) => [finding.installed, finding]))
  const shown = vulnerableOnly ? list.map(({ installed }) => installed) : subject.inventory.packages
  const rows = [...shown].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  const wide = (pick: (one: Installed) => string, least: number) =>
    Math.max(least, ...rows.map((one) => pick(one).length)) + 2
  const names = wide(({ name }) => name, 9)
  const versions = wide(({ version }) => version, 14)
  const lines = rows.map((one) => {
    const finding = known.get(one)
    return `  ${one.name.padEnd(names)}${one.version.padEnd(versions)}${one.type.padEnd(9)}${countsText(countsOf(finding ? [finding] : []))}\n`
  })
  const head = `  ${'   Name'.padEnd(names)}${'   Version'.padEnd(versions)}${' Type'.padEnd(9)}    Vulnerabilities\n`
  return `\n${head}${'─'.repeat(names + versions + 9 + 30)}\n${lines.join('')}`
}

/** `sarif`: results with rule, place and message; the rest of the format is left out (simplified). */
export function sarif(subject: Subject, list: readonly Finding[]): string {
  const pairs = list.flatMap(({ installed, matches }) => matches.map((match) => ({ installed, ...match })))
  const rules = [...new Map(pairs.map((one) => [one.advisory.id, one])).values()]
  const report = {
    version: '2.1.0',
    $schema: 'https://raw.githubusercontent.com/oasis-tcs/sarif-spec/main/Schemata/sarif-schema-2.1.0.json',
    runs: [
      {
        tool: {
          driver: {
            fullName: 'Docker Scout',
            informationUri: 'https://docker.com/products/docker-scout',
            name: 'docker scout',
            version: '1.18.3',
            rules: rules.map(({ advisory, affected, installed }) => ({
              id: advisory.id,
              name: 'OsPackageVulnerability',
              helpUri: `https://scout.docker.com/v/${advisory.id}`,
              properties: {
                affected_version: affected.fixed === undefined ? '>=0' : `<${affected.fixed}`,
                fixed_version: affected.fixed ?? 'not fixed',
                cvssV3_severity: advisory.severity,
                ...(advisory.vector !== undefined && { 'security-severity': baseScore(advisory.vector).toFixed(1) }),
                purls: [purlOf(installed, subject)],
              },
            })),
          },
        },
        results: pairs.map(({ advisory, affected, installed }) => ({
          ruleId: advisory.id,
          ruleIndex: rules.findIndex((rule) => rule.advisory === advisory),
          kind: 'fail',
          level: advisory.severity === 'LOW' ? 'note' : advisory.severity === 'MEDIUM' ? 'warning' : 'error',
          message: {
            text: `  Vulnerability   : ${advisory.id}  \n  Severity        : ${advisory.severity}  \n  Package         : ${purlOf(installed, subject)}  \n  Fixed version   : ${affected.fixed ?? 'not fixed'}  \n`,
          },
          locations: [{ physicalLocation: { artifactLocation: { uri: installed.path } } }],
        })),
      },
    ],
  }
  return `${JSON.stringify(report, null, 2)}\n`
}

import { catalogueHistory } from '../../../platform/image/history'
import { fail } from '../../cli/failure'
import { bool, text, texts } from '../../cli/flags'
import type { Command } from '../command'
import type { Run } from '../run'
import { type Finding, findings, SEVERITIES } from '../scout/match'
import { detected, onlyPackages, packagesReport, sarif } from '../scout/print'
import { quickviewTable } from '../scout/quickview'
import { examined, type Subject } from '../scout/subject'

const NOT_CURRENT =
  'What is known of vulnerabilities here is a small sample of November 2025: of what is not in it, nothing is said.'
const FORMATS = ['packages', 'only-packages', 'sarif', 'spdx', 'gitlab', 'markdown', 'sbom']

/** What of the findings was asked for. */
function chosen(run: Run, subject: Subject): readonly Finding[] {
  const severities = run.values('only-severity').map((one) => one.toUpperCase())
  const unknown = severities.find((one) => !SEVERITIES.includes(one as never) && one !== 'UNSPECIFIED')
  if (unknown !== undefined) return fail(`ERROR   Status: invalid severity: ${unknown.toLowerCase()}, Code: 1`)
  const types = run.values('only-package-type')
  const names = run.values('only-package')
  const ids = run.values('only-cve-id')
  const base = subject.image.layers.filter(({ catalogue }) => catalogue !== undefined).length
  return findings(subject.inventory)
    .filter(
      ({ installed }) =>
        (types.length === 0 || types.includes(installed.type)) &&
        (names.length === 0 || names.some((name) => new RegExp(`^${escaped(name)}$`).test(installed.name))) &&
        (!run.on('ignore-base') || installed.layer >= base) &&
        (!run.on('only-base') || installed.layer < base),
    )
    .flatMap(({ installed, matches }): readonly Finding[] => {
      const kept = matches.filter(
        ({ advisory, affected }) =>
          (severities.length === 0 || severities.includes(advisory.severity)) &&
          (ids.length === 0 || ids.includes(advisory.id)) &&
          (!run.on('only-fixed') || affected.fixed !== undefined) &&
          (!run.on('only-unfixed') || affected.fixed === undefined),
      )
      return kept.length === 0 ? [] : [{ installed, matches: kept }]
    })
}

const escaped = (name: string): string => name.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')

const MOST_TOLD = 5

/** Which line of a Dockerfile brought what is vulnerable: the plug-in leaves that to a page. */
function tellLayers(run: Run, { image, stored }: Subject, list: readonly Finding[]): void {
  const history = (stored?.history ?? catalogueHistory(image, 0)).filter(({ empty }) => !empty)
  for (const { installed } of list.slice(0, MOST_TOLD)) {
    const line = history[installed.layer]?.createdBy ?? ''
    run.notice(
      `${installed.name} ${installed.version} came with layer ${installed.layer + 1} of ${image.layers.length}${line === '' ? '' : `: ${line.slice(0, 90)}`}`,
    )
  }
}

const cves: Command = {
  name: 'cves',
  about: 'Display CVEs identified in a software artifact',
  usage: '[OPTIONS] [IMAGE|DIRECTORY|ARCHIVE]',
  most: 1,
  completes: 'images',
  flags: [
    bool('details', 'Print details on default text output', { unmodelled: true }),
    bool('exit-code', "Return exit code '2' if vulnerabilities are detected", { short: 'e' }),
    text('format', 'Output format of the generated vulnerability report', { initial: 'packages' }),
    bool('ignore-base', 'Filter out CVEs introduced from base image'),
    bool('locations', 'Print package locations including file paths and layer diff_id'),
    bool('only-base', 'Only show CVEs introduced by the base image'),
    texts('only-cve-id', 'Comma separated list of CVE ids to search for'),
    bool('only-fixed', 'Filter to fixable CVEs'),
    texts('only-package', 'Comma separated names of packages to filter on'),
    texts('only-package-type', 'Comma separated list of package types (like apk, deb, rpm, npm, pypi, golang)'),
    texts('only-severity', 'Comma separated list of severities (critical, high, medium, low, unspecified)'),
    bool('only-unfixed', 'Filter to unfixed CVEs'),
    bool('only-vuln-packages', 'When used with --format only-packages ignore packages with no vulnerabilities'),
    text('output', 'Write the report to a file', { short: 'o' }),
    text('platform', 'Platform of image to analyze', { unmodelled: true }),
  ],
  run(run) {
    const format = run.value('format') ?? 'packages'
    if (!FORMATS.includes(format)) return fail('ERROR   Status: please provide a valid format, Code: 1')
    if (!['packages', 'only-packages', 'sarif'].includes(format)) {
      run.notice(`docker scout cves --format ${format} is not modelled; packages, only-packages and sarif are`)
      return fail(`docker scout cves: --format ${format} is not modelled here`)
    }
    const subject = examined(run, run.args[0])
    const list = chosen(run, subject)
    run.error(detected(list))
    const report =
      format === 'sarif'
        ? sarif(subject, list)
        : format === 'only-packages'
          ? onlyPackages(subject, list, run.on('only-vuln-packages'))
          : packagesReport(subject, list, run.on('locations'))
    const output = run.value('output')
    if (output === undefined) run.print(report)
    else {
      const problem = run.loop<null, string>(null, () => ({
        done: run.call.files.write(output, report)?.error ?? '',
      }))
      if (problem !== '') return fail(`ERROR   Status: open ${output}: ${problem.toLowerCase()}, Code: 1`)
      run.error(`    ✓ Report written to ${output}\n`)
    }
    tellLayers(run, subject, list)
    run.notice(NOT_CURRENT)
    return run.on('exit-code') && list.length > 0 ? 2 : 0
  },
}

const quickview: Command = {
  name: 'quickview',
  aliases: ['qv'],
  about: 'Quick overview of an image',
  usage: '[IMAGE|DIRECTORY|ARCHIVE]',
  most: 1,
  completes: 'images',
  flags: [
    text('org', 'Namespace of the Docker organization', { unmodelled: true }),
    text('platform', 'Platform of image to analyze', { unmodelled: true }),
  ],
  run(run) {
    const subject = examined(run, run.args[0])
    run.print(quickviewTable(subject))
    run.error(`\nWhat's next:\n    View vulnerabilities → docker scout cves ${subject.name}\n\n`)
    run.notice(NOT_CURRENT)
    return 0
  },
}

const version: Command = {
  name: 'version',
  about: 'Show Docker Scout version information',
  most: 0,
  run(run) {
    run.print('version: v1.18.3 (go1.24.4 - linux/amd64)\n')
    return 0
  },
}

const later = (name: string, about: string): Command => ({
  name,
  about,
  flagsFirst: true,
  run(run) {
    run.notice(`docker scout ${name} is not modelled: docker scout cves and quickview are`)
    return fail(`docker scout ${name} is not modelled here`)
  },
})

/** The plug-in Docker Scout, 1.18: what of an image is known to be vulnerable. Without organisations, policies and remote analysis. */
export const scout: Command = {
  name: 'scout',
  about: 'Command line tool for Docker Scout',
  children: [
    later('compare', 'Compare two images and display differences'),
    cves,
    quickview,
    later('recommendations', 'Display available base image updates and remediation recommendations'),
    later('sbom', 'Generate or display SBOM of an image'),
    version,
  ],
}

import type { Installed, Inventory } from '../../../platform/image/inventory'
import { compareVersions } from '../../../platform/image/version-order'
import { type Advisory, type Affected, advisories, type Severity } from './advisories'

/** An advisory that is about a package in the version that is there. */
export interface Match {
  readonly advisory: Advisory
  readonly affected: Affected
}

/** A package and what is known of it, the gravest first. */
export interface Finding {
  readonly installed: Installed
  readonly matches: readonly Match[]
}

export const SEVERITIES: readonly Severity[] = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW']

const isPackaged = ({ type }: Affected): boolean => type === 'apk' || type === 'deb'

function isAffected(one: Affected, installed: Installed, distribution: Inventory['distribution']): boolean {
  if (one.type !== installed.type || one.name !== (one.type === 'pypi' ? installed.name.toLowerCase() : installed.name))
    return false
  if (one.release !== undefined && one.release !== distribution?.version) return false
  const order = (bound: string) => compareVersions(installed.version, bound, isPackaged(one))
  return (one.from === undefined || order(one.from) >= 0) && (one.fixed === undefined || order(one.fixed) < 0)
}

/** The packages of which something is known, those with the gravest first. */
export function findings({ packages, distribution }: Inventory): readonly Finding[] {
  const found = packages.flatMap((installed): Finding[] => {
    const matches = advisories.flatMap((advisory): Match[] => {
      const affected = advisory.affected.find((one) => isAffected(one, installed, distribution))
      return affected ? [{ advisory, affected }] : []
    })
    matches.sort((a, b) => rank(a.advisory) - rank(b.advisory) || (a.advisory.id > b.advisory.id ? -1 : 1))
    return matches.length > 0 ? [{ installed, matches }] : []
  })
  return found.sort((a, b) => {
    const [first, second] = [countsOf([a]), countsOf([b])]
    for (let i = 0; i < first.length; i++) if (first[i] !== second[i]) return second[i]! - first[i]!
    return a.installed.name < b.installed.name ? -1 : 1
  })
}

const rank = ({ severity }: Advisory): number => SEVERITIES.indexOf(severity)

/** How many of each severity, the gravest first. */
export const countsOf = (list: readonly Finding[]): readonly number[] =>
  SEVERITIES.map((severity) =>
    list.reduce((sum, { matches }) => sum + matches.filter(({ advisory }) => advisory.severity === severity).length, 0),
  )

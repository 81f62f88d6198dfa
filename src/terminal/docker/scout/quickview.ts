import { baseDatabase, familyOf, packagesIn } from '../../../platform/image/base-packages'
import type { BaseName } from '../../../platform/image/bases'
import type { Installed, Inventory } from '../../../platform/image/inventory'
import { shortId } from '../print/format'
import { countsOf, findings } from './match'
import { countsText } from './print'
import type { Subject } from './subject'

/** Releases that one would change to. */
const NEWEST = { alpine: '3.22', debian: '13', ubuntu: '24.04' } as const

interface BaseImage {
  readonly name: string
  readonly counts: readonly number[]
}

/** A distribution's image of a release, and what is known of its packages. */
function baseImage(base: BaseName, release: string): BaseImage | undefined {
  const family = familyOf(base)
  const database = baseDatabase(base, release)
  if (!family || !database) return undefined
  const version =
    family === 'ubuntu'
      ? release
      : release
          .split('.')
          .slice(0, family === 'alpine' ? 2 : 1)
          .join('.')
  const packages = new Map<string, Installed>()
  for (const { origin: name, version: at } of packagesIn(database.text))
    packages.set(name, { type: family === 'alpine' ? 'apk' : 'deb', name, version: at, path: database.path, layer: 0 })
  const inventory: Inventory = {
    packages: [...packages.values()],
    distribution: { family, version, codename: '' },
  }
  const slim = base === 'debian:slim' ? '-slim' : ''
  return { name: `${family}:${version}${slim}`, counts: countsOf(findings(inventory)) }
}

/** `    -9    -13     -3     +6`: what would change; nothing where nothing does. */
const changeText = (from: readonly number[], to: readonly number[]): string =>
  from
    .map((count, i) => {
      const change = to[i]! - count
      return (change === 0 ? '' : change > 0 ? `+${change}` : String(change)).padStart(5)
    })
    .join('  ')

/** The table of quickview: the image, the base that it stands on, and a newer one where that has fewer. */
export function quickviewTable({ name, image, inventory }: Subject): string {
  const rows: (readonly [string, string, string])[] = [
    ['Target', name, countsText(countsOf(findings(inventory)))],
    ['  digest', shortId(image.id), ''],
  ]
  const lowest = image.layers[0]?.catalogue
  const base = lowest && 'base' in lowest ? lowest : undefined
  const family = base && familyOf(base.base)
  const own = base && baseImage(base.base, base.release ?? inventory.distribution?.version ?? '')
  if (base && family && own) {
    rows.push(['Base image', own.name, countsText(own.counts)])
    const newer = baseImage(base.base, NEWEST[family])
    const isBetter = newer && newer.name !== own.name && newer.counts.some((count, i) => count < own.counts[i]!)
    if (isBetter) {
      rows.push(['Updated base image', newer.name, countsText(newer.counts)])
      rows.push(['', '', changeText(own.counts, newer.counts)])
    }
  }
  const first = Math.max(...rows.map(([label]) => label.length))
  const second = Math.max(...rows.map(([, value]) => value.length))
  return `\n${rows.map(([label, value, counts]) => `  ${label.padEnd(first)} │  ${value.padEnd(second)}  │ ${counts.padEnd(28)}`.trimEnd()).join('\n')}\n`
}

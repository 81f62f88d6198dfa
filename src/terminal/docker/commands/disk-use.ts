import { humanDuration } from '../../../docker/formats/duration'
import { humanSize } from '../../../docker/formats/size'
import { bool, text } from '../../cli/flags'
import { escapedJson } from '../../cli/json'
import type { Command } from '../command'
import { type Column, dataOf, printRows, rendered } from '../print/format'
import type { Run } from '../run'
import { type ImageSummary, imageColumns, rowsOf } from './images'
import { containerColumns, type Summary } from './ps'

interface Volume {
  readonly Name: string
  readonly Driver: string
  readonly Mountpoint: string
  readonly UsageData: { readonly RefCount: number; readonly Size: number }
}

interface CacheUse {
  readonly ID: string
  readonly Type: string
  readonly Description: string
  readonly InUse: boolean
  readonly Shared: boolean
  readonly Size: number
  readonly UsageCount: number
  readonly createdAt: number
  readonly usedAt: number
}

type Image = ImageSummary & { readonly SharedSize: number; readonly Containers: number }

interface DiskUse {
  readonly LayersSize: number
  readonly Images: readonly Image[]
  readonly Containers: readonly (Summary & { readonly State: string })[]
  readonly Volumes: readonly Volume[]
  readonly BuildCache: readonly CacheUse[]
}

interface Kind {
  readonly type: string
  readonly total: number
  readonly active: number
  readonly size: number
  readonly reclaimable: number
  /** What of it can be freed is told as a share too. */
  readonly share: boolean
}

const sum = (sizes: readonly number[]): number => sizes.reduce((all, one) => all + one, 0)
const ACTIVE = ['running', 'paused', 'restarting']

/** As the client counts it: of an image that is used only what it has alone is kept. After NewDiskUsageContext in docker/cli. */
function kindsOf({ LayersSize, Images, Containers, Volumes, BuildCache }: DiskUse): readonly Kind[] {
  const used = Images.filter((image) => image.Containers > 0)
  const running = Containers.filter(({ State }) => ACTIVE.includes(State))
  const linked = Volumes.filter(({ UsageData }) => UsageData.RefCount > 0)
  const written = (list: DiskUse['Containers']) => sum(list.map(({ SizeRw }) => SizeRw ?? 0))
  const kept = (list: readonly Volume[]) => sum(list.map(({ UsageData }) => UsageData.Size))
  const all = sum(BuildCache.map(({ Size }) => Size))
  const free = BuildCache.filter(({ InUse, Shared }) => !InUse && !Shared)
  return [
    {
      type: 'Images',
      total: Images.length,
      active: used.length,
      size: LayersSize,
      reclaimable: LayersSize - sum(used.map(({ Size, SharedSize }) => Size - SharedSize)),
      share: true,
    },
    {
      type: 'Containers',
      total: Containers.length,
      active: running.length,
      size: written(Containers),
      reclaimable: written(Containers) - written(running),
      share: true,
    },
    {
      type: 'Local Volumes',
      total: Volumes.length,
      active: linked.length,
      size: kept(Volumes),
      reclaimable: kept(Volumes) - kept(linked),
      share: true,
    },
    {
      type: 'Build Cache',
      total: BuildCache.length,
      active: BuildCache.filter(({ InUse }) => InUse).length,
      size: all,
      reclaimable: sum(free.map(({ Size }) => Size)),
      share: false,
    },
  ]
}

const kindColumns: readonly Column<Kind>[] = [
  { field: 'Type', heading: 'TYPE', cell: ({ type }) => type },
  { field: 'TotalCount', heading: 'TOTAL', cell: ({ total }) => String(total) },
  { field: 'Active', heading: 'ACTIVE', cell: ({ active }) => String(active) },
  { field: 'Size', heading: 'SIZE', cell: ({ size }) => humanSize(size) },
  {
    field: 'Reclaimable',
    heading: 'RECLAIMABLE',
    cell: ({ reclaimable, size, share }) =>
      `${humanSize(reclaimable)}${share && size > 0 ? ` (${Math.floor((100 * reclaimable) / size)}%)` : ''}`,
  },
]

const volumeColumns: readonly Column<Volume>[] = [
  { field: 'Name', heading: 'VOLUME NAME', cell: ({ Name }) => Name },
  { field: 'Links', heading: 'LINKS', cell: ({ UsageData }) => String(UsageData.RefCount) },
  { field: 'Size', heading: 'SIZE', cell: ({ UsageData }) => humanSize(UsageData.Size) },
  { field: 'Driver', heading: 'DRIVER', hidden: true, cell: ({ Driver }) => Driver },
  { field: 'Mountpoint', heading: 'MOUNTPOINT', hidden: true, cell: ({ Mountpoint }) => Mountpoint },
]

const cacheColumns = (run: Run, long: boolean): readonly Column<CacheUse>[] => [
  {
    field: 'ID',
    heading: 'CACHE ID',
    cell: ({ ID, InUse }) => `${long ? ID : ID.slice(0, 12)}${InUse ? '*' : ''}`,
  },
  { field: 'CacheType', heading: 'CACHE TYPE', cell: ({ Type }) => Type },
  { field: 'Size', heading: 'SIZE', cell: ({ Size }) => humanSize(Size, 3) },
  {
    field: 'CreatedSince',
    heading: 'CREATED',
    cell: ({ createdAt }) => `${humanDuration(run.call.now - createdAt)} ago`,
  },
  {
    field: 'LastUsedSince',
    heading: 'LAST USED',
    cell: ({ usedAt }) => `${humanDuration(run.call.now - usedAt)} ago`,
  },
  { field: 'UsageCount', heading: 'USAGE', cell: ({ UsageCount }) => String(UsageCount) },
  { field: 'Shared', heading: 'SHARED', cell: ({ Shared }) => String(Shared) },
  { field: 'InUse', heading: 'IN USE', hidden: true, cell: ({ InUse }) => String(InUse) },
  { field: 'Description', heading: 'DESCRIPTION', hidden: true, cell: ({ Description }) => Description },
]

/** With its first name only, and what it shares with others. */
const imageRows = (run: Run, images: readonly Image[], long: boolean) => {
  const rows = images.map((image) => ({ ...rowsOf(image)[0]!, image }))
  const columns: readonly Column<(typeof rows)[number]>[] = [
    ...imageColumns(run, { digests: false, long }).filter(({ hidden }) => !hidden),
    { field: 'SharedSize', heading: 'SHARED SIZE', cell: ({ image }) => humanSize(image.SharedSize) },
    { field: 'UniqueSize', heading: 'UNIQUE SIZE', cell: ({ image }) => humanSize(image.Size - image.SharedSize) },
    { field: 'Containers', heading: 'CONTAINERS', cell: ({ image }) => String(image.Containers) },
  ]
  return { rows, columns }
}

const CONTAINER_FIELDS = ['ID', 'Image', 'Command', 'LocalVolumes', 'Size', 'RunningFor', 'Status', 'Names']

function inDetail(run: Run, use: DiskUse): void {
  const format = run.value('format') ?? 'table'
  const long = format !== 'table'
  const { rows, columns } = imageRows(run, use.Images, long)
  // what lies below does not count here
  const containers = use.Containers.map((one) => ({ ...one, SizeRootFs: 0 }))
  const every = containerColumns(run, long).map((column) =>
    column.field === 'Size' ? { ...column, cell: ({ SizeRw }: Summary) => humanSize(SizeRw ?? 0, 3) } : column,
  )
  const cache = [...use.BuildCache].sort((a, b) => a.usedAt - b.usedAt || (a.ID < b.ID ? -1 : 1))
  if (format === 'table') {
    const shown = CONTAINER_FIELDS.map((field) => ({ ...every.find((one) => one.field === field)!, hidden: false }))
    run.print('Images space usage:\n\n')
    printRows(run, rows, columns, 'table')
    run.print('\nContainers space usage:\n\n')
    printRows(run, containers, shown, 'table')
    run.print('\nLocal Volumes space usage:\n\n')
    printRows(run, use.Volumes, volumeColumns, 'table')
    run.print(`\nBuild cache usage: ${humanSize(sum(cache.map(({ Size }) => Size)))}\n\n`)
    printRows(run, cache, cacheColumns(run, false), 'table')
    return
  }
  const data = {
    Images: rows.map((row) => dataOf(row, columns)),
    Containers: containers.map((row) => dataOf(row, every)),
    Volumes: use.Volumes.map((row) => dataOf(row, volumeColumns)),
    BuildCache: cache.map((row) => dataOf(row, cacheColumns(run, true))),
  }
  if (format === 'json') run.print(`${escapedJson(data)}\n`)
  else run.print(rendered(format, data))
}

export const df: Command = {
  name: 'df',
  about: 'Show docker disk usage',
  usage: '[OPTIONS]',
  most: 0,
  flags: [
    text('format', "Output by a Go template, 'table TEMPLATE', or 'json'"),
    bool('verbose', 'Show detailed information on space usage', { short: 'v' }),
  ],
  run(run) {
    const use: DiskUse = run.ask({ method: 'GET', path: '/system/df' })
    if (run.on('verbose')) inDetail(run, use)
    else printRows(run, kindsOf(use), kindColumns)
    return 0
  },
}

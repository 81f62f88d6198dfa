import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inflateRawSync } from 'node:zlib'
import { freezeEdits } from '../engine'
import { clockOf, REQUEST_FLIGHT_MILLIS, type ViewId, views } from '../picture'
import { asOf } from '../picture/as-of'
import {
  ControlPlaneDrawing,
  ImagesDrawing,
  LifeCycleDrawing,
  LimitsDrawing,
  type Look,
  MachinesDrawing,
  NamespacesDrawing,
  NetworkDrawing,
  RolloutDrawing,
  StorageDrawing,
} from '../picture/draw'
import { readMoment } from '../picture/read-time'
import {
  Book,
  controlPlaneScene,
  imagesScene,
  lifeCycleScene,
  limitsScene,
  machinesScene,
  namespacesScene,
  networkScene,
  rolloutScene,
  storageScene,
} from '../picture/scenes'
import { commandsOf } from '../terminal/commands-of'
import { type Moment, momentOf, replay } from '../terminal/moment'
import { Session } from '../terminal/session'
import { labOf } from './exec'
import { projectLibrary } from './library'
import { optionsOf } from './options'
import { drawnOn, escapeXml } from './paper'

const LARGEST_MOMENT = 16_000_000
const LONGEST_MILLIS = 7 * 86_400_000

/** Draws one moment of a run as an SVG that stands alone, in light and dark: what a page shows before, or instead of, the living figure. */
export async function figure(args: string[]): Promise<number> {
  const options = optionsOf(args, {
    at: 'value',
    view: 'value',
    seed: 'value',
    lab: 'value',
    steps: 'value',
    script: 'value',
    link: 'value',
    width: 'value',
    height: 'value',
  })
  if ('problem' in options) return wrong(options.problem)
  const { values, rest } = options
  const drawn = views.map(({ id }) => id).filter((id) => id !== 'scheduling')
  const view = views.find(({ id }) => id === (values['view'] ?? 'machines'))?.id
  if (!view || view === 'scheduling')
    return wrong(`--view is ${drawn.slice(0, -1).join(', ')} or ${drawn.at(-1)} (scheduling is a table)`)
  const at = readMoment(values['at'] ?? '')
  if (values['at'] !== undefined && (at === undefined || at > LONGEST_MILLIS))
    return wrong('--at is a time: 30s, 1:05, 2m30s, or milliseconds')
  const [width, height] = [Number(values['width'] ?? 960), Number(values['height'] ?? 540)]
  if (!(width >= 200 && width <= 4000 && height >= 100 && height <= 4000))
    return wrong('--width and --height are from 200 and 100 to 4000')
  freezeEdits(false)
  const run = runOf(values, rest)
  if ('problem' in run) return wrong(run.problem)
  const { session, title } = run
  if (at !== undefined && at > session.now) session.advance(at)
  const moment = Math.max(0, at ?? session.now)
  process.stdout.write(
    await svgOf(session, { at: moment, view, width, height, title: `${title}, at ${clockOf(moment)}` }),
  )
  return 0
}

type Run = { readonly session: Session; readonly title: string } | { readonly problem: string }

function runOf(values: Readonly<Record<string, string>>, rest: readonly string[]): Run {
  const link = values['link'] === undefined ? undefined : momentInLink(values['link'])
  if (values['link'] !== undefined && !link) return { problem: '--link is no link to a moment, or it is damaged' }
  const library = projectLibrary()
  const named = link?.scenario ?? rest[0]
  const scenario = library.scenarios.find(({ id }) => id === named)
  if (named !== undefined && !scenario)
    return { problem: `there is no scenario ${named}: ${library.scenarios.map(({ id }) => id).join(', ')}` }
  const lab = labOf(scenario?.lab ?? link?.lab ?? values['lab'] ?? 'kubernetes')
  if ('problem' in lab) return lab
  const seed = Number(values['seed'] ?? link?.seed ?? scenario?.seed ?? 1)
  if (!Number.isSafeInteger(seed)) return { problem: '--seed is a whole number' }
  const session = new Session({ lab, seed, files: library.files(scenario?.files ?? link?.folders ?? []) })
  if (link) {
    replay(session, link.moment.inputs)
    session.advance(Math.floor(link.moment.at))
  }
  const steps = Number(values['steps'] ?? 0)
  if (!Number.isInteger(steps) || steps < 0 || steps > (scenario?.steps.length ?? 0))
    return { problem: '--steps is how many steps of the scenario are solved first' }
  for (const step of scenario?.steps.slice(0, steps) ?? []) session.run(step.solution)
  if (values['script'] !== undefined) {
    let script: string
    try {
      script = readFileSync(values['script'] === '-' ? 0 : values['script'], 'utf8')
    } catch (error) {
      return { problem: (error as Error).message }
    }
    for (const { text } of commandsOf(script)) session.runCommand(text)
  }
  return { session, title: scenario?.title ?? `Lab ${link?.lab ?? values['lab'] ?? 'kubernetes'}` }
}

interface Linked {
  readonly moment: Moment
  readonly lab: string
  readonly seed: string | undefined
  readonly scenario: string | undefined
  readonly folders: readonly string[]
}

/** A link as the page's Share makes it. */
function momentInLink(link: string): Linked | undefined {
  try {
    const url = new URL(link)
    const bytes = inflateRawSync(Buffer.from(url.hash.slice(1), 'base64url'), { maxOutputLength: LARGEST_MOMENT })
    const moment = momentOf(JSON.parse(bytes.toString('utf8')))
    const wish = (name: string) => url.searchParams.get(name) ?? undefined
    return (
      moment && {
        moment,
        lab: wish('lab') ?? 'kubernetes',
        seed: wish('seed'),
        scenario: wish('scenario'),
        folders: wish('files')?.split(',') ?? [],
      }
    )
  } catch {
    return undefined
  }
}

interface Sheet {
  readonly at: number
  readonly view: Exclude<ViewId, 'scheduling'>
  readonly width: number
  readonly height: number
  readonly title: string
}

export async function svgOf(session: Session, { at, view, width, height, title }: Sheet): Promise<string> {
  const book = new Book().follow(session.worldAt(session.revision))
  const world = asOf(session.worldAt(session.revisionAt(at)), at)
  const scale = Math.max(1, Math.min(width / 820, height / 480, 1.35))
  const look: Look = {
    width,
    height,
    scale,
    selected: undefined,
    filter: new Set(),
    differing: new Set(),
    pace: { speed: 1, reduced: true, still: true },
  }
  const svg = await drawnOn((sheet) => async () => {
    const choose = () => undefined
    const scenes = {
      machines: () => [new MachinesDrawing(sheet, choose), machinesScene(world, book, REQUEST_FLIGHT_MILLIS)] as const,
      rollout: () => [new RolloutDrawing(sheet, choose), rolloutScene(world, book, undefined)] as const,
      network: () => [new NetworkDrawing(sheet, choose), networkScene(world, book, REQUEST_FLIGHT_MILLIS)] as const,
      limits: () => [new LimitsDrawing(sheet, choose), limitsScene(world, book)] as const,
      images: () => [new ImagesDrawing(sheet, choose), imagesScene(world)] as const,
      storage: () => [new StorageDrawing(sheet, choose), storageScene(world)] as const,
      'life-cycle': () => [new LifeCycleDrawing(sheet, choose), lifeCycleScene(world, undefined)] as const,
      namespaces: () => [new NamespacesDrawing(sheet, choose), namespacesScene(world)] as const,
      'control-plane': () =>
        [new ControlPlaneDrawing(sheet, choose), controlPlaneScene(world, REQUEST_FLIGHT_MILLIS)] as const,
    }
    const [drawing, scene] = scenes[view]()
    drawing.show(scene as never, look)
    drawing.frame(at)
    await settled()
    drawing.still()
    await settled()
  })
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  svg.setAttribute('class', 'drawing')
  const text = svg.toText()
  const body = text.slice(text.indexOf('>') + 1)
  const head = text.slice(0, text.indexOf('>'))
  return `${head} role="img"><title>${escapeXml(title)}</title><style>${stylesOfPage()}</style><rect width="100%" height="100%" fill="var(--ground)"/>${body}\n`
}

/** The drawings let newcomers in over some frames. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 250))

/** The page's own colours and the drawing's own rules, as a picture that stands alone needs them. */
function stylesOfPage(): string {
  const root = join(process.env['DRYDOCK_ROOT'] ?? '.', 'src')
  const read = (path: string) => readFileSync(join(root, path), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '')
  const tokens = [...read('app/theme/tokens.css').matchAll(/(--[\w-]+):\s*([^;{}]+);/g)].map(
    ([, name, value]) => [name!, value!.trim()] as const,
  )
  const first = new Map<string, string>()
  for (const [name, value] of tokens) if (!first.has(name)) first.set(name, value)
  const both = /light-dark\((#\w+),\s*(#\w+)\)/
  const light = [...first].map(([name, value]) => `${name}:${value.replace(both, '$1')}`)
  const dark = [...first].flatMap(([name, value]) => (both.test(value) ? [`${name}:${both.exec(value)![2]}`] : []))
  const rules = read('picture/draw/drawing.module.css').replace(/:global\(([^)]+)\)/g, '$1')
  return `.drawing{${light.join(';')}}@media (prefers-color-scheme:dark){.drawing{${dark.join(';')}}}${rules.replace(/\s+/g, ' ')}`
}

function wrong(problem: string): number {
  process.stderr.write(`drydock figure: ${problem}\n`)
  return 2
}

import type { World } from '../../../engine'
import { LocalImage } from '../../../platform/image/image'
import { type Inventory, inventoryOf } from '../../../platform/image/inventory'
import { localName, parseReference } from '../../../platform/image/reference'
import { type Image, resolveImage } from '../../../platform/image/resolve'
import { imageOf, type StoredImage, storedImageKey } from '../../../platform/image/stored'
import { POOL } from '../../../platform/registry/pool'
import { pushedImage } from '../../../platform/registry/pushed'
import { fail } from '../../cli/failure'
import { HUB, readAuths } from '../credentials'
import type { Run } from '../run'

/** What is looked at: an image of the machine, or else of its registry. */
export interface Subject {
  /** As scout prints it: with its tag. */
  readonly name: string
  readonly image: Image
  readonly stored: StoredImage | undefined
  readonly inventory: Inventory
  readonly isLocal: boolean
}

function localNamed(world: World, machine: string, text: string): LocalImage | undefined {
  const all = world.list(LocalImage, { scope: machine }).map(({ value }) => value)
  const id = text.replace(/^sha256:/, '')
  if (/^[0-9a-f]{4,64}$/.test(id)) {
    const byId = all.find((one) => one.id.slice(7).startsWith(id))
    if (byId) return byId
  }
  if ('error' in parseReference(text)) return undefined
  const name = localName(text)
  return all.find(({ reference }) => reference === name)
}

/** The image that was built last on the machine. */
function newestBuilt(world: World, machine: string): LocalImage | undefined {
  const built = world
    .list(LocalImage, { scope: machine })
    .map(({ value }) => ({ value, at: world.get(storedImageKey(machine, value.id))?.createdAt }))
    .filter(({ at }) => at !== undefined)
  return built.sort((a, b) => b.at! - a.at!)[0]?.value
}

function fromRegistry(world: World, text: string): Pick<Subject, 'image' | 'stored'> | undefined {
  const pushed = pushedImage(world, text)
  const stored = pushed && world.get(storedImageKey(POOL, pushed.manifest.id))
  if (stored) return { image: stored.image, stored }
  const answer = resolveImage(text)
  return answer.found === 'known' ? { image: answer.image, stored: undefined } : undefined
}

const PREFIX = /^([a-z-]+):\/\/(.*)$/

/** What an argument means; it ends the command where there is none. Told apart: `local://`, `registry://`, `image://`. */
function found(run: Run, text: string | undefined): Omit<Subject, 'inventory'> & { readonly machine: string } {
  const { world, from } = run.call
  const [, prefix = 'image', rest = text] = PREFIX.exec(text ?? '') ?? []
  if (!['image', 'local', 'registry'].includes(prefix)) {
    run.notice(`docker scout: ${prefix}:// is not modelled; images are`)
    return fail(`docker scout: ${prefix}:// is not modelled here`)
  }
  const local =
    prefix === 'registry'
      ? undefined
      : rest === undefined
        ? newestBuilt(world, from.machine)
        : localNamed(world, from.machine, rest)
  const image = local && imageOf(world, local)
  if (local && image) {
    const name = local.reference.startsWith('sha256:') ? (rest ?? local.reference) : local.reference
    const stored = world.get(storedImageKey(from.machine, local.id))
    return { name: prefix === 'local' ? `local://${name}` : name, image, stored, isLocal: true, machine: from.machine }
  }
  if (rest === undefined) return fail('ERROR   No image has been built yet; give the name of one')
  const parsed = parseReference(rest)
  if ('error' in parsed) return fail(`ERROR   could not parse reference: ${rest}`)
  const remote = prefix === 'local' ? undefined : fromRegistry(world, rest)
  if (!remote)
    return fail(
      `ERROR   Status: failed to get image ${rest}: ${prefix === 'local' ? `No such image: ${localName(rest)}` : 'MANIFEST_UNKNOWN: manifest unknown'}, Code: 1`,
    )
  return { name: localName(rest), ...remote, isLocal: false, machine: POOL }
}

const MILLIS_A_BYTE = 1 / 90_000

/** Looks an image through, which takes its time, and says so on standard error; what was looked through once is kept. */
export function examined(run: Run, text: string | undefined): Subject {
  if (readAuths(run.call)[HUB] === undefined) {
    run.notice('In this lab Docker Hub knows one account: you, with the password secret.')
    return fail('Log in with your Docker ID or email address to use docker scout.')
  }
  const subject = found(run, text)
  const kept = `/tmp/docker-scout/sha256/${subject.image.id.slice(7)}`
  const isKept = run.loop<string, boolean>('', (state) => {
    const known = run.call.files.stat(kept) !== undefined
    if (state !== '') return { done: state === 'kept' }
    const millis = known ? 180 : 900 + subject.image.unpackedBytes * MILLIS_A_BYTE
    return { wait: { millis: Math.round(millis) }, state: known ? 'kept' : 'fresh' }
  })
  const inventory = inventoryOf(run.call.world, subject.machine, subject.image)
  const count = inventory.packages.length
  if (isKept) run.error(`    ✓ SBOM of image already cached, ${count} package${count === 1 ? '' : 's'} indexed\n`)
  else {
    run.error(`${subject.isLocal ? '' : '    ✓ Pulled\n'}    ✓ Image stored for indexing\n`)
    run.error(`    ✓ Indexed ${count} package${count === 1 ? '' : 's'}\n`)
    run.loop<null, boolean>(null, () => {
      for (const folder of ['/tmp', '/tmp/docker-scout', '/tmp/docker-scout/sha256'])
        if (!run.call.files.stat(folder)) run.call.files.makeFolder(folder)
      run.call.files.write(kept, `${count}\n`)
      return { done: true }
    })
  }
  return { ...subject, inventory }
}

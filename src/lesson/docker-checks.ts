import { flag, MANY, name, object, type Shape, text, whole } from './shape'

/** A container of the lab's Docker machines, as `docker ps -a` would show it. */
export interface ContainerCheck {
  readonly name: string
  /** On this machine; any of them when left out. */
  readonly on?: string
  /** It has printed this. */
  readonly says?: string
  /** It was made of this image. */
  readonly image?: string
  readonly status?: string
  /** Its exit code, once it has ended. */
  readonly code?: number
  readonly oomKilled?: boolean
  /** It was restarted by its policy so often at least. */
  readonly restarts?: number
  /** It mounts this volume. */
  readonly volume?: string
  /** Its memory limit in MiB. */
  readonly memory?: number
  /** Processor time that it gets now, in hundredths of one core. */
  readonly cpuLeast?: number
  readonly cpuMost?: number
}

/** An image of the lab's Docker machines, by its name: of at least or at most so many megabytes. */
export interface ImageCheck {
  readonly name: string
  /** On this machine; any of them when left out. */
  readonly on?: string
  readonly least?: number
  readonly most?: number
  /** It is the same as this one. */
  readonly sameAs?: string
  /** How many layers it has, exactly. */
  readonly layers?: number
  /** A file that its containers see. */
  readonly has?: string
  /** A package, the source package of a distribution's, that is in it; */
  readonly package?: string
  /** in this version or a newer one. */
  readonly atLeast?: string
  /** A text that stands nowhere in it: in no file of any layer, covered or not, nor in its configuration or history. */
  readonly without?: string
}

/** A tag in a registry, as pushed there from this lab. */
export interface PushedCheck {
  /** `you/soup:1`, `localhost:5000/soup:1` */
  readonly name: string
  /** It means the same image as this name on a machine. */
  readonly sameAs?: string
  /** It means another image than this name in its registry. */
  readonly unlike?: string
  /** It bears a signature, or does not. */
  readonly signed?: boolean
}

/** The newest build of this name: its end, and how many of its steps came from the cache. */
export interface BuildCheck {
  readonly name: string
  readonly failed?: boolean
  readonly cachedLeast?: number
  readonly cachedMost?: number
}

/** A file in a volume or in a container's own layer. */
export interface FileCheck {
  /** `volume/data`, `container/web`, `machine/docker-2` */
  readonly in: string
  readonly path: string
  /** The text holds this. */
  readonly holds?: string
}

/** What of machines with Docker can be tested. */
export const DOCKER_TESTS: Readonly<Record<string, Shape>> = {
  container: object(
    'A container of a machine with Docker.',
    {
      name: name('Its name.'),
      on: name('On this machine; any when left out.'),
      says: text(300, 'It has printed this.'),
      image: text(300, 'It was made of this image.'),
      status: text(40, 'running, exited, paused …'),
      code: whole(0, 255, 'Its exit code.'),
      oomKilled: flag('Killed for want of memory, or not.'),
      restarts: whole(0, MANY, 'At least so many restarts by its policy.'),
      volume: name('A volume that it mounts.'),
      memory: whole(0, 1_000_000, 'Its memory limit in MiB.'),
      cpuLeast: whole(0, 100_000, 'Processor time that it gets: at least, in hundredths of one core.'),
      cpuMost: whole(0, 100_000, 'At most.'),
    },
    ['on', 'says', 'image', 'status', 'code', 'oomKilled', 'restarts', 'volume', 'memory', 'cpuLeast', 'cpuMost'],
  ),
  image: object(
    'An image is on a machine with Docker.',
    {
      name: text(300, 'Its name: web:1.'),
      on: name('On this machine; any when left out.'),
      least: whole(0, 1_000_000, 'Its size in megabytes: at least.'),
      most: whole(0, 1_000_000, 'At most.'),
      sameAs: text(300, 'It is the same image as this one.'),
      layers: whole(0, 1_000, 'How many layers it has, exactly.'),
      has: text(1_000, 'A file that its containers see.'),
      package: text(300, 'A package that is in it: openssl.'),
      atLeast: text(100, 'The package is there in this version or a newer one.'),
      without: text(300, 'A text that no layer, its configuration or its history holds.'),
    },
    ['on', 'least', 'most', 'sameAs', 'layers', 'has', 'package', 'atLeast', 'without'],
  ),
  pushed: object(
    'A registry has a tag that was pushed to it.',
    {
      name: text(300, 'The name: you/soup:1.'),
      sameAs: text(300, 'It means the same image as this name on a machine.'),
      unlike: text(300, 'And another than this name in its registry.'),
      signed: flag('It bears a signature, or does not.'),
    },
    ['sameAs', 'unlike', 'signed'],
  ),
  build: object(
    'The newest build of a name has come to its end.',
    {
      name: text(300, 'The name given by -t: web:1.'),
      failed: flag('It failed; false or left out: it did not.'),
      cachedLeast: whole(0, 1_000, 'At least so many of its steps came from the cache.'),
      cachedMost: whole(0, 1_000, 'At most so many.'),
    },
    ['failed', 'cachedLeast', 'cachedMost'],
  ),
  file: object(
    'A file is in a volume, in the own layer of a container, or on the disk of a machine.',
    {
      in: name('volume/data, container/web or machine/docker.'),
      path: text(1_000, 'Its path from the root of the volume, the container or the machine.'),
      holds: text(300, 'Its text holds this.'),
    },
    ['holds'],
  ),
}

/** How far something is like the real one. What stands in no list is modelled. */
export interface Label {
  readonly what: string
  readonly label: 'simplified' | 'not modelled'
  readonly says: string
}

/** What of this room is simplified or left out; the help pages are made from it. */
export const platformLabels: readonly Label[] = [
  {
    what: 'digests',
    label: 'simplified',
    says: "those of the catalogue are made from names; those of images made here are SHA-256 over the layers' entries without times, and a layer has one digest, packed or not",
  },
  {
    what: 'files of images of the catalogue',
    label: 'simplified',
    says: 'commands, configuration and pages that anybody looks at; a few large files stand for the rest',
  },
  {
    what: 'programs of which nothing is known',
    label: 'simplified',
    says: 'a file that may be run but is none of the modelled commands runs for a second and succeeds, with a notice',
  },
  { what: 'owners and rights of files', label: 'simplified', says: 'they are noted and copied; they forbid nothing' },
  {
    what: 'unknown images',
    label: 'simplified',
    says: 'an image that is not known listens on its declared ports and answers 200',
  },
  { what: 'pulls', label: 'simplified', says: 'a machine pulls one image at a time; layers come one after the other' },
  {
    what: 'registry rate limits and credentials',
    label: 'not modelled',
    says: 'every known registry answers every pull',
  },
  {
    what: 'requests',
    label: 'simplified',
    says: 'a request is decided at the moment it starts; long answers of a load are looked at again when they are due',
  },
  {
    what: 'load above 1,000 requests a second',
    label: 'simplified',
    says: 'a thousand a second are really sent, each stands for several',
  },
  { what: 'access logs under load', label: 'simplified', says: 'above 20 requests a second programs print no lines' },
  {
    what: 'processor time',
    label: 'simplified',
    says: 'shared evenly within a period of cpu.max; what single requests compute is not counted, only the load of late; the pace of memory, disks and hyper-threads is not modelled; starting a container takes none',
  },
  {
    what: 'slow machines',
    label: 'simplified',
    says: 'containers start and answer more slowly; pulls, booting, daemons and commands inside of containers keep their pace',
  },
  {
    what: 'partitions',
    label: 'simplified',
    says: 'both parts of a network that has fallen apart still have the internet',
  },
  {
    what: 'programs that hang or fail',
    label: 'simplified',
    says: 'only their answers stop or fail; what they do of themselves goes on, and so do commands in their containers',
  },
  {
    what: 'swap',
    label: 'simplified',
    says: 'machines have none unless their lab file says so; it slows nothing down, swappiness counts for nothing, and only what is beyond a limit goes there',
  },
  {
    what: 'page cache',
    label: 'simplified',
    says: 'holds what a container has written; memory.low is shown, and protects nothing, because cache is dropped before anything else anyway',
  },
  {
    what: 'disks',
    label: 'simplified',
    says: 'images take space; what containers write is counted for their own limits only; disks are never slow',
  },
  { what: 'IPv6', label: 'not modelled', says: 'addresses are IPv4' },
  { what: 'the internet', label: 'simplified', says: 'some well-known hosts have an address and answer one page' },
  {
    what: 'TLS',
    label: 'simplified',
    says: 'it is spoken behind the usual ports; certificates of a lab are never trusted without -k',
  },
  {
    what: 'databases',
    label: 'simplified',
    says: "redis has strings and lists, PostgreSQL the voting application's table, the others accept connections",
  },
  {
    what: 'scripts of node and python',
    label: 'simplified',
    says: 'a script is taken to be an HTTP server on the declared ports',
  },
]

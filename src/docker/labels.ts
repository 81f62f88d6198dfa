import type { Label } from '../platform'

/** What of Docker is simplified or left out; the help pages are made from it. */
export const dockerLabels: readonly Label[] = [
  {
    what: 'programs of RUN',
    label: 'simplified',
    says: 'the shell is really run; package managers and compilers leave sizes, well-known commands and seconds; a program of which nothing is known takes a second, with a notice',
  },
  {
    what: 'programs that were built here',
    label: 'simplified',
    says: 'they are servers that answer 200 on the exposed ports; a shell or script that ends in a server is taken for that server',
  },
  {
    what: 'what addresses and repositories hold (ADD, git clone)',
    label: 'simplified',
    says: 'it is made up, always the same for one address',
  },
  {
    what: 'other platforms',
    label: 'simplified',
    says: 'an image for another processor can be built as long as no RUN is in it, as without an emulator',
  },
  {
    what: 'cache import and export, attestations, further contexts, outputs, SSH agents',
    label: 'not modelled',
    says: 'accepted with a notice; --cache-to is refused, as by the docker driver',
  },
  {
    what: 'history of images of the catalogue',
    label: 'simplified',
    says: 'it is read from their configuration',
  },
  {
    what: 'registries',
    label: 'simplified',
    says: 'what is pushed is kept by digest and never freed; a blob is one request; lines are as fast in both directions; Docker Hub knows one account (you, secret) and counts no pulls; clouds do not check passwords',
  },
  {
    what: 'docker scout',
    label: 'simplified',
    says: 'a sample of about ninety known vulnerabilities of November 2025, against the packages that layers hold; of what is not in it nothing is said. Packages of base images are a sample too',
  },
  {
    what: 'cosign',
    label: 'simplified',
    says: 'signing and checking with a key; keys and signatures look like the real ones and are hashes, and the transparency log is a number. Keyless signing, attestations and blobs are not modelled; docker trust neither',
  },
  { what: 'stats', label: 'simplified', says: 'traffic and disk are not counted' },
  {
    what: 'capabilities, seccomp, AppArmor, ulimits, devices',
    label: 'not modelled',
    says: 'accepted; nothing is forbidden by them',
  },
  { what: 'swap', label: 'not modelled', says: 'machines have none: memory alone counts' },
  {
    what: 'log drivers',
    label: 'simplified',
    says: 'json-file, local, none with their files; syslog and journald swallow what they get; the servers of the others are not there; the last 1,000 chunks of output are kept',
  },
  {
    what: 'archives',
    label: 'simplified',
    says: 'a tar file is a text that says what it holds, with the size of the real one; one holds 7.5 MB of text and 20,000 files at most; the configuration of a catalogue image is made up',
  },
  { what: 'links', label: 'simplified', says: 'in networks of one’s own the names stand in /etc/hosts too' },
  {
    what: 'daemon.json',
    label: 'simplified',
    says: 'live-restore, log-driver, log-opts and insecure-registries count as soon as the file is saved; the rest is not modelled',
  },
  { what: 'IPv6', label: 'not modelled', says: 'addresses are IPv4' },
  {
    what: 'macvlan and ipvlan',
    label: 'simplified',
    says: 'on eth0 they stand in the network of the machines; what is on a VLAN, or has no parent, is alone; modes do not differ',
  },
]

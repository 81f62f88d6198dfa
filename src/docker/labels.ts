import type { Label } from '../platform'

/** What of Docker is simplified or left out; the help pages are made from it. */
export const dockerLabels: readonly Label[] = [
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

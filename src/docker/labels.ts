import type { Label } from '../platform'

/** What of Docker is simplified or left out; the help pages are made from it. */
export const dockerLabels: readonly Label[] = [
  {
    what: 'history of images of the catalogue',
    label: 'simplified',
    says: 'it is read from their configuration',
  },
  { what: 'pulls', label: 'simplified', says: 'layers come one after the other' },
  { what: 'stats', label: 'simplified', says: 'traffic and disk are not counted' },
  {
    what: 'capabilities, seccomp, AppArmor, ulimits, devices',
    label: 'not modelled',
    says: 'accepted; nothing is forbidden by them',
  },
  { what: 'swap', label: 'not modelled', says: 'machines have none: memory alone counts' },
  { what: 'log drivers', label: 'simplified', says: 'json-file, local and none; rotation is not modelled' },
  { what: 'IPv6', label: 'not modelled', says: 'addresses are IPv4' },
  {
    what: 'macvlan and ipvlan',
    label: 'simplified',
    says: 'they are networks of their own, without the world outside',
  },
]

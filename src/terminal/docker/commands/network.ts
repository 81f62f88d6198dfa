import { goTime } from '../../../docker/formats/time'
import type { ConnectBody } from '../../../docker/network/endpoints'
import type { CreateNetwork } from '../../../docker/network/networks'
import { type Json, LAB_EPOCH, parseRfc3339 } from '../../../engine'
import { bool, int, repeated, text, texts } from '../../cli/flags'
import type { Command } from '../command'
import { labelsText, printRows, shortId } from '../print/format'
import { filtersOf, isRefusal, refusalText } from '../run'
import { pairsOf } from './create-body'
import { formatFlag, inspectAll } from './look'
import { pruneNetworks } from './prune'

interface Row {
  readonly Id: string
  readonly Name: string
  readonly Driver: string
  readonly Scope: string
  readonly Created: string
  readonly Internal: boolean
  readonly Labels: Readonly<Record<string, string>>
}

const ls: Command = {
  name: 'ls',
  aliases: ['list'],
  about: 'List networks',
  usage: '[OPTIONS]',
  also: 'docker network ls, docker network list',
  most: 0,
  flags: [
    repeated('filter', 'Only those that fit', { short: 'f', shows: 'filter' }),
    text('format', "Output by a Go template, 'table TEMPLATE', or 'json'"),
    bool('no-trunc', 'Nothing is cut short'),
    bool('quiet', 'Only ids', { short: 'q' }),
  ],
  run(run) {
    const found: readonly Row[] = run.ask({ method: 'GET', path: '/networks', query: { filters: filtersOf(run) } })
    const rows = [...found].sort((a, b) => (a.Name < b.Name ? -1 : a.Name > b.Name ? 1 : 0))
    const long = run.on('no-trunc')
    if (run.on('quiet')) {
      for (const { Id } of rows) run.print(`${long ? Id : shortId(Id)}\n`)
      return 0
    }
    printRows(run, rows, [
      { field: 'ID', heading: 'NETWORK ID', cell: ({ Id }) => (long ? Id : shortId(Id)) },
      { field: 'Name', heading: 'NAME', cell: ({ Name }) => Name },
      { field: 'Driver', heading: 'DRIVER', cell: ({ Driver }) => Driver },
      { field: 'Scope', heading: 'SCOPE', cell: ({ Scope }) => Scope },
      { field: 'Internal', heading: 'INTERNAL', hidden: true, cell: ({ Internal }) => String(Internal) },
      { field: 'IPv6', heading: 'IPV6', hidden: true, cell: () => 'false' },
      { field: 'Labels', heading: 'LABELS', hidden: true, cell: ({ Labels }) => labelsText(Labels) },
      {
        field: 'CreatedAt',
        heading: 'CREATED AT',
        hidden: true,
        cell: ({ Created }) => goTime((parseRfc3339(Created) ?? LAB_EPOCH) - LAB_EPOCH),
      },
    ])
    return 0
  },
}

const create: Command = {
  name: 'create',
  about: 'Create a network',
  usage: '[OPTIONS] NETWORK',
  least: 1,
  most: 1,
  flags: [
    bool('attachable', 'Containers may be attached by hand'),
    repeated('aux-address', 'Addresses that are not given away', { shows: 'map', unmodelled: true }),
    text('config-from', 'Network whose configuration is copied', { unmodelled: true }),
    bool('config-only', 'A configuration only', { unmodelled: true }),
    text('driver', 'Driver', { short: 'd', initial: 'bridge' }),
    texts('gateway', 'Gateway'),
    bool('ingress', 'The routing mesh of a swarm', { unmodelled: true }),
    bool('internal', 'No way outside'),
    texts('ip-range', 'Addresses are given from here only'),
    text('ipam-driver', 'Who gives addresses', { initial: 'default', unmodelled: true }),
    repeated('ipam-opt', 'Options of that', { shows: 'map', unmodelled: true }),
    bool('ipv4', 'IPv4 addresses', { initial: 'true', unmodelled: true }),
    bool('ipv6', 'IPv6 addresses', { unmodelled: true }),
    repeated('label', 'Labels', { shows: 'list' }),
    repeated('opt', 'Options of the driver', { short: 'o', shows: 'map' }),
    text('scope', 'How far it reaches', { unmodelled: true }),
    texts('subnet', 'Its subnet: 10.1.0.0/16'),
  ],
  run(run) {
    const [name = ''] = run.args
    const first = (flag: string, field: string) => (run.given(flag) ? { [field]: run.values(flag)[0]! } : {})
    const body: CreateNetwork = {
      Name: name,
      Driver: run.value('driver')!,
      Internal: run.on('internal'),
      Attachable: run.on('attachable'),
      Labels: pairsOf(run.values('label')),
      Options: pairsOf(run.values('opt')),
      IPAM: {
        Config: [{ ...first('subnet', 'Subnet'), ...first('ip-range', 'IPRange'), ...first('gateway', 'Gateway') }],
      },
    }
    run.print(`${run.ask({ method: 'POST', path: '/networks/create', body: body as unknown as Json }).Id}\n`)
    return 0
  },
}

const rm: Command = {
  name: 'rm',
  aliases: ['remove'],
  about: 'Remove one or more networks',
  usage: 'NETWORK [NETWORK...]',
  also: 'docker network rm, docker network remove',
  least: 1,
  completes: 'networks',
  flags: [bool('force', 'No error where there is none', { short: 'f' })],
  run(run) {
    let exit = 0
    for (const name of run.args) {
      const reply = run.try({ method: 'DELETE', path: `/networks/${name}` })
      if (!isRefusal(reply)) run.print(`${name}\n`)
      else if (!(run.on('force') && reply.status === 404)) {
        run.error(`${refusalText(reply)}\n`)
        exit = 1
      }
    }
    return exit === 0 ? 0 : 1
  },
}

const inspect: Command = {
  name: 'inspect',
  about: 'Display detailed information on one or more networks',
  usage: '[OPTIONS] NETWORK [NETWORK...]',
  least: 1,
  completes: 'networks',
  flags: [formatFlag, bool('verbose', 'More, for diagnostics', { short: 'v', unmodelled: true })],
  run: (run) =>
    inspectAll(
      run,
      (name) => {
        const reply = run.try({ method: 'GET', path: `/networks/${name}` })
        return isRefusal(reply) ? undefined : reply.body
      },
      (name) => `Error response from daemon: network ${name} not found`,
    ),
}

const connect: Command = {
  name: 'connect',
  about: 'Connect a container to a network',
  usage: '[OPTIONS] NETWORK CONTAINER',
  least: 2,
  most: 2,
  completes: 'networks',
  flags: [
    texts('alias', 'Another name in the network'),
    texts('driver-opt', 'Options of the driver', { unmodelled: true }),
    int('gw-priority', 'Whose gateway is used', { unmodelled: true }),
    text('ip', 'IPv4 address'),
    text('ip6', 'IPv6 address', { unmodelled: true }),
    repeated('link', 'Link to another container', { unmodelled: true }),
    texts('link-local-ip', 'Link-local address', { unmodelled: true }),
  ],
  run(run) {
    const [network = '', container = ''] = run.args
    const body: ConnectBody = {
      Container: container,
      EndpointConfig: {
        Aliases: run.values('alias'),
        ...(run.given('ip') && { IPAMConfig: { IPv4Address: run.value('ip')! } }),
      },
    }
    run.ask({ method: 'POST', path: `/networks/${network}/connect`, body: body as unknown as Json })
    return 0
  },
}

const disconnect: Command = {
  name: 'disconnect',
  about: 'Disconnect a container from a network',
  usage: '[OPTIONS] NETWORK CONTAINER',
  least: 2,
  most: 2,
  completes: 'networks',
  flags: [bool('force', 'Although the container does not answer', { short: 'f' })],
  run(run) {
    const [network = '', container = ''] = run.args
    run.ask({ method: 'POST', path: `/networks/${network}/disconnect`, body: { Container: container } })
    return 0
  },
}

export const network: Command = {
  name: 'network',
  about: 'Manage networks',
  children: [connect, create, disconnect, inspect, ls, pruneNetworks, rm],
}

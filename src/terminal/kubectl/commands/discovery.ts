import { apiVersionOf } from '../../../kubernetes/kinds/resource'
import { allResources, isModelled } from '../../../kubernetes/kinds/resources'
import { KUBERNETES_VERSION } from '../../../kubernetes/genesis'
import { Machine } from '../../../platform/machine/machine'
import { type Command, done, fail } from '../command'
import { bool, text } from '../flags'
import { outputFlag } from '../output'
import { printJson } from '../print/json'
import { alignRows } from '../print/table'
import { printYaml } from '../print/yaml'

const ALL_VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']

export const apiResources: Command = {
  name: 'api-resources',
  group: 'Other Commands',
  about: 'Print the supported API resources on the server',
  help: 'Lists the kinds that the server serves. Those that Drydock does not model yet are told as a notice when they are used.',
  flags: [
    text('api-group', 'Only of this group.'),
    bool('namespaced', 'Only those with namespaces, or without.', { initial: 'true' }),
    bool('no-headers', 'Without the headings.'),
    text('sort-by', 'name or kind.'),
    bool('cached', 'Use what was asked before.', { unmodelled: true }),
    text('verbs', 'Only those with these verbs.'),
    outputFlag,
  ],
  run(run) {
    const group = run.value('api-group')
    const verbs = (run.value('verbs') ?? '').split(',').filter(Boolean)
    let found = allResources().filter((one) => (!run.given('api-group') || one.group === group) && (!run.given('namespaced') || one.namespaced === run.on('namespaced')))
    if (verbs.length > 0) found = found.filter((one) => verbs.every((verb) => (isModelled(one) ? (one.verbs as readonly string[]) : ALL_VERBS).includes(verb)))
    const by = run.value('sort-by')
    if (by === 'name' || by === 'kind') found = found.slice().sort((a, b) => ((by === 'name' ? a.plural < b.plural : a.kind < b.kind) ? -1 : 1))
    const output = run.value('output') ?? ''
    if (output === 'name') {
      for (const one of found) run.print(`${one.plural}${one.group === '' ? '' : `.${one.group}`}\n`)
      return done
    }
    const wide = output === 'wide'
    const rows = found.map((one) => [one.plural, one.shortNames.join(','), apiVersionOf(one), String(one.namespaced), one.kind, ...(wide ? [(isModelled(one) ? [...one.verbs] : ALL_VERBS).join(','), isModelled(one) ? one.categories.join(',') : ''] : [])])
    run.print(alignRows([...(run.on('no-headers') ? [] : [['NAME', 'SHORTNAMES', 'APIVERSION', 'NAMESPACED', 'KIND', ...(wide ? ['VERBS', 'CATEGORIES'] : [])]]), ...rows]))
    return done
  },
}

export const apiVersions: Command = {
  name: 'api-versions',
  group: 'Other Commands',
  about: 'Print the supported API versions on the server, in the form of "group/version"',
  run(run) {
    const versions = [...new Set(allResources().map(apiVersionOf))].sort((a, b) => (a < b ? -1 : 1))
    for (const version of versions) run.print(`${version}\n`)
    return done
  },
}

const KUSTOMIZE_VERSION = 'v5.7.1'
const info = { major: '1', minor: '34', gitVersion: KUBERNETES_VERSION, gitTreeState: 'clean', goVersion: 'go1.24.9', compiler: 'gc', platform: 'linux/amd64' }

export const version: Command = {
  name: 'version',
  group: 'Other Commands',
  about: 'Print the client and server version information',
  flags: [bool('client', 'Only the client, without asking the server.'), outputFlag],
  run(run) {
    const output = run.value('output') ?? ''
    if (output !== '' && output !== 'json' && output !== 'yaml') fail("error: --output must be 'yaml' or 'json'")
    const reach = run.on('client') ? undefined : run.client.ask({ verb: 'list', resource: { group: '', version: 'v1', resource: 'namespaces' }, limit: 1 })
    const told = { clientVersion: info, kustomizeVersion: KUSTOMIZE_VERSION, ...(reach ? { serverVersion: info } : {}) }
    if (output === 'json') run.print(printJson(told))
    else if (output === 'yaml') run.print(printYaml(told))
    else run.print(`Client Version: ${KUBERNETES_VERSION}\nKustomize Version: ${KUSTOMIZE_VERSION}\n${reach ? `Server Version: ${KUBERNETES_VERSION}\n` : ''}`)
    return done
  },
}

export const clusterInfo: Command = {
  name: 'cluster-info',
  group: 'Cluster Management Commands',
  about: 'Display cluster information',
  run(run) {
    run.client.ask({ verb: 'list', resource: { group: '', version: 'v1', resource: 'namespaces' }, limit: 1 })
    const machine = run.call.world.list(Machine, { role: 'control-plane' })[0]?.value.name ?? 'control-plane'
    const url = `https://${machine}:6443`
    run.print(`Kubernetes control plane is running at ${url}\nCoreDNS is running at ${url}/api/v1/namespaces/kube-system/services/kube-dns:dns/proxy\n\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n`)
    return done
  },
}

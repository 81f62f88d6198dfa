import { allResources, apiVersionOf, isModelled, KUBERNETES_VERSION } from '../../../kubernetes'
import { fail } from '../../cli/failure'
import { bool, text, texts } from '../../cli/flags'
import { printJson } from '../../cli/json'
import { alignRows } from '../../cli/table'
import { type Command, done } from '../command'
import { globalFlags, printFlags } from '../help'
import { printYaml } from '../print/yaml'
import { pluralOf } from '../resource-args'

const KUSTOMIZE = 'v5.7.1'

export const apiResources: Command = {
  name: 'api-resources',
  group: 'Other Commands',
  about: 'Print the supported API resources on the server',
  help: 'Lists the kinds that the API serves. Kinds that Drydock does not model yet are listed too; a notice tells which.',
  flags: [
    text('api-group', 'Only this group.'),
    bool('namespaced', 'Only kinds with (or with =false without) a namespace.', { initial: 'true' }),
    bool('no-headers', 'No headings.'),
    text('output', 'wide or name.', { short: 'o' }),
    text('sort-by', 'name or kind.'),
    texts('verbs', 'Only kinds with these verbs.'),
    texts('categories', 'Only kinds of these categories.'),
    bool('cached', 'From the cache.', { unmodelled: true }),
  ],
  run(run) {
    run.client.try({ verb: 'list', resource: { group: '', version: 'v1', resource: 'namespaces' }, limit: 1 })
    const verbs = run.values('verbs')
    const categories = run.values('categories')
    let found = allResources().filter((one) => {
      if (run.given('api-group') && one.group !== run.value('api-group')) return false
      if (run.given('namespaced') && one.namespaced !== run.on('namespaced')) return false
      if (
        categories.length > 0 &&
        !(isModelled(one) && categories.every((category) => one.categories.includes(category)))
      )
        return false
      return (
        verbs.length === 0 || !isModelled(one) || verbs.every((verb) => (one.verbs as readonly string[]).includes(verb))
      )
    })
    if (run.value('sort-by') === 'name') found = [...found].sort((a, b) => (a.plural < b.plural ? -1 : 1))
    if (run.value('sort-by') === 'kind') found = [...found].sort((a, b) => (a.kind < b.kind ? -1 : 1))
    if (run.value('output') === 'name') {
      for (const one of found) run.print(`${pluralOf(one)}\n`)
      return done
    }
    const wide = run.value('output') === 'wide'
    const rows = found.map((one) => [
      one.plural,
      one.shortNames.join(','),
      apiVersionOf(one),
      String(one.namespaced),
      one.kind,
      ...(wide ? [isModelled(one) ? one.verbs.join(',') : '', isModelled(one) ? one.categories.join(',') : ''] : []),
    ])
    const head = ['NAME', 'SHORTNAMES', 'APIVERSION', 'NAMESPACED', 'KIND', ...(wide ? ['VERBS', 'CATEGORIES'] : [])]
    run.print(alignRows([...(run.on('no-headers') ? [] : [head]), ...rows]))
    const absent = found.filter((one) => !isModelled(one))
    if (absent.length > 0) run.call.notice(`not modelled yet: ${absent.map(pluralOf).join(', ')}`)
    return done
  },
}

export const apiVersions: Command = {
  name: 'api-versions',
  group: 'Other Commands',
  about: 'Print the supported API versions on the server, in the form of "group/version"',
  run(run) {
    const versions = [...new Set([...allResources().map(apiVersionOf), 'autoscaling/v1'])]
    for (const version of versions.sort((a, b) => (a < b ? -1 : 1))) run.print(`${version}\n`)
    return done
  },
}

export const version: Command = {
  name: 'version',
  group: 'Other Commands',
  about: 'Print the client and server version information',
  flags: [bool('client', 'Only the client’s.'), text('output', 'yaml or json.', { short: 'o' })],
  run(run) {
    const info = {
      major: '1',
      minor: '34',
      gitVersion: KUBERNETES_VERSION,
      gitTreeState: 'clean',
      platform: 'linux/amd64',
    }
    // the server is asked: without it kubectl tells its own version and fails
    const reach = () =>
      run.client.try({ verb: 'list', resource: { group: '', version: 'v1', resource: 'namespaces' }, limit: 1 })
    const output = run.value('output')
    if (output === 'yaml' || output === 'json') {
      if (!run.on('client')) reach()
      const all = {
        clientVersion: info,
        kustomizeVersion: KUSTOMIZE,
        ...(!run.on('client') && { serverVersion: info }),
      }
      run.print(output === 'yaml' ? printYaml(all) : printJson(all))
      return done
    }
    if (output) fail(`error: --output must be 'yaml' or 'json'`)
    run.print(`Client Version: ${KUBERNETES_VERSION}\nKustomize Version: ${KUSTOMIZE}\n`)
    if (run.on('client')) return done
    reach()
    run.print(`Server Version: ${KUBERNETES_VERSION}\n`)
    return done
  },
}

export const clusterInfo: Command = {
  name: 'cluster-info',
  group: 'Cluster Management Commands',
  about: 'Display cluster information',
  run(run) {
    const services = run.client.ask({
      verb: 'list',
      resource: { group: '', version: 'v1', resource: 'services' },
      namespace: 'kube-system',
      labelSelector: 'kubernetes.io/cluster-service=true',
    })
    const server = 'https://control-plane:6443'
    run.print(`Kubernetes control plane is running at ${server}\n`)
    for (const { metadata, spec } of services.items) {
      const port = spec.ports?.[0]?.name ? `:${spec.ports[0].name}` : ''
      run.print(
        `${metadata.labels['kubernetes.io/name']} is running at ${server}/api/v1/namespaces/kube-system/services/${metadata.name}${port}/proxy\n`,
      )
    }
    run.print(`\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n`)
    return done
  },
}

export const options: Command = {
  name: 'options',
  group: 'Other Commands',
  about: 'Print the list of flags inherited by all commands',
  run(run) {
    run.print(`The following options can be passed to any command:\n\n${printFlags(globalFlags).join('\n')}\n`)
    return done
  },
}

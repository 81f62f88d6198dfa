import { fail } from '../../cli/failure'
import { bool, text } from '../../cli/flags'
import { printJson } from '../../cli/json'
import { alignRows } from '../../cli/table'
import { type Command, done, type Run } from '../command'
import { CONTEXT, type Config, configObject, configPath, readConfig, withContext } from '../config'
import { evaluateTemplate } from '../print/jsonpath'
import { printYaml } from '../print/yaml'

const read = (run: Run) => readConfig(run.call.files, run.call.env)

function write(run: Run, config: Config): void {
  const path = configPath(run.call.env)
  const folder = path.slice(0, path.lastIndexOf('/'))
  if (folder !== '' && !run.call.files.stat(folder)) run.call.files.makeFolder(folder)
  const failed = run.call.files.write(path, printYaml(configObject(config)))
  if (failed) fail(`error: open ${path}: ${failed.error.toLowerCase()}`)
}

const view: Command = {
  name: 'view',
  about: 'Display merged kubeconfig settings or a specified kubeconfig file',
  flags: [
    bool('minify', 'Only the current context.'),
    bool('raw', 'With secrets.', { unmodelled: true }),
    bool('flatten', 'In one file.', { unmodelled: true }),
    text('output', 'yaml, json or jsonpath=….', { short: 'o', initial: 'yaml' }),
  ],
  run(run) {
    const config = read(run)
    const shown = configObject(
      run.on('minify')
        ? { ...config, contexts: config.contexts.filter(({ name }) => name === config.current) }
        : config,
    )
    const format = run.value('output')!
    if (format.startsWith('jsonpath=')) {
      const printed = evaluateTemplate(format.slice('jsonpath='.length), shown)
      run.print('error' in printed ? fail(`error: ${printed.error}`) : printed.text)
    } else run.print(format === 'json' ? printJson(shown) : printYaml(shown))
    return done
  },
}

const currentContext: Command = {
  name: 'current-context',
  about: 'Display the current-context',
  run(run) {
    run.print(`${read(run).current || fail('error: current-context is not set')}\n`)
    return done
  },
}

const getContexts: Command = {
  name: 'get-contexts',
  about: 'Describe one or many contexts',
  usage: '[(-o|--output=)name)]',
  flags: [bool('no-headers', 'No headings.'), text('output', 'name.', { short: 'o' })],
  run(run) {
    const { current, contexts } = read(run)
    if (run.value('output') === 'name') for (const { name } of contexts) run.print(`${name}\n`)
    else {
      const head = ['CURRENT', 'NAME', 'CLUSTER', 'AUTHINFO', 'NAMESPACE']
      const rows = contexts.map((one) => [
        one.name === current ? '*' : '',
        one.name,
        one.cluster,
        one.user,
        one.namespace ?? '',
      ])
      run.print(alignRows([...(run.on('no-headers') ? [] : [head]), ...rows]))
    }
    return done
  },
}

const setContext: Command = {
  name: 'set-context',
  about: 'Set a context entry in kubeconfig',
  help: 'Sets the namespace that commands work in when none is given.',
  usage: '[NAME | --current] [--cluster=cluster_nickname] [--user=user_nickname] [--namespace=namespace]',
  examples: ['kubectl config set-context --current --namespace=team-a'],
  flags: [bool('current', 'The context in use.')],
  run(run) {
    const config = read(run)
    const name = run.on('current')
      ? config.current
      : (run.args[0] ?? fail('error: you must specify a non-empty context name or --current'))
    const known = config.contexts.some((one) => one.name === name)
    const change = {
      ...(run.namespaceGiven && { namespace: run.namespace }),
      ...(run.value('cluster') !== undefined && { cluster: run.value('cluster')! }),
      ...(run.value('user') !== undefined && { user: run.value('user')! }),
    }
    write(run, withContext(config, name, change))
    run.print(`Context ${JSON.stringify(name)} ${known ? 'modified' : 'created'}.\n`)
    return done
  },
}

const useContext: Command = {
  name: 'use-context',
  aliases: ['use'],
  about: 'Set the current-context in a kubeconfig file',
  usage: 'CONTEXT_NAME',
  run(run) {
    const [name = ''] = run.args
    const config = read(run)
    if (!config.contexts.some((one) => one.name === name))
      fail(`error: no context exists with the name: ${JSON.stringify(name)}`)
    write(run, { ...config, current: name })
    run.print(`Switched to context ${JSON.stringify(name)}.\n`)
    return done
  },
}

const deleteContext: Command = {
  name: 'delete-context',
  about: 'Delete the specified context from the kubeconfig',
  usage: 'NAME',
  run(run) {
    const [name = ''] = run.args
    const config = read(run)
    if (!config.contexts.some((one) => one.name === name)) {
      fail(`error: cannot delete context ${name}, not in ${configPath(run.call.env)}`)
    }
    if (name === config.current)
      run.error(
        'warning: this removed your active context, use "kubectl config use-context" to select a different one\n',
      )
    write(run, { ...config, contexts: config.contexts.filter((one) => one.name !== name) })
    run.print(`deleted context ${name} from ${configPath(run.call.env)}\n`)
    return done
  },
}

const getClusters: Command = {
  name: 'get-clusters',
  about: 'Display clusters defined in the kubeconfig',
  run(run) {
    run.print(
      `NAME\n${[...new Set(read(run).contexts.map(({ cluster }) => cluster))].map((name) => `${name}\n`).join('')}`,
    )
    return done
  },
}

const getUsers: Command = {
  name: 'get-users',
  about: 'Display users defined in the kubeconfig',
  run(run) {
    run.print(`NAME\n${[...new Set(read(run).contexts.map(({ user }) => user))].map((name) => `${name}\n`).join('')}`)
    return done
  },
}

const renameContext: Command = {
  name: 'rename-context',
  about: 'Rename a context from the kubeconfig file',
  usage: 'CONTEXT_NAME NEW_NAME',
  run(run) {
    const [from, to, ...more] = run.args
    if (from === undefined || to === undefined || more.length > 0)
      return fail(
        "error: Unexpected args: requires CONTEXT_NAME and NEW_NAME\nSee 'kubectl config rename-context -h' for help and examples",
      )
    const config = read(run)
    const own = config.contexts.find((one) => one.name === from)
    if (!own)
      return fail(`error: cannot rename the context ${JSON.stringify(from)}, it's not in ${configPath(run.call.env)}`)
    if (config.contexts.some((one) => one.name === to))
      fail(
        `error: cannot rename the context ${JSON.stringify(from)}, the context ${JSON.stringify(to)} already exists in ${configPath(run.call.env)}`,
      )
    const others = { ...config, contexts: config.contexts.filter((one) => one !== own) }
    write(run, {
      ...withContext(others, to, { ...own, name: to }),
      current: config.current === from ? to : config.current,
    })
    run.print(`Context ${JSON.stringify(from)} renamed to ${JSON.stringify(to)}.\n`)
    return done
  },
}

const unset: Command = {
  name: 'unset',
  about: 'Unset an individual value in a kubeconfig file',
  usage: 'PROPERTY_NAME',
  run(run) {
    const [property = ''] = run.args
    const config = read(run)
    const context = /^contexts\.(.+?)(\.namespace)?$/.exec(property)
    if (property === 'current-context') write(run, { ...config, current: '' })
    else if (context && config.contexts.some(({ name }) => name === context[1])) {
      if (context[2]) write(run, withContext(config, context[1]!, { namespace: undefined }))
      else write(run, { ...config, contexts: config.contexts.filter(({ name }) => name !== context[1]) })
    } else
      fail(`error: ${property} is not modelled here: contexts.NAME, contexts.NAME.namespace and current-context are`)
    run.print(`Property ${JSON.stringify(property)} unset.\n`)
    return done
  },
}

/** There is one cluster and one user; what would add or change others says so. */
const fixed = (name: string, about: string): Command => ({
  name,
  about,
  flags: [
    'certificate-authority',
    'client-certificate',
    'client-key',
    'username',
    'password',
    'proxy-url',
    'tls-server-name',
    'exec-command',
  ].map((flag) => text(flag, 'See the real command.')),
  run(run) {
    run.call.notice(`kubectl config ${name} is not modelled: there is one cluster with one user`)
    return fail(`error: kubectl config ${name} is not modelled here: there is one cluster with one user`)
  },
})

export const config: Command = {
  name: 'config',
  group: 'Settings Commands',
  about: 'Modify kubeconfig files',
  help: `There is one cluster here, with the context ${CONTEXT}; contexts differ only in their namespace.`,
  children: [
    currentContext,
    fixed('delete-cluster', 'Delete the specified cluster from the kubeconfig'),
    deleteContext,
    fixed('delete-user', 'Delete the specified user from the kubeconfig'),
    getClusters,
    getContexts,
    getUsers,
    renameContext,
    fixed('set', 'Set an individual value in a kubeconfig file'),
    fixed('set-cluster', 'Set a cluster entry in kubeconfig'),
    setContext,
    fixed('set-credentials', 'Set a user entry in kubeconfig'),
    unset,
    useContext,
    view,
  ],
}

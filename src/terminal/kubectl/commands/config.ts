import { type Command, done, type Run } from '../command'
import { CONTEXT, configObject, configPath, readConfig } from '../config'
import { fail } from '../failure'
import { bool, text } from '../flags'
import { printJson } from '../print/json'
import { alignRows } from '../print/table'
import { printYaml } from '../print/yaml'

const read = (run: Run) => readConfig(run.call.files, run.call.env)

const view: Command = {
  name: 'view',
  about: 'Display merged kubeconfig settings or a specified kubeconfig file',
  flags: [
    bool('minify', 'Only the current context.'),
    bool('raw', 'With secrets.', { unmodelled: true }),
    bool('flatten', 'In one file.', { unmodelled: true }),
    text('output', 'yaml, json or jsonpath.', { short: 'o', initial: 'yaml' }),
  ],
  run(run) {
    const config = configObject(read(run))
    const format = run.value('output')!
    if (format.startsWith('jsonpath=')) run.print(read(run).namespace ?? '')
    else run.print(format === 'json' ? printJson(config) : printYaml(config))
    return done
  },
}

const currentContext: Command = {
  name: 'current-context',
  about: 'Display the current-context',
  run(run) {
    run.print(`${read(run).context}\n`)
    return done
  },
}

const getContexts: Command = {
  name: 'get-contexts',
  about: 'Describe one or many contexts',
  flags: [bool('no-headers', 'No headings.'), text('output', 'name.', { short: 'o' })],
  run(run) {
    const { context, namespace } = read(run)
    if (run.value('output') === 'name') run.print(`${context}\n`)
    else
      run.print(
        alignRows([
          ...(run.on('no-headers') ? [] : [['CURRENT', 'NAME', 'CLUSTER', 'AUTHINFO', 'NAMESPACE']]),
          ['*', context, 'kubernetes', 'kubernetes-admin', namespace ?? ''],
        ]),
      )
    return done
  },
}

const setContext: Command = {
  name: 'set-context',
  about: 'Set a context entry in kubeconfig',
  help: 'Sets the namespace that commands work in when none is given.',
  usage: '[NAME | --current] [--namespace=namespace]',
  flags: [bool('current', 'The context in use.')],
  run(run) {
    const { context } = read(run)
    const name = run.on('current')
      ? context
      : (run.args[0] ?? fail(`error: you must specify a non-empty context name or --current`))
    if (name !== context) fail(`error: there is one context here: ${context}`)
    if (run.namespaceGiven) write(run, run.namespace)
    run.print(`Context ${JSON.stringify(name)} modified.\n`)
    return done
  },
}

function write(run: Run, namespace: string): void {
  const path = configPath(run.call.env)
  const folder = path.slice(0, path.lastIndexOf('/'))
  if (folder !== '' && !run.call.files.stat(folder)) run.call.files.makeFolder(folder)
  const failed = run.call.files.write(path, printYaml(configObject({ context: read(run).context, namespace })))
  if (failed) fail(`error: open ${path}: ${failed.error.toLowerCase()}`)
}

const useContext: Command = {
  name: 'use-context',
  aliases: ['use'],
  about: 'Set the current-context in a kubeconfig file',
  usage: 'CONTEXT_NAME',
  completes: 'files',
  run(run) {
    const [name = ''] = run.args
    if (name !== read(run).context) fail(`error: no context exists with the name: ${JSON.stringify(name)}`)
    run.print(`Switched to context ${JSON.stringify(name)}.\n`)
    return done
  },
}

export const config: Command = {
  name: 'config',
  group: 'Settings Commands',
  about: 'Modify kubeconfig files',
  help: `There is one cluster and one context here, ${CONTEXT}; its namespace can be set.`,
  children: [currentContext, getContexts, setContext, useContext, view],
}

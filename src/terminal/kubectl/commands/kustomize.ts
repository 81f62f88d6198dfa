import { fail } from '../../cli/failure'
import { bool, repeated, text } from '../../cli/flags'
import { sortedKeys } from '../../cli/json'
import { type Command, done } from '../command'
import { buildKustomization } from '../kustomize/build'
import { printYaml } from '../print/yaml'

export const kustomize: Command = {
  name: 'kustomize',
  group: 'Advanced Commands',
  about: 'Build a kustomization target from a directory or URL',
  help: 'Prints the objects that a folder with a kustomization.yaml stands for. `kubectl apply -k` applies them.',
  usage: 'DIR',
  examples: ['kubectl kustomize overlays/production'],
  completes: 'files',
  flags: [
    text('output', 'A file for what is printed.', { short: 'o' }),
    bool('enable-helm', 'Charts too.', { unmodelled: true }),
    bool('enable-alpha-plugins', 'Plug-ins too.', { unmodelled: true }),
    bool('as-current-user', 'Functions run as this user.', { unmodelled: true }),
    repeated('env', 'Variables for functions.', { short: 'e', unmodelled: true }),
    text('helm-command', 'Which helm.', { initial: 'helm', unmodelled: true }),
    text('helm-api-versions', 'For charts.', { unmodelled: true }),
    text('helm-kube-version', 'For charts.', { unmodelled: true }),
    text('load-restrictor', 'Which files may be read.', { initial: 'LoadRestrictionsRootOnly', unmodelled: true }),
    repeated('mount', 'Folders for functions.', { unmodelled: true }),
    bool('network', 'Functions may use the network.', { unmodelled: true }),
    text('network-name', 'Which network.', { initial: 'bridge', unmodelled: true }),
  ],
  run(run) {
    if (run.args.length > 1) fail('error: specify one path to kustomization.yaml')
    const objects = buildKustomization(run, run.args[0] ?? '.')
    const printed = objects.map((object) => printYaml(sortedKeys(object))).join('---\n')
    const file = run.value('output')
    if (file === undefined) run.print(printed)
    else {
      const failed = run.call.files.write(file, printed)
      if (failed) fail(`error: open ${file}: ${failed.error.toLowerCase()}`)
    }
    return done
  },
}

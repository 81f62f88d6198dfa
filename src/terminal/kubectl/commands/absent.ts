import { fail } from '../../cli/failure'
import { bool, text } from '../../cli/flags'
import { alignRows } from '../../cli/table'
import { type Command, done, type Run } from '../command'
import { resourceCalled } from '../resource-args'

/** Commands that the real kubectl has and this one does not: each says so, and what to do in its place. */
const ABSENT: readonly (readonly [name: string, about: string, instead: string])[] = [
  ['debug', 'Create debugging sessions for troubleshooting workloads and nodes', 'use `kubectl run` with a tool image'],
  ['proxy', 'Run a proxy to the Kubernetes API server', 'use kubectl itself'],
  ['certificate', 'Modify certificate resources', 'certificates are not modelled'],
  ['plugin', 'Provides utilities for interacting with plugins', 'there are no plug-ins here'],
  ['completion', 'Output shell completion code for the specified shell', 'the Tab key completes already'],
]

const anyFlags = [
  ...[
    'filename',
    'container',
    'address',
    'min',
    'max',
    'cpu-percent',
    'cpu',
    'memory',
    'image',
    'target',
    'output',
    'editor',
    'port',
    'accept-hosts',
    'www',
    'copy-to',
    'profile',
  ].map((name) => text(name, 'See the real command.')),
  ...['stdin', 'tty', 'all', 'save-config', 'windows-line-endings'].map((name) => bool(name, 'See the real command.')),
]

export const absent: readonly Command[] = ABSENT.map(([name, about, instead]) => ({
  name,
  about,
  group: 'Other Commands',
  help: `${about}. Not modelled here: ${instead}.`,
  flags: anyFlags,
  run(run) {
    run.call.notice(`kubectl ${name} is not modelled: ${instead}`)
    return fail(`error: kubectl ${name} is not modelled here: ${instead}`)
  },
}))

/** A kind that is not served, or of the whole cluster, is told; the answer comes all the same. */
function warnOfResource(run: Run, word: string): void {
  if (word.startsWith('/')) return
  const type = word.split('/')[0]!
  const resource = resourceCalled(type)
  if (!resource) run.error(`Warning: the server doesn't have a resource type '${type}'\n`)
  else if (!resource.namespaced && !run.on('all-namespaces')) {
    const group = resource.group === '' ? '' : ` in group '${resource.group}'`
    run.error(`Warning: resource '${resource.plural}' is not namespace scoped${group}\n\n`)
  }
}

/** The one user here may do everything. */
export const auth: Command = {
  name: 'auth',
  group: 'Settings Commands',
  about: 'Inspect authorization',
  children: [
    {
      name: 'can-i',
      about: 'Check whether an action is allowed',
      usage: 'VERB [TYPE | TYPE/NAME | NONRESOURCEURL]',
      flags: [
        bool('all-namespaces', 'In every namespace.', { short: 'A' }),
        bool('list', 'All that is allowed.'),
        bool('quiet', 'Only the exit status.', { short: 'q' }),
        text('subresource', 'A part of the object.'),
      ],
      run(run) {
        const usage = "\nSee 'kubectl auth can-i -h' for help and examples"
        if (run.on('list') && run.args.length > 0)
          fail(`error: list option must be specified with no arguments${usage}`)
        if (!run.on('list') && (run.args.length < 2 || run.args.length > 3))
          fail(`error: you must specify two arguments: verb resource or verb resource/resourceName.${usage}`)
        run.call.notice('authorization is not modelled: everything is allowed')
        if (run.on('list')) {
          const rows = [
            ['*.*', '[]', '[]', '[*]'],
            ['', '[*]', '[]', '[*]'],
          ]
          run.print(alignRows([['Resources', 'Non-Resource URLs', 'Resource Names', 'Verbs'], ...rows]))
          return done
        }
        warnOfResource(run, run.args[1]!)
        if (!run.on('quiet')) run.print('yes\n')
        return done
      },
    },
    {
      name: 'whoami',
      about: 'Experimental: Check self subject attributes',
      run(run) {
        run.print(
          'ATTRIBUTE   VALUE\nUsername    kubernetes-admin\nGroups      [kubeadm:cluster-admins system:authenticated]\n',
        )
        return done
      },
    },
  ],
}

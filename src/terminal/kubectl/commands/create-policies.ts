import { parseQuantity, printQuantity } from '../../../kubernetes'
import { fail } from '../../cli/failure'
import { bool, int, text } from '../../cli/flags'
import { type Command, done } from '../command'
import { createObject, creating, oneName } from '../create-object'
import { mustResource } from '../resource-args'

/** `cpu=1,memory=1Gi` → amounts, in the API's own spelling. */
function amounts(given: string): Record<string, string> {
  const list: Record<string, string> = {}
  for (const part of given.split(',')) {
    const [name, amount, ...more] = part.split('=')
    if (amount === undefined || more.length > 0)
      fail(`error: Invalid argument syntax ${part}, expected <resource>=<value>`)
    const quantity = parseQuantity(amount!)
    if (!quantity)
      fail("error: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")
    list[name!] = printQuantity(quantity!)
  }
  return list
}

export const createQuota: Command = {
  name: 'quota',
  aliases: ['resourcequota'],
  about: 'Create a quota with the specified name',
  usage: 'NAME [--hard=key1=value1,key2=value2] [--scopes=Scope1,Scope2]',
  examples: [
    'kubectl create quota my-quota --hard=cpu=1,memory=1G,pods=2,services=3',
    'kubectl create quota best-effort --hard=pods=100 --scopes=BestEffort',
  ],
  flags: [
    ...creating,
    text('hard', 'What is allowed: resource=amount, with commas between.'),
    text('scopes', 'Of which sorts of pods, with commas between.'),
  ],
  run(run) {
    const name = oneName(run)
    const hard = run.value('hard') ?? ''
    const scopes = (run.value('scopes') ?? '').split(',').filter((one) => one !== '')
    createObject(
      run,
      mustResource('resourcequotas'),
      {
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: { name },
        spec: {
          ...(hard !== '' && { hard: amounts(hard) }),
          ...(scopes.length > 0 && { scopes }),
        },
        status: {},
      },
      'quota',
    )
    return done
  },
}

export const createPriorityClass: Command = {
  name: 'priorityclass',
  aliases: ['pc'],
  about: 'Create a priority class with the specified name',
  usage: 'NAME --value=VALUE --global-default=BOOL',
  examples: [
    'kubectl create priorityclass high-priority --value=1000 --description="high priority"',
    'kubectl create priorityclass polite --value=1000 --preemption-policy=Never',
  ],
  flags: [
    ...creating,
    int('value', 'How important.', { initial: '0' }),
    bool('global-default', 'Pods without a class get this one.'),
    text('description', 'For whom the class is.'),
    text('preemption-policy', 'PreemptLowerPriority or Never.', { initial: 'PreemptLowerPriority' }),
  ],
  run(run) {
    const name = oneName(run)
    createObject(
      run,
      mustResource('priorityclasses'),
      {
        apiVersion: 'scheduling.k8s.io/v1',
        kind: 'PriorityClass',
        metadata: { name },
        value: run.int('value'),
        ...(run.on('global-default') && { globalDefault: true }),
        ...(run.value('description') && { description: run.value('description') }),
        preemptionPolicy: run.value('preemption-policy'),
      },
      'priorityclass',
    )
    return done
  },
}

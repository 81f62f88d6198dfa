import { intOrString } from '../../../kubernetes'
import { fail } from '../../cli/failure'
import { text } from '../../cli/flags'
import { type Command, done } from '../command'
import { createObject, creating, oneName } from '../create-object'
import { mustResource } from '../resource-args'
import { selectorFlag } from '../selector-flag'

export const createBudget: Command = {
  name: 'poddisruptionbudget',
  aliases: ['pdb'],
  about: 'Create a pod disruption budget with the specified name',
  usage: 'NAME --selector=SELECTOR --min-available=N [--dry-run=server|client|none]',
  examples: [
    'kubectl create poddisruptionbudget web --selector=app=web --min-available=1',
    'kubectl create pdb web --selector=app=web --max-unavailable=25%',
  ],
  flags: [
    ...creating,
    text('min-available', 'So many pods (or such a share) must stay.'),
    text('max-unavailable', 'So many pods (or such a share) may be missing.'),
    text('selector', 'Which pods, by their labels.'),
  ],
  run(run) {
    const name = oneName(run)
    const selector = run.value('selector') ?? ''
    const [least, most] = [run.value('min-available') ?? '', run.value('max-unavailable') ?? '']
    if (selector === '') fail('error: a selector must be specified')
    if (least === '' && most === '') fail('error: one of min-available or max-unavailable must be specified')
    if (least !== '' && most !== '') fail('error: min-available and max-unavailable cannot be both specified')
    createObject(
      run,
      mustResource('poddisruptionbudgets'),
      {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: { name },
        spec: {
          ...(least === '' ? { maxUnavailable: intOrString(most) } : { minAvailable: intOrString(least) }),
          selector: selectorFlag(selector),
        },
        status: { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 },
      },
      'poddisruptionbudgets',
    )
    return done
  },
}

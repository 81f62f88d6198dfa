import { bool, choice, int, list, long, needed, type ObjectField, object, text, unmodelled } from '../schema'
import { conditions, labelSelector } from './meta-fields'
import { podTemplate } from './pod-fields'

export const jobSpec: ObjectField = object('JobSpec', 'What is wanted.', {
  parallelism: int('At most so many pods run at the same time; 1 when left out.'),
  completions: int(
    'So many pods must end well. Left out, with parallelism: one is enough, and no new ones start then.',
  ),
  completionMode: choice(
    ['Indexed', 'NonIndexed'],
    'Indexed: each completion has a number of its own, from 0, which its pod knows.',
  ),
  backoffLimit: int('After more failed pods than this the Job has failed; 6 when left out.'),
  backoffLimitPerIndex: int('The same for each index by itself; only with Indexed.'),
  maxFailedIndexes: int('After more failed indexes than this the Job has failed.'),
  activeDeadlineSeconds: long('After this long the Job has failed, and its pods are ended.'),
  ttlSecondsAfterFinished: int('So long after its end the Job is deleted, with its pods.'),
  suspend: bool('While it is true no pod runs; those that do are ended.'),
  podReplacementPolicy: choice(
    ['Failed', 'TerminatingOrFailed'],
    'When a pod that is being deleted is replaced: only when it has ended, or at once (the default).',
  ),
  podFailurePolicy: object('PodFailurePolicy', 'What failed pods mean: the first rule that matches decides.', {
    rules: needed(
      list(
        object('PodFailurePolicyRule', 'One rule.', {
          action: needed(
            choice(
              ['Count', 'FailIndex', 'FailJob', 'Ignore'],
              'Count it as usual, give up its index, give up the Job, or do not count it.',
            ),
          ),
          onExitCodes: object('PodFailurePolicyOnExitCodesRequirement', 'Matches by exit codes of containers.', {
            containerName: text('Only this container; all when left out.'),
            operator: needed(choice(['In', 'NotIn'], 'One of the values, or none of them (and not 0).')),
            values: needed(list(int('An exit code.'), 'Exit codes.')),
          }),
          onPodConditions: list(
            object('PodFailurePolicyOnPodConditionsPattern', 'One condition of the pod.', {
              type: needed(text('Its type: DisruptionTarget.')),
              status: text('Its status; True when left out.'),
            }),
            'Matches by conditions of the pod.',
          ),
        }),
        'The rules, in order.',
      ),
    ),
  }),
  successPolicy: object('SuccessPolicy', 'When an indexed Job is well done although not all of its indexes are.', {
    rules: needed(
      list(
        object('SuccessPolicyRule', 'One way to be well done.', {
          succeededIndexes: text('These indexes, as `0-2,5`.'),
          succeededCount: int('So many indexes (of those named, if any are).'),
        }),
        'One of them is enough.',
      ),
    ),
  }),
  manualSelector: bool('The selector is the writer’s own; otherwise the server makes one that means no other pods.'),
  managedBy: unmodelled(
    text('Another controller than Kubernetes’ own looks after the Job.'),
    'there is no other controller: nobody does',
  ),
  selector: labelSelector('Which pods are its own. Made by the server; cannot be changed.'),
  template: needed(podTemplate),
})

export const jobStatus: ObjectField = object('JobStatus', 'What is.', {
  startTime: text('When the controller began with it, or went on with it.'),
  completionTime: text('When it was well done.'),
  active: int('Pods that have not ended.'),
  ready: int('Ready pods.'),
  terminating: int('Pods that are ending.'),
  succeeded: int('Pods that have ended well.'),
  failed: int('Pods that have failed.'),
  completedIndexes: text('Indexes that are done, as `0-2,5`.'),
  failedIndexes: text('Indexes that have been given up.'),
  uncountedTerminatedPods: object('UncountedTerminatedPods', 'Pods that have ended and are being counted.', {
    succeeded: list(text(''), 'Their uids.'),
    failed: list(text(''), 'Their uids.'),
  }),
  conditions: conditions('JobCondition'),
})

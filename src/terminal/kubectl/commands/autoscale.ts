import { fail } from '../../cli/failure'
import { bool, int, text } from '../../cli/flags'
import type { Command } from '../command'
import { fileFlags, namesFiles } from '../manifests'
import { dryRunFlag, managerFlag, outputFlag, templateFlags } from '../output'
import { objectsOf, targetsOf } from '../resource-args'

/** Creates a HorizontalPodAutoscaler: its usage errors are the real ones, the kind itself is not modelled. */
export const autoscale: Command = {
  name: 'autoscale',
  group: 'Deploy Commands',
  about: 'Auto-scale a deployment, replica set, stateful set, or replication controller',
  help: 'Would create an autoscaler for a workload. Autoscaling is not modelled here: use kubectl scale.',
  usage: '(-f FILENAME | TYPE NAME | TYPE/NAME) [--min=MINPODS] --max=MAXPODS [--cpu=CPU] [--memory=MEMORY]',
  completes: 'deployments',
  flags: [
    ...fileFlags,
    dryRunFlag,
    outputFlag,
    ...templateFlags,
    int('min', 'At least so many pods.', { initial: '-1' }),
    int('max', 'At most so many pods.', { initial: '-1' }),
    text('cpu', 'The processor time to aim at: 70% or 500m.'),
    text('memory', 'The memory to aim at: 70% or 200Mi.'),
    int('cpu-percent', 'The processor time to aim at, in percent.', { initial: '-1' }),
    text('name', 'The autoscaler’s name.'),
    bool('save-config', 'Write down what was sent, for apply.'),
    managerFlag('kubectl-autoscale'),
  ],
  run(run) {
    if (run.given('cpu-percent'))
      run.error(
        "Flag --cpu-percent has been deprecated, Use --cpu with percentage or resource quantity format (e.g., '70%' for utilization or '500m' for milliCPU).\n",
      )
    if (!run.given('max')) fail('error: required flag(s) "max" not set')
    const [min, max] = [run.int('min')!, run.int('max')!]
    if (max < 1) fail(`error: --max=MAXPODS is required and must be at least 1, max: ${max}`)
    if (max < min) fail(`error: --max=MAXPODS must be larger or equal to --min=MINPODS, max: ${max}, min: ${min}`)
    if (!namesFiles(run)) {
      if (run.args.length === 0) fail('error: You must provide one or more resources by argument or filename.')
      objectsOf(run, targetsOf(run.args), {})
    }
    run.call.notice('kubectl autoscale is not modelled: use `kubectl scale`')
    return fail('error: HorizontalPodAutoscalers are not modelled here: use `kubectl scale`')
  },
}

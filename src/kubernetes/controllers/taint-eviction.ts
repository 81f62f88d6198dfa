import {
  type Change,
  type Controller,
  type Key,
  type Plan,
  type Reason,
  stamp,
  type Tools,
  type Wish,
  type World,
} from '../../engine'
import { eventWish } from '../api/events'
import type { Condition } from '../kinds/meta'
import { Node, type Taint } from '../kinds/node'
import { Pod } from '../kinds/pod'
import { tolerates } from '../scheduler/tolerations'
import { conditionOf, deletePod } from './pods'

const NAME = 'taint-eviction-controller'

/**
 * Deletes the pods of a node with NoExecute taints once they have stayed as long as they tolerate. After pkg/controller/tainteviction.
 * The time counts from the change that brought the taint.
 */
export const taintEviction: Controller = {
  name: NAME,
  about: 'deletes pods from nodes whose taints they do not tolerate any longer',
  watches: [
    {
      kind: Node,
      wake: (change: Change<Node>, world) =>
        change.value && change.value.spec.taints !== change.previous?.value?.spec.taints
          ? world.list(Pod, { node: change.value.metadata.name }).map((pod) => pod.key)
          : undefined,
      after: 10,
    },
    {
      kind: Pod,
      wake: (change: Change<Pod>, world) => {
        const spec = change.value?.spec
        if (spec?.nodeName === undefined || spec === change.previous?.value?.spec) return undefined
        return evicts(world.get(Node.key('', spec.nodeName))) ? change.key : undefined
      },
      after: 10,
    },
  ],
  reconcile(about, world, tools) {
    const head = world.head(about as Key<Pod>)
    if (!head || head.value.metadata.deletionTimestamp !== undefined || head.value.spec.nodeName === undefined)
      return undefined
    const node = world.head(Node.key('', head.value.spec.nodeName))
    return node ? judge(head, node, world, tools) : undefined
  },
}

const evicts = (node: Node | undefined): boolean =>
  (node?.spec.taints ?? []).some(({ effect }) => effect === 'NoExecute')

/** The change that brought a taint that is still there. */
function broughtBy(node: Change<Node>, taint: Taint): Change<Node> {
  const has = (value: Node | undefined) =>
    (value?.spec.taints ?? []).some(
      (one) => one.key === taint.key && one.effect === taint.effect && (one.value ?? '') === (taint.value ?? ''),
    )
  let change = node
  while (change.previous && change.previous.uid === node.uid && has(change.previous.value)) change = change.previous
  return change
}

function judge(head: Change<Pod>, node: Change<Node>, world: World, tools: Tools): Plan | undefined {
  const pod = head.value
  const taints = (node.value.spec.taints ?? []).filter((taint) => taint.effect === 'NoExecute')
  if (taints.length === 0) return cancelled(head, node, world, tools)
  let seconds = Number.POSITIVE_INFINITY
  let since: Change<Node> | undefined
  for (const taint of taints) {
    const matching = (pod.spec.tolerations ?? []).filter((toleration) => tolerates(toleration, taint))
    const stays =
      matching.length === 0
        ? 0
        : Math.min(
            ...matching.map((toleration) => Math.max(0, toleration.tolerationSeconds ?? Number.POSITIVE_INFINITY)),
          )
    if (stays < seconds) {
      seconds = stays
      since = broughtBy(node, taint)
    }
  }
  if (!since || seconds === Number.POSITIVE_INFINITY) return undefined
  const due = since.at + seconds * 1000
  if (world.now < due) return { again: due - world.now }
  const because: Reason = {
    id: 'kubernetes/taint-evicted',
    values: { pod: pod.metadata.name, node: node.value.metadata.name, seconds },
    of: [since.revision],
  }
  const condition: Condition = {
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'DeletionByTaintManager',
    message: 'Taint manager: deleting due to NoExecute taint',
    lastProbeTime: null,
    lastTransitionTime: stamp(world.now),
  }
  const wish = deletePod(head, world, because, {
    ...head.value.status,
    conditions: [condition, ...(head.value.status.conditions ?? []).filter(({ type }) => type !== 'DisruptionTarget')],
  })
  const event = eventWish(world, tools, {
    about: pod,
    type: 'Normal',
    reason: 'TaintManagerEviction',
    message: `Marking for deletion Pod ${pod.metadata.namespace}/${pod.metadata.name}`,
    component: NAME,
    because,
  })
  return { changes: wish ? [event, wish] : [] }
}

/** The taint went away before the time was up: the deletion that was planned is called off. */
function cancelled(head: Change<Pod>, node: Change<Node>, world: World, tools: Tools): Plan | undefined {
  const before: Node | undefined = node.previous?.value
  if (
    !evicts(before) ||
    !tools.message.causes.includes(node.revision) ||
    conditionOf(head.value, 'PodScheduled') === undefined
  )
    return undefined
  const { name, namespace } = head.value.metadata
  const changes: Wish[] = [
    eventWish(world, tools, {
      about: head.value,
      type: 'Normal',
      reason: 'TaintManagerEviction',
      message: `Cancelling deletion of Pod ${namespace}/${name}`,
      component: NAME,
      because: { id: 'kubernetes/eviction-cancelled', values: { pod: name } },
    }),
  ]
  return { changes }
}

import { faultKinds } from '../platform/faults'

/** What a command line is called in the chain of causes; follows "you". */
export function saysOf(line: string): string {
  const words = (line.trim().split(/[;&|\n]/)[0] ?? '').trim().split(/\s+/)
  if (words[0] === 'sim' && words[1] === 'fault') {
    const target = words[3]?.startsWith('--') ? undefined : words[3]
    return DEEDS[words[2] ?? '']?.(target ?? '') ?? `ran ${line.trim()}`
  }
  if (words[0] === 'sim' && words[1] === 'heal')
    return words[2] === undefined || words[2] === 'all' ? 'healed all faults' : `healed ${words.slice(2).join(' ')}`
  const first = line.trim().split('\n')[0] ?? ''
  return `ran ${first.length > 120 ? `${first.slice(0, 119)}…` : first}`
}

const DEEDS: Readonly<Record<string, (target: string) => string>> = Object.fromEntries(
  faultKinds.map((fault) => [
    fault.name,
    (target: string) =>
      DEED_OF[fault.name]?.(target) ?? `began the fault ${fault.name}${target ? ` on ${target}` : ''}`,
  ]),
)

const DEED_OF: Readonly<Record<string, (target: string) => string>> = {
  'machine-crash': (target) => `cut the power of ${target}`,
  'link-cut': (target) => `cut the link of ${target}`,
  'link-slow': (target) => `slowed the link of ${target}`,
  'link-lossy': (target) => `made the link of ${target} lossy`,
  'machine-slow': (target) => `slowed down ${target}`,
  partition: (target) => `parted ${target.replaceAll(',', ', ')} from the rest`,
  'app-hangs': (target) => `made ${target} hang`,
  'app-errors': (target) => `made ${target} fail at every request`,
  'slow-start': (target) => `made ${target} slow to start`,
  'memory-leak': (target) => `made ${target} leak memory`,
  'registry-down': (target) => `took ${target === '' ? 'the registries' : target} down`,
  'image-gone': (target) => `took ${target} out of its registry`,
  'scheduler-down': () => 'stopped the scheduler',
  'controllers-down': () => 'stopped the controllers',
  'api-server-down': () => 'stopped the API server',
  'etcd-down': () => 'stopped etcd',
  'memory-pressure': (target) => `took the memory of ${target}`,
  'disk-full': (target) => `took the disk of ${target}`,
  'dockerd-stop': (target) => `stopped the Docker daemon${target === '' ? '' : ` of ${target}`}`,
  'kubelet-stop': (target) => `stopped the kubelet of ${target}`,
  'container-kill': (target) => `killed ${target}`,
  'dns-down': () => 'took the DNS down',
}

/** What Docker leaves root in a container. After oci/caps/defaults.go in moby. */
const DEFAULT =
  'CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE SYS_CHROOT KILL AUDIT_WRITE'.split(
    ' ',
  )
const OTHERS =
  'AUDIT_CONTROL AUDIT_READ BLOCK_SUSPEND BPF CHECKPOINT_RESTORE DAC_READ_SEARCH IPC_LOCK IPC_OWNER LEASE LINUX_IMMUTABLE MAC_ADMIN MAC_OVERRIDE NET_ADMIN NET_BROADCAST PERFMON SYS_ADMIN SYS_BOOT SYS_MODULE SYS_NICE SYS_PACCT SYS_PTRACE SYS_RAWIO SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG SYSLOG WAKE_ALARM'.split(
    ' ',
  )
const ALL: readonly string[] = [...DEFAULT, ...OTHERS].sort()

interface Given {
  readonly CapAdd: readonly string[] | null
  readonly CapDrop: readonly string[] | null
  readonly Privileged: boolean
}

const bare = (name: string): string => name.toUpperCase().replace(/^CAP_/, '')

/** Why a list of capabilities is refused. After NormalizeLegacyCapabilities in oci/caps/utils.go. */
export function capabilityProblem({ CapAdd, CapDrop }: Given): string | undefined {
  for (const [field, names] of [
    ['CapAdd', CapAdd],
    ['CapDrop', CapDrop],
  ] as const)
    for (const name of names ?? [])
      if (bare(name) !== 'ALL' && !ALL.includes(bare(name)))
        return `invalid ${field}: unknown capability: ${JSON.stringify(`CAP_${bare(name)}`)}`
  return undefined
}

/** What root may do; undefined: the usual. After TweakCapabilities. */
export function capabilitiesOf({ CapAdd, CapDrop, Privileged }: Given): readonly string[] | undefined {
  if (Privileged) return ALL
  const add = (CapAdd ?? []).map(bare)
  const drop = (CapDrop ?? []).map(bare)
  if (add.length === 0 && drop.length === 0) return undefined
  if (add.includes('ALL')) return ALL.filter((name) => !drop.includes(name))
  const base = drop.includes('ALL') ? [] : DEFAULT.filter((name) => !drop.includes(name))
  return [...new Set([...base, ...add])].sort()
}

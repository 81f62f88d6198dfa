import { freshHealth, type Health, withResult } from '../../../src/docker/containers/health'
import { parseRestartPolicy, restartAfter } from '../../../src/docker/containers/restart-policy'
import { humanDuration } from '../../../src/docker/formats/duration'
import { parsePort, parsePublish, portsColumn, splitProtocol } from '../../../src/docker/formats/port'
import { binarySize, humanSize, parseSize } from '../../../src/docker/formats/size'
import { familiarMatch } from '../../../src/docker/images/familiar-match'
import { cpuWeight } from '../../../src/docker/limits/cpu-weight'
import { swapMax } from '../../../src/docker/limits/memory-swap'
import { chooseSubnet } from '../../../src/docker/network/pools'
import {
  familiarName,
  fullForm,
  parseAny,
  parseReference,
  parseStrict,
  repositoryOf,
  splitDomain,
  withDefaultTag,
} from '../../../src/platform/image/reference'
import { type Adapter, type Case, differs } from '../adapter'

/** `error: true` is any error, a text that very one. */
function agrees(got: unknown, row: Case, want: unknown): string | undefined {
  const wrong = typeof got === 'object' && got !== null && 'error' in got ? (got as { error: string }).error : undefined
  if (row['error'] === true) return wrong === undefined ? `got ${JSON.stringify(got)}, want an error` : undefined
  if (row['error'] !== undefined) return differs(wrong, row['error'])
  return differs(got, want)
}

function strict(row: Case): string | undefined {
  const parsed = parseStrict(row['text'])
  if ('error' in parsed) return differs(parsed.error, row['error'])
  const { domain, tag = '', digest = '' } = parsed.reference
  return agrees({ name: repositoryOf(parsed.reference), domain, tag, digest }, row, {
    name: row['name'],
    domain: row['domain'],
    tag: row['tag'],
    digest: row['digest'],
  })
}

function normalised(row: Case): string | undefined {
  const parsed = parseReference(row['text'])
  if ('error' in parsed) return parsed.error
  const { domain, path } = parsed.reference
  const { familiar, full } = row as unknown as { familiar: string; full: string }
  return differs(
    { familiar: familiarName(parsed.reference), full: repositoryOf(parsed.reference), domain, path },
    { familiar, full, domain: row['domain'], path: row['path'] },
  )
}

function any(row: Case): string | undefined {
  const parsed = parseAny(row['text'])
  if ('error' in parsed) return parsed.error
  const isDigestOnly = 'digest' in parsed
  const result = 'digest' in parsed ? parsed.digest : fullForm(parsed.reference)
  return differs({ result, isDigestOnly }, { result: row['result'], isDigestOnly: row['isDigestOnly'] })
}

function dockerRef(row: Case): string | undefined {
  const parsed = parseReference(row['text'])
  return 'error' in parsed ? parsed.error : differs(fullForm(withDefaultTag(parsed.reference)), row['result'])
}

function matched(row: Case): string | undefined {
  const parsed = parseReference(row['text'])
  return 'error' in parsed ? parsed.error : differs(familiarMatch(row['pattern'], parsed.reference), row['match'])
}

function health(row: Case): string | undefined {
  const check = {
    Test: ['CMD', 'true'],
    Interval: 0,
    Timeout: 0,
    StartInterval: 0,
    StartPeriod: (row['startPeriod'] as number) * 1000,
    Retries: row['retries'] as number,
  }
  let now: Health = freshHealth
  for (const probe of row['probes'] as readonly {
    at: number
    exit: number
    status?: string
    failingStreak?: number
  }[]) {
    const at = probe.at * 1000
    now = withResult(check, now, { start: at, end: at, exitCode: probe.exit, output: '' }, 0)
    if (probe.status !== undefined && now.status !== probe.status) return `at ${probe.at}: ${now.status}`
    if (probe.failingStreak !== undefined && now.failingStreak !== probe.failingStreak)
      return `at ${probe.at}: streak ${now.failingStreak}`
  }
  return undefined
}

function restart(row: Case): string | undefined {
  const policy = parseRestartPolicy(row['policy'])
  if ('error' in policy) return policy.error
  const delay = restartAfter(policy, {
    exitCode: row['exit'],
    manuallyStopped: row['manuallyStopped'] ?? false,
    restartCount: row['restartCount'] ?? 0,
    ranMillis: (row['runSeconds'] ?? 0) * 1000,
    previousMillis: row['previousDelayMs'] ?? 0,
  })
  return (
    differs(delay !== undefined, row['restart']) ??
    (row['delayMs'] === undefined ? undefined : differs(delay, row['delayMs']))
  )
}

const columnOf = (ports: readonly { ip: string; private: number; public: number; type: string }[]): string =>
  portsColumn(ports.map((one) => ({ IP: one.ip, PrivatePort: one.private, PublicPort: one.public, Type: one.type })))

/** Formats and decisions of Docker: names, sizes, ports, limits, subnets, restarts. */
export const dockerTables: readonly Adapter[] = [
  { table: 'reference-parse-strict', judge: strict },
  { table: 'reference-normalise', judge: normalised },
  { table: 'reference-parse-any', judge: any },
  { table: 'reference-docker-ref', judge: dockerRef },
  { table: 'reference-familiar-match', judge: matched },
  {
    table: 'reference-split-host',
    judge: (row) => {
      const { domain, remainder } = splitDomain(row['text'])
      return differs({ domain, path: remainder }, { domain: row['domain'], path: row['path'] })
    },
  },
  { table: 'reference-valid-names', judge: (row) => differs(!('error' in parseReference(row['text'])), row['ok']) },
  {
    table: 'byte-size-parse',
    judge: (row) => agrees(parseSize(row['text'], row['parser']), row, { bytes: row['bytes'] }),
  },
  {
    table: 'human-size-print',
    judge: (row) => differs((row['base'] === 'binary' ? binarySize : humanSize)(row['bytes']), row['text']),
  },
  { table: 'human-duration', judge: (row) => differs(humanDuration(row['seconds'] * 1000), row['text']) },
  { table: 'port-single', judge: (row) => agrees(parsePort(row['text']), row, { port: row['port'] }) },
  {
    table: 'port-split-proto',
    judge: (row) => differs(splitProtocol(row['text']), { port: row['port'], proto: row['proto'] }),
  },
  { table: 'port-publish-spec', judge: (row) => agrees(parsePublish(row['text']), row, { mappings: row['mappings'] }) },
  { table: 'ps-ports-column', judge: (row) => differs(columnOf(row['ports']), row['text']) },
  { table: 'cpu-shares-to-weight', judge: (row) => differs(cpuWeight(row['shares']), row['weight']) },
  {
    table: 'memory-swap-v2',
    judge: (row) => agrees(swapMax(row['memorySwap'], row['memory']), row, { bytes: row['swapMax'] }),
  },
  {
    table: 'ipam-pool-choice',
    judge: (row) =>
      agrees(chooseSubnet(row['pools'], [...row['allocated'], ...row['reserved']], row['subnetSize']), row, {
        subnet: row['expect'],
      }),
  },
  { table: 'restart-backoff', judge: restart },
  { table: 'health-states', judge: health },
]

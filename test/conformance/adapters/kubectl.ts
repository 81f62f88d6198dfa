import { LAB_EPOCH, rfc3339 } from '../../../src/engine/time'
import { deploymentResource } from '../../../src/kubernetes/kinds/deployment-resource'
import { podCells } from '../../../src/kubernetes/kinds/pod-cells'
import { podLimits, podRequests, qosClass } from '../../../src/kubernetes/kinds/pod-resources'
import { serviceCells } from '../../../src/kubernetes/kinds/service-resource'
import { daemonSetCells, jobCells } from '../../../src/kubernetes/kinds/workload-cells'
import {
  columnsFromSpec,
  columnsFromTemplate,
  printColumns,
  relaxedPath,
} from '../../../src/terminal/kubectl/print/custom-columns'
import { evaluateTemplate } from '../../../src/terminal/kubectl/print/jsonpath'
import { sortedBy } from '../../../src/terminal/kubectl/print/sort-by'
import { type Adapter, type Case, type CaseFile, differs } from '../adapter'

const NOW = 20 * 365 * 86_400_000
const ago = (seconds: number) => rfc3339(LAB_EPOCH + NOW - seconds * 1000)

/** Fills in times that the table gives relative to now. */
function timed(value: any): any {
  if (Array.isArray(value)) return value.map(timed)
  if (typeof value !== 'object' || value === null) return value
  const made: Record<string, any> = {}
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'finishedSecondsAgo') made['finishedAt'] = ago(inner as number)
    else if (key === 'startedSecondsAgo') made['startTime'] = ago(inner as number)
    else if (key === 'completedSecondsAgo') made['completionTime'] = ago(inner as number)
    else if (key === 'deletionTimestamp') made[key] = ago(10)
    else made[key] = timed(inner)
  }
  return made
}

function podTable(row: Case): string | undefined {
  const cells = podCells(timed(row['pod']), { now: NOW })
  return differs(row['wide'] ? cells : cells.slice(0, 5), row['expectCells'])
}

function tableRows(row: Case): string | undefined {
  const given = row['object']
  const object = timed({
    ...given,
    spec: { ...given.spec, ...row['spec'] },
    status: { ...given.status, ...row['status'] },
  })
  const age = row['ageSeconds'] ?? given.ageSeconds
  if (age !== undefined) object.metadata = { ...object.metadata, creationTimestamp: ago(age) }
  const reading = { now: NOW, short: row['wide'] !== true }
  const narrow: Record<string, number> = { Service: 6, Deployment: 5, DaemonSet: 8, Job: 5 }
  const cells =
    given.kind === 'Service'
      ? serviceCells(object, reading)
      : given.kind === 'Deployment'
        ? deploymentResource.cells(object, reading)
        : given.kind === 'DaemonSet'
          ? daemonSetCells(object, reading)
          : jobCells(object, reading)
  return differs(row['wide'] ? cells : cells.slice(0, narrow[given.kind]), row['expectCells'])
}

function jsonpath(row: Case, file: CaseFile): string | undefined {
  const got = evaluateTemplate(row['template'], file['inputs'][row['input']], {
    missingAllowed: row['allowMissingKeys'] === true,
  })
  if (row['expectError'] !== undefined) {
    if (!('error' in got)) return `got ${got.text}, want an error`
    return row['expectError'] === true || got.error.includes(row['expectError']) ? undefined : got.error
  }
  if ('error' in got) return got.error
  if (row['expectWordsAnyOrder'] !== undefined) {
    return differs(got.text.split(' ').sort(), row['expectWordsAnyOrder'].split(' ').sort())
  }
  // upstream prints Go structs by their JSON names, which the table's input does not have
  if (row['template'].includes('.structs')) return differs(got.text.toLowerCase(), row['expect'].toLowerCase())
  return differs(got.text, row['expect'])
}

function customColumns(row: Case): string | undefined {
  switch (row.op) {
    case 'relaxed-expression': {
      const got = relaxedPath(row['input'])
      return differs(got, row['expectError'] ? undefined : row['expect'])
    }
    case 'spec':
    case 'columns-file': {
      const got = (row.op === 'spec' ? columnsFromSpec : columnsFromTemplate)(row['input'])
      if (row['expectError']) return 'error' in got ? undefined : differs(got, 'error')
      return 'error' in got ? got.error : differs(got.columns, row['expectColumns'])
    }
    case 'print': {
      const got = printColumns(row['columns'], row['objects'], true)
      return 'error' in got ? got.error : differs(got.text, row['expectOutput'])
    }
    case 'print-slice': {
      const spec = columnsFromSpec(row['spec'])
      if ('error' in spec) return spec.error
      const pod = { spec: { containers: row['containers'].map((name: string) => ({ name })) } }
      const got = printColumns(spec.columns, [pod], true)
      if (row['expectError']) return 'error' in got ? undefined : `got ${got.text}, want an error`
      return 'error' in got ? got.error : differs(got.text, row['expectOutput'])
    }
  }
  return `unknown op ${row.op}`
}

function sorting(row: Case): string | undefined {
  const got = sortedBy(row['items'] as readonly any[], row['field'], (item) => item)
  if (row['expectError'] !== undefined) return 'error' in got ? differs(got.error, row['expectError']) : 'no error'
  return 'error' in got ? got.error : differs(got.items, row['expectOrder'])
}

function totals(row: Case): string | undefined {
  const options = {
    withoutOverhead: row['excludeOverhead'] === true,
    ignorePodLevel: row['ignorePodLevelResources'] === true,
    missing: row['defaultForMissingRequests'],
  }
  const spec = row['spec']
  return (
    (row['expectRequests'] && differs(podRequests(spec, options), row['expectRequests'])) ??
    (row['expectLimits'] && differs(podLimits(spec, options), row['expectLimits'])) ??
    undefined
  )
}

export const kubectlTables: readonly Adapter[] = [
  { table: '23-pod-resource-totals', judge: totals },
  { table: '24-qos-class', judge: (row) => differs(qosClass(row['pod']), row['expect']) },
  { table: '26-pod-table', judge: podTable },
  { table: '30-table-rows', judge: tableRows },
  { table: '31-jsonpath', judge: jsonpath },
  { table: '34-custom-columns', judge: customColumns },
  { table: '37-sort-by', judge: sorting },
]

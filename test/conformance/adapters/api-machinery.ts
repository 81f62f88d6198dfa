import { humanDuration, shortHumanDuration } from '../../../src/kubernetes/api/duration'
import { intOrString, parseIntOrPercent, scaledValue } from '../../../src/kubernetes/api/int-or-percent'
import { lex } from '../../../src/kubernetes/api/label-lexer'
import { checkRequirement, matches, parseSelector, printSelector } from '../../../src/kubernetes/api/label-selector'
import { compareQuantities, parseQuantity, printQuantity, roundedUp } from '../../../src/kubernetes/api/quantity'
import { type Adapter, type Case, differs } from '../adapter'

const NANO = 1_000_000_000n

/** Nano-units of an exact rational in base units: `1/1000` is 1m. */
function nanosOf(rational: string): bigint {
  const [top, bottom = '1'] = rational.split('/')
  return (BigInt(top!) * NANO) / BigInt(bottom)
}

function decimalNanos(decimal: string): bigint {
  const [whole, fraction = ''] = decimal.replace('-', '').split('.')
  const nanos = BigInt(whole!) * NANO + BigInt(fraction.padEnd(9, '0'))
  return decimal.startsWith('-') ? -nanos : nanos
}

function quantity(row: Case): string | undefined {
  switch (row.op) {
    case 'parse': {
      for (const sign of ['', '-', '+']) {
        const got = parseQuantity(sign + row['input'])
        if (row['expectError']) {
          if (sign === '' && got) return differs(got.format, 'error')
          continue
        }
        const want = nanosOf(row['expectValue']) * (sign === '-' ? -1n : 1n)
        const wrong = differs([String(got?.nanos), got?.format], [String(want), row['expectFormat']])
        if (wrong) return wrong
      }
      return undefined
    }
    case 'string': {
      const alternate = row['alternateInputWithSameCanonical']
      if (alternate !== undefined) {
        const wrong = differs(printQuantity(parseQuantity(alternate)!), row['expect'])
        if (wrong && row['format'] !== 'BinarySI') return wrong
      }
      return differs(printQuantity({ nanos: nanosOf(row['value']), format: row['format'] }), row['expect'])
    }
    case 'parse-then-string':
      return differs(printQuantity(parseQuantity(row['input'])!), row['expect'])
    case 'roundUp': {
      const given = parseQuantity(row['input'])!
      const got = roundedUp(given, row['scale10'])
      return differs(
        [String(got.nanos), got.nanos === given.nanos],
        [String(nanosOf(row['expectValue'])), row['expectExact']],
      )
    }
    case 'compare':
      return differs(compareQuantities(row['x'], row['y']), row['expect'])
    case 'parse-large': {
      const got = parseQuantity(row['input'])!
      return differs(
        [String(got.nanos), printQuantity(got)],
        [String(decimalNanos(row['expectDecimal'])), row['expectString']],
      )
    }
  }
  return `unknown op ${row.op}`
}

function selector(row: Case): string | undefined {
  switch (row.op) {
    case 'parse': {
      const got = parseSelector(row['selector'])
      if (!row['expectOk']) return 'error' in got ? undefined : differs(printSelector(got.selector), 'error')
      return 'error' in got ? got.error : differs(printSelector(got.selector), row['expectString'])
    }
    case 'match': {
      const got = parseSelector(row['selector'])
      return 'error' in got ? got.error : differs(matches(got.selector, row['labels']), row['expect'])
    }
    case 'lex-one':
      return differs(lex(row['input'])[0]?.token ?? 'EOF', row['expectToken'])
    case 'lex-seq':
      return differs(
        lex(row['input']).map(({ token }) => token),
        row['expectTokens'],
      )
    case 'requirement': {
      const got = checkRequirement({ key: row['key'], operator: row['operator'], values: row['values'] })
      if (row['expectOk']) return differs(got, [])
      return differs(got[0]?.field, row['expectErrorField'])
    }
    case 'parse-set': {
      const got = parseSelector(row['selector'])
      if (!row['expectOk']) return 'error' in got ? undefined : differs(got.selector, 'error')
      return 'error' in got ? got.error : differs(got.selector, row['expectRequirements'])
    }
  }
  return `unknown op ${row.op}`
}

function intOrPercent(row: Case): string | undefined {
  switch (row.op) {
    case 'int-or-percent': {
      const got = parseIntOrPercent(row['input'])
      if (row['expectError']) return differs(got, undefined)
      return differs(got, { value: row['expectValue'], percent: row['expectIsPercent'] })
    }
    case 'scaled-value': {
      const got = scaledValue(row['input'], row['total'], row['roundUp'] ? 'up' : 'down')
      return differs(got, row['expectError'] ? undefined : row['expectValue'])
    }
    case 'parse':
      return differs(intOrString(row['input']), row['expect'])
  }
  return `unknown op ${row.op}`
}

const duration = (row: Case): string | undefined =>
  differs((row.op === 'human' ? humanDuration : shortHumanDuration)(row['nanoseconds'] / 1e6), row['expect'])

export const apiTables: readonly Adapter[] = [
  { table: '01-quantity', judge: quantity },
  { table: '02-label-selector', judge: selector },
  { table: '03-int-or-percent', judge: intOrPercent },
  { table: '04-human-duration', judge: duration },
]

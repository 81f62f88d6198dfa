/** Sizes as docker/go-units reads and prints them. */

/** Go's `%.Ng`: so many significant digits, an exponent where the number is larger than these. */
function general(value: number, digits: number): string {
  const text = value.toPrecision(digits)
  const [mantissa = '', exponent] = text.split('e')
  const short = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa
  if (exponent === undefined) return short
  const power = Math.abs(Number(exponent))
  return `${short}e${exponent.startsWith('-') ? '-' : '+'}${String(power).padStart(2, '0')}`
}

function scaled(bytes: number, base: number, units: readonly string[], digits: number): string {
  let value = bytes
  let unit = 0
  while (value >= base && unit < units.length - 1) {
    value /= base
    unit++
  }
  return `${general(value, digits)}${units[unit]}`
}

const DECIMAL = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB']
const BINARY = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB', 'ZiB', 'YiB']

/** `142MB`; tables print three digits, sums four. */
export const humanSize = (bytes: number, digits = 4): string => scaled(bytes, 1000, DECIMAL, digits)

/** `3.42GiB` */
export const binarySize = (bytes: number): string => scaled(bytes, 1024, BINARY, 4)

const POWERS: Readonly<Record<string, number>> = { k: 1, m: 2, g: 3, t: 4, p: 5 }

/** `--memory 512m`: bytes; or what is wrong with the text, in go-units' words. */
export function parseSize(
  text: string,
  kind: 'binary' | 'decimal',
): { readonly bytes: number } | { readonly error: string } {
  const last = /[\d. ][^\d. ]*$/.exec(text)?.index
  if (last === undefined) return { error: `invalid size: '${text}'` }
  const number = text.slice(0, text[last] === ' ' ? last : last + 1)
  const suffix = text.slice(last + 1).toLowerCase()
  if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(number))
    return { error: `strconv.ParseFloat: parsing ${JSON.stringify(number)}: invalid syntax` }
  if (Number(number) < 0) return { error: `invalid size: '${text}'` }
  if (suffix === '' || suffix === 'b') return { bytes: Math.trunc(Number(number)) }
  const power = POWERS[suffix[0]!]
  if (power === undefined || !/^.(b|ib)?$/.test(suffix)) return { error: `invalid suffix: '${suffix}'` }
  return { bytes: Math.trunc(Number(number) * (kind === 'binary' ? 1024 : 1000) ** power) }
}

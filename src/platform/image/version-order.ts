/** Letters and `~` as dpkg orders them: `~` before the end of the text, letters before all other signs. */
const rank = (sign: string | undefined): number =>
  sign === '~' ? -1 : sign === undefined ? 0 : /[A-Za-z]/.test(sign) ? sign.charCodeAt(0) : sign.charCodeAt(0) + 256

/** After `verrevcmp` of dpkg: runs of other signs and runs of digits in turn. */
function compareParts(a: string, b: string): number {
  let i = 0
  let j = 0
  const isDigit = (text: string, at: number) => at < text.length && text[at]! >= '0' && text[at]! <= '9'
  while (i < a.length || j < b.length) {
    while ((i < a.length && !isDigit(a, i)) || (j < b.length && !isDigit(b, j))) {
      const left = isDigit(a, i) ? 0 : rank(a[i])
      const right = isDigit(b, j) ? 0 : rank(b[j])
      if (left !== right) return left - right
      i++
      j++
    }
    const first = /^\d*/.exec(a.slice(i))![0]
    const second = /^\d*/.exec(b.slice(j))![0]
    i += first.length
    j += second.length
    const [x, y] = [first.replace(/^0+/, ''), second.replace(/^0+/, '')]
    if (x.length !== y.length) return x.length - y.length
    if (x !== y) return x < y ? -1 : 1
  }
  return 0
}

/** `1:2.36-9+deb12u3` → epoch, version, revision. Of other ecosystems what follows a hyphen comes before the release itself. */
function cut(text: string, packaged: boolean): readonly [epoch: string, version: string, revision: string] {
  const colon = text.indexOf(':')
  const rest = text.slice(colon + 1).replace(/_(alpha|beta|pre|rc)/g, '~$1')
  const epoch = colon < 0 ? '0' : text.slice(0, colon)
  if (!packaged) return [epoch, rest.replace(/^v/, '').replaceAll('-', '~'), '']
  const hyphen = rest.lastIndexOf('-')
  return hyphen < 0 ? [epoch, rest, ''] : [epoch, rest.slice(0, hyphen), rest.slice(hyphen + 1)]
}

/**
 * Orders two versions, negative where the first comes first. `packaged`: of a distribution, in dpkg's order, which serves for apk too;
 * otherwise as npm, PyPI, Maven and Go have them, as far as they agree.
 */
export function compareVersions(a: string, b: string, packaged = true): number {
  const [first, second] = [cut(a, packaged), cut(b, packaged)]
  for (let i = 0; i < 3; i++) {
    const order = compareParts(first[i]!, second[i]!)
    if (order !== 0) return order
  }
  return 0
}

export const newerVersion = (a: string, b: string): boolean => compareVersions(a, b) > 0

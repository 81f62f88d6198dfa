/** Go's path.Match: `*` and `?` do not cross a slash, `[a-z]`, `\` escapes. */
export function pathMatch(pattern: string, text: string): boolean {
  let source = ''
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i]!
    if (c === '*') source += '[^/]*'
    else if (c === '?') source += '[^/]'
    else if (c === '[') {
      const end = pattern.indexOf(']', i + 2)
      if (end < 0) return false
      source += `[${pattern.slice(i + 1, end).replace(/\\(?!.)|\[/g, '\\$&')}]`
      i = end
    } else source += (c === '\\' ? (pattern[++i] ?? '') : c).replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
  }
  try {
    return new RegExp(`^${source}$`, 'su').test(text)
  } catch {
    return false
  }
}

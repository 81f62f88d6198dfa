/** Options of a call: `--name value`, `--name=value`, or a flag alone; the rest in order. A wrong call gives a text. */
export function optionsOf(
  args: readonly string[],
  known: Readonly<Record<string, 'value' | 'flag'>>,
):
  | { readonly values: Readonly<Record<string, string>>; readonly rest: readonly string[] }
  | { readonly problem: string } {
  const values: Record<string, string> = {}
  const rest: string[] = []
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!
    if (!arg.startsWith('--') || arg === '--') {
      if (arg !== '--') rest.push(arg)
      continue
    }
    const equals = arg.indexOf('=')
    const name = arg.slice(2, equals < 0 ? undefined : equals)
    const kind = known[name]
    if (!kind) return { problem: `there is no option --${name}` }
    if (kind === 'flag') values[name] = 'yes'
    else if (equals >= 0) values[name] = arg.slice(equals + 1)
    else {
      const next = args[++i]
      if (next === undefined) return { problem: `--${name} needs a value` }
      values[name] = next
    }
  }
  return { values, rest }
}

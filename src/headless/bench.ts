/** Not there yet. */
export function bench(_args: string[]): number {
  process.stderr.write('drydock bench: not modelled yet\n')
  return 2
}

/** Not there yet. */
export function play(_args: string[]): number {
  process.stderr.write('drydock play: not modelled yet\n')
  return 2
}

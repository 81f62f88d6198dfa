/** Not there yet. */
export function check(_args: string[]): number {
  process.stderr.write('drydock check: not modelled yet\n')
  return 2
}

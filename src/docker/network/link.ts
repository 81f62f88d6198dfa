/** `--link db:store`: another container, and what it is called here. */
export interface LinkTo {
  readonly id: string
  readonly alias: string
}

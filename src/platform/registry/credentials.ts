/** A name and password for a registry. */
export interface Credentials {
  readonly user: string
  readonly password: string
}

import { hexOf } from '../image/hex'

/** In place of a bcrypt hash: looks like one, and is no secret (simplified). */
export const passwordHash = (user: string, password: string): string =>
  `$2y$05$${hexOf(`htpasswd ${user} ${password}`).slice(0, 53)}`

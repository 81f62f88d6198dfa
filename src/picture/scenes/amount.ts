const suffixes: Readonly<Record<string, number>> = {
  '': 1,
  m: 0.001,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 1024,
  Mi: 1024 * 1024,
  Gi: 1024 * 1024 * 1024,
  Ti: 1024 * 1024 * 1024 * 1024,
}

/** A Kubernetes quantity as a number, for drawing: `250m` → 0.25, `128Mi` → 134217728. What is no quantity is 0. */
export function amountOf(quantity: string | undefined): number {
  const match = quantity === undefined ? null : /^([0-9.]+)([a-zA-Z]*)$/.exec(quantity)
  if (!match) return 0
  return Number(match[1]) * (suffixes[match[2]!] ?? 0)
}

/** Bytes as a short text with one decimal: `2.2 G`. Binary units, as the mock-up's "of 8 G". */
export function shortBytes(bytes: number): string {
  const gibi = bytes / 1024 ** 3
  if (gibi >= 0.95) return `${gibi.toFixed(1).replace(/\.0$/, '')} G`
  return `${Math.round(bytes / 1024 ** 2)} M`
}

/** Milliseconds since the lab began as people say them: `6:05.9`, `1:02:05`, `2 d 3:04:05`, `−2:58.0` before it. Tenths below an hour. */
export function clockOf(millis: number, tenths = true): string {
  if (millis < 0) return `−${clockOf(-millis, tenths)}`
  const total = millis
  const days = Math.floor(total / 86_400_000)
  const hours = Math.floor(total / 3_600_000) % 24
  const minutes = Math.floor(total / 60_000) % 60
  const seconds = Math.floor(total / 1000) % 60
  const two = (n: number) => String(n).padStart(2, '0')
  const fraction = tenths ? `.${Math.floor((total % 1000) / 100)}` : ''
  if (days > 0) return `${days} d ${hours}:${two(minutes)}:${two(seconds)}`
  if (hours > 0) return `${hours}:${two(minutes)}:${two(seconds)}`
  return `${minutes}:${two(seconds)}${fraction}`
}

/** Shortens a long name in the middle: its end is what tells it from its neighbours. */
export function shorten(name: string, most: number): string {
  if (name.length <= most) return name
  const end = Math.ceil((most - 1) * 0.55)
  return `${name.slice(0, most - 1 - end)}…${name.slice(name.length - end)}`
}

/** Bytes of files, decimal as Docker tells them: `8.3 MB`, `12 B`. */
export function storedBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let n = bytes
  let unit = 0
  while (n >= 1000 && unit < units.length - 1) {
    n /= 1000
    unit++
  }
  return `${n >= 100 || unit === 0 ? Math.round(n) : Math.round(n * 10) / 10} ${units[unit]}`
}

export const filesOf = (count: number): string => (count === 1 ? '1 file' : `${count} files`)

const WEIGHTS: Readonly<Record<string, number>> = {
  'AV:N': 0.85,
  'AV:A': 0.62,
  'AV:L': 0.55,
  'AV:P': 0.2,
  'AC:L': 0.77,
  'AC:H': 0.44,
  'UI:N': 0.85,
  'UI:R': 0.62,
}
const IMPACT: Readonly<Record<string, number>> = { H: 0.56, L: 0.22, N: 0 }
const PRIVILEGES: Readonly<Record<string, readonly [unchanged: number, changed: number]>> = {
  N: [0.85, 0.85],
  L: [0.62, 0.68],
  H: [0.27, 0.5],
}

const roundedUp = (value: number): number => {
  const whole = Math.round(value * 100_000)
  return whole % 10_000 === 0 ? whole / 100_000 : (Math.floor(whole / 10_000) + 1) / 10
}

/** The base score of a CVSS 3.1 vector, after section 7.1 of its specification: `AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H` is 9.8. */
export function baseScore(vector: string): number {
  const value = Object.fromEntries(vector.split('/').map((one) => one.split(':') as [string, string]))
  const changed = value['S'] === 'C'
  const impact = (name: string) => 1 - IMPACT[value[name] ?? 'N']!
  const sub = 1 - impact('C') * impact('I') * impact('A')
  let tail = 1
  for (let i = 0; i < 15; i++) tail *= sub - 0.02
  const total = changed ? 7.52 * (sub - 0.029) - 3.25 * tail : 6.42 * sub
  if (total <= 0) return 0
  const weight = (name: string) => WEIGHTS[`${name}:${value[name]}`] ?? 0
  const privileges = PRIVILEGES[value['PR'] ?? 'N']![changed ? 1 : 0]
  const exploitability = 8.22 * weight('AV') * weight('AC') * privileges * weight('UI')
  return roundedUp(Math.min(changed ? 1.08 * (total + exploitability) : total + exploitability, 10))
}

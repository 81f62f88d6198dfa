const LN2 = 0.6931471805599453
const LN10 = 2.302585092994046

/** The logarithm to base 2, from sums and quotients alone, so that every JavaScript engine gives the same. */
function logarithm(n: number): number {
  let mantissa = n
  let exponent = 0
  while (mantissa >= 2) {
    mantissa /= 2
    exponent++
  }
  const x = (mantissa - 1) / (mantissa + 1)
  let power = x
  let sum = 0
  for (let k = 1; k < 80; k += 2) {
    sum += power / k
    power *= x * x
  }
  return exponent + (2 * sum) / LN2
}

/** Ten to a power between 0 and 4. */
function tenTo(exponent: number): number {
  const whole = Math.floor(exponent)
  const x = (exponent - whole) * LN10
  let term = 1
  let sum = 1
  for (let k = 1; k < 40; k++) {
    term *= x / k
    sum += term
  }
  return sum * 10 ** whole
}

/** cgroup v1's shares as the weight of v2: 1024 becomes 100, 0 leaves it unset. After ConvertCPUSharesToCgroupV2Value in opencontainers/cgroups. */
export function cpuWeight(shares: number): number {
  if (shares === 0) return 0
  if (shares <= 2) return 1
  if (shares >= 262_144) return 10_000
  const log = logarithm(shares)
  const exponent = (log * log + 125 * log) / 612 - 7 / 34
  // the sums above are right to some 14 digits: what is whole must not be rounded up
  return Math.ceil(tenTo(exponent) - 1e-9)
}

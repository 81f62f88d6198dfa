const LN2 = 0.6931471805599453

/**
 * The natural logarithm of n ≥ 1 from sums and quotients alone: Math.log may round differently in different engines, and the
 * scheduler's scores must not.
 */
export function naturalLogarithm(n: number): number {
  let logarithm = known.get(n)
  if (logarithm === undefined) {
    if (known.size >= MOST_KNOWN) known.clear()
    logarithm = computed(n)
    known.set(n, logarithm)
  }
  return logarithm
}

/** It is asked for again and again with the same few numbers of nodes and zones. */
const known = new Map<number, number>()
const MOST_KNOWN = 1_000

function computed(n: number): number {
  let mantissa = n
  let halvings = 0
  while (mantissa > 1.5) {
    mantissa /= 2
    halvings++
  }
  const x = (mantissa - 1) / (mantissa + 1)
  const square = x * x
  let power = x
  let sum = 0
  for (let k = 1; k < 60; k += 2) {
    sum += power / k
    power *= square
  }
  return halvings * LN2 + 2 * sum
}

/** A mistake of ours, never of the learner's: it stops the run. */
export class Impossible extends Error {
  override name = 'Impossible'
}

export function assert(fact: unknown, what: string): asserts fact {
  if (!fact) throw new Impossible(what)
}

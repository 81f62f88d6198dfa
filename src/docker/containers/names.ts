/** Names for containers that get none: an adjective and somebody who made computers, networks or ships what they are. */
const ADJECTIVES =
  `able agile amber bold brave bright brisk calm candid clever cosy curious daring deft eager early easy fair fleet fond frank
   gentle glad golden grand happy hardy hearty honest humble jolly keen kind lively loyal lucid lucky mellow merry mild neat nimble noble open
   patient plain polite proud quick quiet ready sharp shiny silent smart solid stable steady stout sunny sure swift tidy trusty vivid warm wise witty`
    .trim()
    .split(/\s+/)
const PEOPLE =
  `adleman allen babbage backus bardeen bartik bell berners boole brooks cerf church codd cray dijkstra eckert engelbart erlang
   euler faggin floyd gauss goldberg gosper hamilton hamming hoare holberton hopper jones kahn karp kay kernighan knuth lamport liskov lovelace
   mauchly mccarthy mclean metcalfe minsky moore naur neumann nygaard pascal perlman plimsoll postel ritchie rivest sammet shamir shannon stallman
   stroustrup tarjan thompson torvalds turing wescoff wilkes wirth zuse`
    .trim()
    .split(/\s+/)

/** `swift_hopper`; on a clash a digit is added, as moby's namesgenerator does. */
export function randomName(
  draw: (most: number, n: number) => number,
  isTaken: (name: string) => boolean,
): string | undefined {
  for (let n = 0; n < 6; n++) {
    const name = `${ADJECTIVES[draw(ADJECTIVES.length, 3 * n)]}_${PEOPLE[draw(PEOPLE.length, 3 * n + 1)]}`
    const full = n === 0 ? name : `${name}${draw(10, 3 * n + 2)}`
    if (!isTaken(full)) return full
  }
  return undefined
}

const ALLOWED = /^\/?[a-zA-Z0-9][a-zA-Z0-9_.-]+$/

export const nameProblem = (name: string): string | undefined =>
  ALLOWED.test(name) ? undefined : `Invalid container name (${name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed`

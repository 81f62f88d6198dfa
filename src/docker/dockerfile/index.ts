/**
 * The Dockerfile as a language: from its text to a plan of its stages, with BuildKit's errors and warnings. Pure functions; nothing is built here.
 *
 * `statements` cuts the text into instructions, `arguments` reads each, `parse` puts them into stages; `expand` fills in variables, `graph` finds which
 * stages need which, `plan` goes through the reachable ones; `lint` and `rules` are the build checks, `ignore` the `.dockerignore`.
 */
export { type Explanation, explanationAt, type Proposal, proposalsAt } from './assist'
export { type CheckedDockerfile, checkDockerfile } from './check'
export { isDockerfile } from './file-name'

import { failure } from './excerpt'
import { fieldNotices, foreignFrontend, type Notice } from './labels'
import { parseDockerfile } from './parse'
import { planBuild } from './plan'
import type { Problem } from './problem'

/** The verdict on one Dockerfile. */
export interface CheckedDockerfile {
  readonly kind: 'Dockerfile'
  readonly verdict: 'ok' | 'partly' | 'refused' | 'skipped'
  readonly notices: readonly Notice[]
  /** Build checks that failed: `WorkdirRelativePath`. */
  readonly warnings: readonly { readonly line: number; readonly text: string }[]
  /** What `docker build` would print at its end; why it is skipped. */
  readonly problem?: string
  readonly line?: number
}

/** Judges a Dockerfile as BuildKit would take it, alone: no context is at hand, no build arguments, and nothing is known of its base images. */
export function checkDockerfile(source: string, file = 'Dockerfile'): CheckedDockerfile {
  const parsed = parseDockerfile(source)
  if ('problem' in parsed) return refused(source, file, parsed.problem)
  const planned = planBuild(parsed.file)
  if ('problem' in planned) return refused(source, file, planned.problem)
  const notices = [...frontendNotice(source), ...fieldNotices(parsed.file)]
  const warnings = planned.plan.warnings.map(({ rule, text, lines }) => ({
    line: lines.start,
    text: `${rule}: ${text}`,
  }))
  return { kind: 'Dockerfile', verdict: notices.length === 0 ? 'ok' : 'partly', notices, warnings }
}

function frontendNotice(source: string): Notice[] {
  const frontend = foreignFrontend(source)
  const text = `the frontend ${frontend} is not modelled: the file is read as docker/dockerfile reads it`
  return frontend === undefined ? [] : [{ line: 1, path: '# syntax', label: 'not modelled', text }]
}

function refused(source: string, file: string, problem: Problem): CheckedDockerfile {
  const skip = (why: string): CheckedDockerfile => ({
    kind: 'Dockerfile',
    verdict: 'skipped',
    notices: [],
    warnings: [],
    problem: why,
  })
  const frontend = foreignFrontend(source)
  if (frontend !== undefined) return skip(`written for the frontend ${frontend}`)
  if (/^\s*(\{\{|\{%|<%)/m.test(source)) return skip('a template')
  const name = file.slice(file.lastIndexOf('/') + 1)
  const line = problem.lines[0]?.start
  return {
    kind: 'Dockerfile',
    verdict: 'refused',
    notices: [],
    warnings: [],
    problem: failure(name, source, problem),
    ...(line !== undefined && { line }),
  }
}

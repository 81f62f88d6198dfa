import { labFromFile, namedLab } from '../../src/terminal/lab/lab'
import { Session } from '../../src/terminal/session'

/** A learner's seat at a machine with Docker, or at several: those of a lab file. */
export function seat(options: { files?: Readonly<Record<string, string>>; seed?: number; lab?: string } = {}) {
  const lab = options.lab === undefined ? namedLab('docker') : labFromFile(options.lab)
  if ('problem' in lab) throw new Error(lab.problem)
  const session = new Session({ lab, seed: options.seed ?? 1, files: options.files ?? {} })
  return {
    session,
    run: (script: string) => session.run(script),
    get status() {
      return session.status.code
    },
  }
}

/** The same, with these images on the machine already. */
export function stocked(...images: readonly string[]) {
  const own = seat()
  for (const image of images) own.run(`docker pull -q ${image}`)
  return own
}

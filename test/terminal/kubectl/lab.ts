import { namedLab } from '../../../src/terminal/lab/lab'
import { Session } from '../../../src/terminal/session'

/** A learner's seat at a small cluster, with these files in her folder. */
export function seat(files: Readonly<Record<string, string>> = {}, workers = 2) {
  const lab = namedLab(`kubernetes:${workers}`)
  if ('problem' in lab) throw new Error(lab.problem)
  const session = new Session({ lab, seed: 1, files })
  return {
    session,
    /** What the terminal prints of a script; output and errors as they come. */
    run: (script: string) => session.run(script),
    get status() {
      return session.status.code
    },
  }
}

export const web = (image = 'nginx:1.27', replicas = 2, more = '') => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: nginx
        image: ${image}
        ports: [{containerPort: 80}]
${more}`

import type { LessonText } from '../session/protocol'

/** What stands at the left when no lesson was asked for: first steps that lead somewhere by themselves. */
const welcome: LessonText = {
  topic: 'Kubernetes',
  title: 'First steps',
  steps: [
    {
      title: 'A cluster, already running',
      hints: [],
      solution: [],
      checks: 0,
      text: `Four machines: one holds the control plane, three do the work. Everything you see is computed here, in this page.

Put three web servers on it and watch the picture:

\`\`\`run
kubectl create deployment web --image=nginx --replicas=3
\`\`\`

Each tile is a pod. Choose one: at the right it says why it stands on that machine, step by step, back to your command.

\`\`\`run
kubectl get pods -o wide
\`\`\``,
    },
    {
      title: 'Take one away',
      hints: [],
      solution: [],
      checks: 0,
      text: `Nobody has asked for *these* three pods, only for three. Scale, then delete a pod by hand, and see who puts it right.

\`\`\`run
kubectl scale deployment web --replicas=5
\`\`\`

\`\`\`run
kubectl delete pod -l app=web
\`\`\`

**Next change** at the foot of the page goes from one decision to the next.`,
    },
    {
      title: 'Break something',
      hints: [],
      solution: [],
      checks: 0,
      text: `Open *Break something*, choose worker-2, and cut its power. Nothing happens at first: a dead machine and a slow network look the same from here.

Set the speed to 10× and wait for a minute. Then for five more.

\`\`\`run
kubectl get nodes
\`\`\`

Drag the time line back to the moment before. A command there begins another future; both are kept.`,
    },
  ],
}

/** The same on a machine with Docker. */
const dockerWelcome: LessonText = {
  topic: 'Docker',
  title: 'First steps',
  steps: [
    {
      title: 'A machine with Docker',
      hints: [],
      solution: [],
      checks: 0,
      text: `One machine, and on it Docker's daemon. Everything you see is computed here, in this page.

Run a web server, and publish its port:

\`\`\`run
docker run -d --name web -p 8080:80 nginx
\`\`\`

The image comes first, layer by layer, then the container. Choose its tile: at the right it says why it is as it is.

\`\`\`run
curl localhost:8080
\`\`\``,
    },
    {
      title: 'Its own world',
      hints: [],
      solution: [],
      checks: 0,
      text: `A container is a process that sees little of the machine. Look from inside: its name, its processes, its address.

\`\`\`run
docker exec web sh -c 'hostname; ps; hostname -i'
\`\`\`

The view *Namespaces* shows the same from outside.

\`\`\`run
docker top web
\`\`\``,
    },
    {
      title: 'What stays',
      hints: [],
      solution: [],
      checks: 0,
      text: `What a container writes goes with it. What it writes into a volume stays:

\`\`\`run
docker run --rm -v notes:/notes alpine sh -c 'date > /notes/first; ls /notes'
\`\`\`

\`\`\`run
docker run --rm -v notes:/notes alpine cat /notes/first
\`\`\`

The view *Storage* shows where data lives. Then end the first one, and see with which code it goes:

\`\`\`run
docker stop web && docker ps -a
\`\`\``,
    },
  ],
}

/** First steps in a lab. */
export const welcomeTo = (lab: string): LessonText => (lab.startsWith('docker') ? dockerWelcome : welcome)

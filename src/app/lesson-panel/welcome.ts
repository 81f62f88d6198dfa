import type { LessonStep, LessonText } from '../session/protocol'
import { words } from '../words'

const running = (...lines: readonly string[]) => `\`\`\`run\n${lines.join('\n')}\n\`\`\``

const step = (title: string, text: string): LessonStep => ({ title, hints: [], solution: [], checks: 0, text })

/** What stands at the left when no lesson was asked for: first steps that lead somewhere by themselves. */
function kubernetesWelcome(): LessonText {
  const { topic, cluster, takeAway, breakIt } = words.welcome
  return {
    topic: 'Kubernetes',
    title: topic,
    steps: [
      step(
        cluster.title,
        cluster.text(
          running('kubectl create deployment web --image=nginx --replicas=3'),
          running('kubectl get pods -o wide'),
        ),
      ),
      step(
        takeAway.title,
        takeAway.text(running('kubectl scale deployment web --replicas=5'), running('kubectl delete pod -l app=web')),
      ),
      step(breakIt.title, breakIt.text(running('kubectl get nodes'))),
    ],
  }
}

function dockerWelcome(): LessonText {
  const { topic, machine, ownWorld, stays } = words.welcome
  return {
    topic: 'Docker',
    title: topic,
    steps: [
      step(
        machine.title,
        machine.text(running('docker run -d --name web -p 8080:80 nginx'), running('curl localhost:8080')),
      ),
      step(
        ownWorld.title,
        ownWorld.text(running("docker exec web sh -c 'hostname; ps; hostname -i'"), running('docker top web')),
      ),
      step(
        stays.title,
        stays.text(
          running("docker run --rm -v notes:/notes alpine sh -c 'date > /notes/first; ls /notes'"),
          running('docker run --rm -v notes:/notes alpine cat /notes/first'),
          running('docker stop web && docker ps -a'),
        ),
      ),
    ],
  }
}

/** First steps in a lab. */
export const welcomeTo = (lab: string): LessonText => (lab.startsWith('docker') ? dockerWelcome() : kubernetesWelcome())

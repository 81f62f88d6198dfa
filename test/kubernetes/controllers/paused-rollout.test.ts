import { expect, test } from 'vitest'
import { seat, web } from '../../terminal/kubectl/lab'

test('a rollout that is paused half-way stays as it is, and nobody writes anything', () => {
  const { run, session } = seat({
    'web.yaml': web('nginx:1.27', 8, '        readinessProbe: {httpGet: {port: 80}, initialDelaySeconds: 3}\n'),
  })
  run('kubectl apply -f web.yaml; kubectl rollout status deployment/web')
  run('kubectl set image deployment/web nginx=nginx:1.28; sleep 1; kubectl rollout pause deployment/web; sleep 20')
  const sizes = () => run("kubectl get rs -o jsonpath='{.items[*].spec.replicas}'").split(' ').map(Number).sort()
  const before = { sizes: sizes(), revision: session.revision }
  expect(before.sizes).toEqual([4, 6])
  run('sleep 60')
  expect(sizes()).toEqual([4, 6])
  expect(session.revision - before.revision).toBeLessThan(40)
})

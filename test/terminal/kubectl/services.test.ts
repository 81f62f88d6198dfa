import { describe, expect, test } from 'vitest'
import { seat, web } from './lab'

const service = (spec: string) => `apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80, nodePort: 31000}], ${spec}}
`

/** Two nginx pods on machines of their own (of four workers), a service, and how many requests each pod has answered. */
function shop(spec: string) {
  const here = seat({ 'svc.yaml': service(spec) }, 4)
  here.run('kubectl create deployment web --image=nginx --replicas=2; kubectl apply -f svc.yaml; sleep 20')
  const nodes = here.run("kubectl get pods -o jsonpath='{range .items[*]}{.spec.nodeName} {end}'").trim().split(' ')
  return {
    ...here,
    nodes,
    idle: ['worker-1', 'worker-2', 'worker-3', 'worker-4'].filter((name) => !nodes.includes(name)),
    curl: (host: string) => here.run(`curl -s -m 3 -o /dev/null -w '%{http_code}' http://${host}/`),
    served: () =>
      here
        .run('for p in $(kubectl get pods -o name); do kubectl logs $p | grep -c GET; done')
        .trim()
        .split('\n')
        .map(Number),
  }
}

describe('traffic policies', () => {
  test('Cluster: every node passes connections on, under its own address', () => {
    const { curl, idle, run } = shop('type: NodePort')
    expect(curl(`${idle[0]}:31000`)).toBe('200')
    expect(run('kubectl logs -l app=web | grep GET')).toMatch(/^172\.18\.0\.\d+ /)
  })

  test('external Local: only nodes with endpoints answer, and the client keeps its address', () => {
    const { curl, idle, nodes, run } = shop('type: NodePort, externalTrafficPolicy: Local')
    expect(curl(`${idle[0]}:31000`)).toBe('000')
    expect(curl(`${nodes[0]}:31000`)).toBe('200')
    expect(run('kubectl logs -l app=web | grep GET')).toMatch(/^172\.18\.255\.1 /)
  })

  test('internal Local: a pod reaches the endpoint of its own node only', () => {
    const { run, nodes, idle } = shop('type: NodePort, internalTrafficPolicy: Local')
    const from = (node: string) =>
      run(
        `ssh ${node} "curl -s -m 3 -o /dev/null -w '%{http_code}' http://$(kubectl get svc web -o jsonpath='{.spec.clusterIP}')/"`,
      )
    expect(from(nodes[0]!)).toBe('200')
    expect(from(idle[0]!)).toBe('000')
  })
})

describe('session affinity', () => {
  const many = 'for i in 1 2 3 4 5 6 7 8 9 10 11 12; do curl -s -o /dev/null http://worker-1:31000/; done'

  test('ClientIP keeps a client with one pod, until that is gone', () => {
    const { run, served } = shop('type: NodePort, sessionAffinity: ClientIP')
    run(many)
    expect(served().sort((a, b) => a - b)).toEqual([0, 12])
    run(
      'kubectl delete $(for p in $(kubectl get pods -o name); do kubectl logs $p | grep -q GET && echo $p; done); sleep 20',
    )
    run(many)
    expect(served().sort((a, b) => a - b)).toEqual([0, 12])
  })

  test('is forgotten after its time', () => {
    const { run } = shop(
      'type: NodePort, sessionAffinity: ClientIP, sessionAffinityConfig: {clientIP: {timeoutSeconds: 10}}',
    )
    run('for i in 1 2 3 4 5 6 7 8 9 10; do curl -s -o /dev/null http://worker-1:31000/; sleep 11; done')
    const counts = run('for p in $(kubectl get pods -o name); do kubectl logs $p | grep -c GET; done')
      .trim()
      .split('\n')
    expect(counts.map(Number).every((n) => n > 0)).toBe(true)
  })

  test('None spreads', () => {
    const { run, served } = shop('type: NodePort')
    run(many)
    expect(served().every((n) => n > 0)).toBe(true)
  })

  test('a time of nothing is refused in the words of the API', () => {
    const { run } = seat({
      'svc.yaml': service('sessionAffinity: ClientIP, sessionAffinityConfig: {clientIP: {timeoutSeconds: 0}}').replace(
        ', nodePort: 31000',
        '',
      ),
    })
    expect(run('kubectl apply -f svc.yaml')).toMatch(
      /spec\.sessionAffinityConfig\.clientIP\.timeoutSeconds: Invalid value: 0: must be greater than 0 and less than 86400/,
    )
  })
})

describe('load balancers', () => {
  test('have an address outside, pass on to living nodes, and go with the service', () => {
    const { run, curl, idle } = shop('type: LoadBalancer')
    expect(run('kubectl get svc web --no-headers')).toMatch(
      /^web +LoadBalancer +10\.96\.\d+\.\d+ +172\.18\.254\.1 +80:31000\/TCP/,
    )
    expect(curl('172.18.254.1')).toBe('200')
    run(`sim fault machine-crash ${idle[0]}; sleep 12`)
    expect(Array.from({ length: 8 }, () => curl('172.18.254.1'))).not.toContain('000')
    run('kubectl delete svc web')
    expect(curl('172.18.254.1')).toBe('000')
  })

  test('give a second service the next address', () => {
    const { run } = shop('type: LoadBalancer')
    run('kubectl expose deployment web --name=two --port=80 --type=LoadBalancer; sleep 5')
    expect(run("kubectl get svc two -o jsonpath='{.status.loadBalancer.ingress[0].ip}'")).toBe('172.18.254.2')
  })
})

test('trafficDistribution keeps connections in the zone while the zone has endpoints', () => {
  const { run } = seat({ 'svc.yaml': service('type: NodePort, trafficDistribution: PreferClose') }, 4)
  run('kubectl create deployment web --image=nginx --replicas=4; kubectl apply -f svc.yaml; sleep 20')
  run('for i in 1 2 3 4 5 6 7 8 9 10 11 12; do curl -s -o /dev/null http://worker-1:31000/; done')
  const busy = run(
    'for p in $(kubectl get pods -o name); do n=$(kubectl logs $p | grep -c GET); [ $n -gt 0 ] && kubectl get $p -o jsonpath=\'{.spec.nodeName}{"\\n"}\'; done',
  )
  expect(
    busy
      .trim()
      .split('\n')
      .every((node) => ['worker-1', 'worker-2'].includes(node)),
  ).toBe(true)
})

test('ssh waits for a command that takes its time, and gives back its exit code', () => {
  const { run, session } = seat()
  const began = session.simulation.now
  expect(run('ssh worker-1 "sleep 2; echo done; exit 3"; echo $?')).toBe('done\n3\n')
  expect(session.simulation.now - began).toBeGreaterThan(2_000)
  expect(session.simulation.now - began).toBeLessThan(3_000)
})

test('IPVS takes turns, once kube-proxy has been restarted with it', () => {
  const { run, served } = shop('type: NodePort')
  run(`kubectl -n kube-system get cm kube-proxy -o yaml | sed 's/mode: ""/mode: "ipvs"/' | kubectl replace -f -`)
  const mode = () => run('ssh worker-1 curl -s http://localhost:10249/proxyMode')
  expect(mode()).toBe('iptables')
  run(
    'kubectl -n kube-system rollout restart ds kube-proxy; kubectl -n kube-system rollout status ds kube-proxy; sleep 2',
  )
  expect(mode()).toBe('ipvs')
  run('sim load http://worker-1:31000 --rps 5 --for 8s')
  expect(served()).toEqual([20, 20])
})

test('a service without a selector leads where hand-made Endpoints say, as long as they are there', () => {
  const { run } = seat({
    'outside.yaml': `apiVersion: v1
kind: Service
metadata: {name: outside}
spec: {type: NodePort, ports: [{port: 5432, targetPort: 80, nodePort: 31000}]}
---
apiVersion: v1
kind: Endpoints
metadata: {name: outside}
subsets: [{addresses: [{ip: IP}], ports: [{port: 80}]}]
`,
  })
  run('kubectl create deployment db --image=nginx; sleep 15')
  run(
    "sed s/IP/$(kubectl get pod -l app=db -o jsonpath='{.items[0].status.podIP}')/ outside.yaml | kubectl apply -f -; sleep 1",
  )
  expect(run('kubectl get endpointslices -l kubernetes.io/service-name=outside --no-headers 2>/dev/null')).toMatch(
    / IPv4 +80 +10\.244\./,
  )
  const code = () => run("curl -s -m 3 -o /dev/null -w '%{http_code}' http://worker-1:31000/")
  expect(code()).toBe('200')
  run('kubectl delete endpoints outside; sleep 1')
  expect(run('kubectl get endpointslices -l kubernetes.io/service-name=outside --no-headers 2>/dev/null')).toBe('')
  expect(code()).toBe('000')
})

test('a hostPort leads to the pod on its own node, for as long as the pod is there', () => {
  const { run } = seat({
    'pod.yaml': `apiVersion: v1
kind: Pod
metadata: {name: web}
spec: {nodeName: worker-1, containers: [{name: web, image: nginx, ports: [{containerPort: 80, hostPort: 8080}]}]}
`,
  })
  run('kubectl apply -f pod.yaml; sleep 15')
  const code = (node: string) => run(`curl -s -m 3 -o /dev/null -w '%{http_code}' http://${node}:8080/`)
  expect([code('worker-1'), code('worker-2')]).toEqual(['200', '000'])
  run('kubectl delete pod web')
  expect(code('worker-1')).toBe('000')
})

test('a service without pods has a slice without ports, and takes the same one again', () => {
  const { run } = seat({ 'web.yaml': web() })
  run('kubectl apply -f web.yaml; kubectl expose deployment web; sleep 10')
  const line = () => run('kubectl get endpointslices -l kubernetes.io/service-name=web --no-headers').split(/\s+/)
  const [name, , ports] = line()
  expect(ports).toBe('80')
  run('kubectl scale deployment web --replicas=0; sleep 5')
  expect(line().slice(0, 4)).toEqual([name, 'IPv4', '<unset>', '<unset>'])
  run('kubectl scale deployment web --replicas=1; sleep 5')
  expect(line().slice(0, 3)).toEqual([name, 'IPv4', '80'])
})

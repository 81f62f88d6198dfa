import { describe, expect, test } from 'vitest'
import { File } from '../../../src/platform/shell/file'
import { seat } from '../../terminal/kubectl/lab'

/** A pod that prints what its script prints and ends. */
const printing = (script: string, more: string) => `apiVersion: v1
kind: Pod
metadata: {name: p, labels: {app: shop}}
spec:
  restartPolicy: Never
${more.replace(/^ {2}container:\n/m, `  containers:\n  - name: c\n    image: busybox\n    command: [sh, -c, ${JSON.stringify(script)}]\n`)}`

function logsOf(script: string, more: string, before = ''): string {
  const { run } = seat({ 'p.yaml': printing(script, more) })
  run(`${before}\nkubectl apply -f p.yaml\nsleep 15`)
  return run('kubectl logs p')
}

describe('environment', () => {
  test('envFrom, env over it, references to what stands before', () => {
    const env = `  container:
    envFrom:
    - {configMapRef: {name: settings}}
    - {configMapRef: {name: settings}, prefix: PRE_}
    - {secretRef: {name: none, optional: true}}
    env:
    - {name: LEVEL, value: own}
    - {name: BOTH, value: "$(MODE)-$(LEVEL)-$(LATER)-$$(MODE)"}
    - {name: LATER, value: x}
    - name: PASSWORD
      valueFrom: {secretKeyRef: {name: db, key: password}}
    - name: MISSING
      valueFrom: {configMapKeyRef: {name: settings, key: nothing, optional: true}}
    - name: HALF
      valueFrom: {resourceFieldRef: {resource: limits.memory, divisor: 1Mi}}
    - name: CORES
      valueFrom: {resourceFieldRef: {resource: requests.cpu}}
    resources: {limits: {memory: 100M}, requests: {cpu: 1500m}}
`
    expect(
      logsOf(
        'echo $MODE $LEVEL $PRE_LEVEL; echo $BOTH; echo $PASSWORD $HALF $CORES; env | grep -c MISSING',
        env,
        `kubectl create cm settings --from-literal=MODE=dark --from-literal=LEVEL=3
kubectl create secret generic db --from-literal=password='s3cr$t'`,
      ),
    ).toBe('dark own 3\ndark-own-$(LATER)-$(MODE)\ns3cr$t 96 2\n0\n')
  })

  test('without service links only the API server is told', () => {
    const before = 'kubectl create service clusterip shop --tcp=80'
    const script = 'env | grep -c ^SHOP_; env | grep -c ^KUBERNETES_SERVICE_HOST'
    expect(logsOf(script, '  container:\n', before)).toBe('8\n1\n')
    expect(logsOf(script, '  enableServiceLinks: false\n  container:\n', before)).toBe('0\n1\n')
  })

  test.each([
    ['a ConfigMap', 'configMapKeyRef: {name: later, key: k}', 'configmap "later" not found'],
    [
      'a key of a ConfigMap',
      'configMapKeyRef: {name: there, key: k}',
      "couldn't find key k in ConfigMap default/there",
    ],
    ['a Secret', 'secretKeyRef: {name: later, key: k}', 'secret "later" not found'],
  ])('%s that is missing holds the container back until it is there', (_, ref, message) => {
    const env = `  container:\n    env: [{name: A, valueFrom: {${ref}}}]\n`
    const { run } = seat({ 'p.yaml': printing('echo $A', env) })
    run('kubectl create cm there --from-literal=x=1; kubectl apply -f p.yaml; sleep 5')
    expect(run('kubectl get pod p')).toMatch(/^p +0\/1 +CreateContainerConfigError +0 /m)
    expect(run("kubectl get pod p -o jsonpath='{.status.containerStatuses[0].state.waiting.message}'")).toBe(message)
    expect(run('kubectl describe pod p')).toContain(`Error: ${message}\n`)
    run(`kubectl delete cm there; kubectl create cm there --from-literal=k=v
kubectl create cm later --from-literal=k=v; kubectl create secret generic later --from-literal=k=v; sleep 16`)
    expect(run('kubectl logs p')).toBe('v\n')
  })

  test('nobody runs as root who must not', () => {
    const { run } = seat({ 'p.yaml': printing('id -u', '  securityContext: {runAsNonRoot: true}\n  container:\n') })
    run('kubectl apply -f p.yaml; sleep 5')
    expect(run('kubectl describe pod p')).toMatch(
      /Error: container has runAsNonRoot and image will run as root \(pod: "p_default\(.*\)", container: c\)/,
    )
    const user = '  securityContext: {runAsNonRoot: true, runAsUser: 1000, fsGroup: 2000}\n  container:\n'
    expect(logsOf('id; whoami', user)).toBe('uid=1000 gid=0(root) groups=0(root),2000\nwhoami: unknown uid 1000\n')
  })
})

describe('volumes', () => {
  const volumes = `  volumes:
  - name: v
    configMap: {name: settings, items: [{key: a, path: deep/a.txt, mode: 256}]}
  - name: all
    projected:
      sources:
      - {configMap: {name: settings}}
      - {secret: {name: db, items: [{key: password, path: pw}]}}
      - {downwardAPI: {items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}]}}
  container:
    volumeMounts:
    - {name: v, mountPath: /v}
    - {name: all, mountPath: /all}
    - {name: all, mountPath: /etc/one, subPath: b}
`
  const made = `kubectl create cm settings --from-literal=a=1 --from-literal=b=2
kubectl create secret generic db --from-literal=password=pw`

  test('are made of the objects, and cannot be written', () => {
    const script = 'ls /all; cat /v/deep/a.txt /all/pw /etc/one /all/labels; echo; echo x > /all/a; ls /v'
    expect(logsOf(script, volumes, made)).toBe(
      'a\nb\nlabels\npw\n1pw2app="shop"\nsh: /all/a: Read-only file system\ndeep\n',
    )
  })

  test('wait for their objects, and tell of it', () => {
    const { run } = seat({ 'p.yaml': printing('cat /v/deep/a.txt', volumes) })
    run('kubectl apply -f p.yaml; sleep 10')
    expect(run('kubectl get pod p')).toMatch(/^p +0\/1 +ContainerCreating +0 /m)
    const told = run('kubectl describe pod p')
    expect(told).toMatch(/FailedMount .* MountVolume\.SetUp failed for volume "v" : configmap "settings" not found/)
    expect(told).toMatch(
      /FailedMount .* MountVolume\.SetUp failed for volume "all" : \[configmap "settings" not found, secret "db" not found\]/,
    )
    run(`${made}; sleep 20`)
    expect(run('kubectl logs p')).toBe('1')
  })

  test('a key that is not there', () => {
    const { run } = seat({ 'p.yaml': printing('true', volumes) })
    run('kubectl create cm settings --from-literal=b=2; kubectl apply -f p.yaml; sleep 5')
    expect(run('kubectl describe pod p')).toContain(
      'MountVolume.SetUp failed for volume "v" : configmap references non-existent config key: a\n',
    )
  })

  test('follow a change within 90 s, but not what is mounted by subPath', () => {
    const pod = printing('sleep 1000', volumes)
    const { run } = seat({ 'p.yaml': pod })
    run(`${made}; kubectl apply -f p.yaml; sleep 10`)
    run(`kubectl patch cm settings -p '{"data":{"b":"new"}}'`)
    expect(run('kubectl exec p -- cat /all/b')).toBe('2')
    run('sleep 90')
    expect(run('kubectl exec p -- cat /all/b /etc/one')).toBe('new2')
    // a change of the pod itself is an occasion to look
    run(`kubectl patch cm settings -p '{"data":{"b":"newer"}}'; kubectl annotate pod p a=b; sleep 1`)
    expect(run('kubectl exec p -- cat /all/b')).toBe('newer')
  })

  test('emptyDir is shared by containers and survives their restarts; the pod takes it along', () => {
    const pod = `apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  volumes: [{name: d, emptyDir: {}}]
  containers:
  - {name: a, image: busybox, command: [sh, -c, 'echo x >> /d/f; sleep 20'], volumeMounts: [{name: d, mountPath: /d}]}
  - {name: b, image: busybox, command: [sleep, '1000'], volumeMounts: [{name: d, mountPath: /e, readOnly: true}]}
`
    const { run, session } = seat({ 'p.yaml': pod })
    const files = () => session.simulation.store.list(File).filter(({ key }) => key.includes('.d/'))
    run('kubectl apply -f p.yaml; sleep 30')
    expect(run('kubectl exec p -c b -- sh -c "cat /e/f; touch /e/g"')).toMatch(/^x\nx\n.*Read-only file system/)
    expect(files()).toHaveLength(1)
    run('kubectl delete pod p --grace-period=1')
    expect(files()).toHaveLength(0)
  })

  test('a hostPath is the machine’s own, and of the kind that it should be', () => {
    const pod = (name: string, type: string, command: string) => `apiVersion: v1
kind: Pod
metadata: {name: ${name}}
spec:
  nodeName: worker-1
  volumes: [{name: h, hostPath: {path: /data/x, type: ${type}}}]
  containers: [{name: c, image: busybox, command: [sh, -c, '${command}; sleep 1000'], volumeMounts: [{name: h, mountPath: /h}]}]
`
    const { run } = seat({
      'a.yaml': pod('a', 'Directory', 'true'),
      'b.yaml': pod('b', 'DirectoryOrCreate', 'echo hello > /h/f'),
      'c.yaml': pod('c', '""', 'cat /h/f'),
    })
    run('kubectl apply -f a.yaml; sleep 3')
    expect(run('kubectl describe pod a')).toContain('hostPath type check failed: /data/x is not a directory')
    run('kubectl apply -f b.yaml; sleep 5; kubectl delete pod b --grace-period=1; kubectl apply -f c.yaml; sleep 5')
    expect(run('kubectl logs c')).toBe('hello\n')
  })

  test('a web server shows what is mounted into its folder, and needs room to write', () => {
    const pod = (name: string, more: string, mounts: string, volumes: string) => `apiVersion: v1
kind: Pod
metadata: {name: ${name}}
spec:
  volumes: [{name: page, configMap: {name: page}}${volumes}]
  containers:
  - name: nginx
    image: nginx:1.27
    ${more}
    volumeMounts: [{name: page, mountPath: /usr/share/nginx/html/}${mounts}]
`
    const readOnly = 'securityContext: {readOnlyRootFilesystem: true}'
    const room = [
      ', {name: c, mountPath: /var/cache/nginx}, {name: r, mountPath: /var/run}',
      ', {name: c, emptyDir: {}}, {name: r, emptyDir: {}}',
    ]
    const { run } = seat({
      'a.yaml': pod('a', '', '', ''),
      'b.yaml': pod('b', readOnly, '', ''),
      'c.yaml': pod('c', readOnly, room[0]!, room[1]!),
    })
    run('kubectl create cm page --from-literal=index.html=hello --from-literal=a.txt=text')
    run('kubectl apply -f a.yaml -f b.yaml -f c.yaml; sleep 12')
    expect(run("kubectl get pods --no-headers | awk '{print $1, $3}'")).toMatch(
      /^a Running\nb CrashLoopBackOff\nc Running\n$/,
    )
    expect(run('kubectl logs b')).toContain('mkdir() "/var/cache/nginx/client_temp" failed (30: Read-only file system)')
    run(
      'kubectl run client --image=curlimages/curl --command -- sleep 1000; sleep 5; kubectl expose pod a --port=80 --name=a 2>/dev/null',
    )
    run('kubectl label pod a app=a; kubectl expose pod a --port=80; sleep 2')
    expect(run('kubectl exec client -- curl -s -o /dev/null -w "%{http_code}" a/none')).toBe('404')
    expect(run('kubectl exec client -- curl -s a/a.txt')).toBe('text')
    expect(run('kubectl exec client -- curl -s a/')).toBe('hello')
  })
})

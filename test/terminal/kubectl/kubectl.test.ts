import { describe, expect, test } from 'vitest'
import { seat, web } from './lab'

const lines = (text: string) => text.trimEnd().split('\n')

describe('apply', () => {
  test('creates, leaves alone, and changes', () => {
    const { run } = seat({ 'web.yaml': web() })
    expect(run('kubectl apply -f web.yaml')).toBe('deployment.apps/web created\n')
    expect(run('kubectl apply -f web.yaml')).toBe('deployment.apps/web unchanged\n')
    run(`sed -i s/1.27/1.28/ web.yaml 2>/dev/null || cat > web.yaml <<'END'\n${web('nginx:1.28')}END`)
    expect(run('kubectl apply -f web.yaml')).toBe('deployment.apps/web configured\n')
    expect(run("kubectl get deploy web -o jsonpath='{.spec.template.spec.containers[0].image}'")).toBe('nginx:1.28')
  })

  test('removes what it applied before, and keeps what others set', () => {
    const env = '        env: [{name: A, value: "1"}, {name: B, value: "2"}]\n'
    const { run } = seat({
      'one.yaml': web('nginx:1.27', 2, env),
      'two.yaml': web('nginx:1.27', 2, '        env: [{name: B, value: "2"}]\n'),
    })
    run(
      'kubectl apply -f one.yaml; kubectl set env deploy/web C=3; kubectl scale deploy web --replicas=4; kubectl label deploy web mine=yes',
    )
    expect(run('kubectl apply -f two.yaml')).toBe('deployment.apps/web configured\n')
    expect(
      run(
        "kubectl get deploy web -o jsonpath='{range .spec.template.spec.containers[0].env[*]}{.name} {end}{.spec.replicas} {.metadata.labels.mine}'",
      ),
    ).toBe('B C 2 yes')
  })

  test('reads several documents, Lists, folders and standard input', () => {
    const namespace = (name: string) => `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}}\n`
    const list = `apiVersion: v1\nkind: List\nitems:\n- ${namespace('c').trimEnd().replaceAll('\n', '\n  ')}\n`
    const { run } = seat({
      'dir/a.yaml': `${namespace('a')}---\n# nothing\n---\n${namespace('b')}`,
      'dir/deep/c.json': JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'd' } }),
      'list.yaml': list,
    })
    expect(run('kubectl apply -f dir')).toBe('namespace/a created\nnamespace/b created\n')
    expect(run('kubectl apply -R -f dir/')).toBe('namespace/a unchanged\nnamespace/b unchanged\nnamespace/d created\n')
    expect(run('cat list.yaml | kubectl apply -f -')).toBe('namespace/c created\n')
    expect(run(`kubectl apply -f - <<'END'\n${namespace('e')}END`)).toBe('namespace/e created\n')
  })

  test('warns of objects that it did not make', () => {
    const { run } = seat({ 'web.yaml': web() })
    run('kubectl create deployment web --image=nginx:1.27')
    const [warning, outcome] = lines(run('kubectl apply -f web.yaml'))
    expect(warning).toMatch(
      /^Warning: resource deployments\/web is missing the kubectl\.kubernetes\.io\/last-applied-configuration annotation/,
    )
    expect(outcome).toBe('deployment.apps/web configured')
  })

  test.each([
    [
      'an unknown field',
      web().replace('image:', 'imgae:'),
      'Error from server (BadRequest): error when creating "x.yaml": Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.template.spec.containers[0].imgae"',
    ],
    [
      'an unknown kind',
      'apiVersion: v1\nkind: Foo\nmetadata: {name: x}\n',
      'error: resource mapping not found for name: "x" namespace: "" from "x.yaml": no matches for kind "Foo" in version "v1"\nensure CRDs are installed first',
    ],
    [
      'an old version',
      web().replace('apps/v1', 'extensions/v1beta1'),
      'error: resource mapping not found for name: "web" namespace: "" from "x.yaml": no matches for kind "Deployment" in version "extensions/v1beta1"\nensure CRDs are installed first',
    ],
    [
      'a key twice',
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  name: b\n',
      'error: error parsing x.yaml: error converting YAML to JSON: yaml: unmarshal errors:\n  line 5: key "name" already set in map',
    ],
    [
      'what is invalid',
      web('nginx', -1),
      'The Deployment "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    ],
    [
      'several mistakes',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: X}\nspec: {containers: [{name: a}]}\n',
      "The Pod \"X\" is invalid: \n* metadata.name: Invalid value: \"X\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')\n* spec.containers[0].image: Required value",
    ],
    [
      'no apiVersion',
      'kind: Pod\nmetadata: {name: x}\n',
      'error: error validating "x.yaml": error validating data: apiVersion not set; if you choose to ignore these errors, turn validation off with --validate=false',
    ],
    [
      'a bomb of aliases',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefgh'
        .split('')
        .map((c, i) => `${c}: &${c} [${Array(9).fill(`*${'abcdefg'[i]}`).join(',')}]`)
        .join('\n')}\n`,
      'error: error parsing x.yaml: error converting YAML to JSON: yaml: document contains excessive aliasing',
    ],
    [
      'too deep nesting',
      `${'['.repeat(200)}${']'.repeat(200)}`,
      'error: error parsing x.yaml: error converting YAML to JSON: yaml: exceeded max depth of 100',
    ],
  ])('refuses %s', (_, text, want) => {
    const at = seat({ 'x.yaml': text })
    expect(at.run('kubectl apply -f x.yaml')).toBe(`${want}\n`)
    expect(at.status).toBe(1)
  })
})

describe('get', () => {
  test('tables, several kinds, names', () => {
    const { run } = seat({ 'web.yaml': web() })
    run('kubectl apply -f web.yaml; kubectl rollout status deploy/web')
    expect(lines(run('kubectl get deploy,ns/default --no-headers 2>&1'))[0]).toMatch(/^error: /)
    const [head, row] = lines(run('kubectl get deploy -o wide'))
    expect(head).toBe('NAME   READY   UP-TO-DATE   AVAILABLE   AGE   CONTAINERS   IMAGES       SELECTOR')
    expect(row).toMatch(/^web {4}2\/2 {5}2 {12}2 {11}\d+s {4}nginx {8}nginx:1\.27 {3}app=web$/)
    expect(run('kubectl get deploy/web svc/kubernetes -o name')).toBe('deployment.apps/web\nservice/kubernetes\n')
    expect(lines(run('kubectl get po -l app=web --no-headers'))).toHaveLength(2)
    expect(run('kubectl get no -o custom-columns=N:.metadata.name,IP:.status.addresses[0].address | cat')).toBe(
      'N               IP\ncontrol-plane   172.18.0.2\nworker-1        172.18.0.3\nworker-2        172.18.0.4\n',
    )
    expect(run('kubectl get nodes --sort-by=.status.addresses[0].address -o name')).toBe(
      'node/control-plane\nnode/worker-1\nnode/worker-2\n',
    )
    expect(lines(run('kubectl get nodes -L kubernetes.io/os'))[1]).toMatch(/v1\.34\.2 {3}linux$/)
  })

  test.each([
    ['kubectl get', 1, 'error: Required resource not specified.'],
    ['kubectl get foo', 1, 'error: the server doesn\'t have a resource type "foo"'],
    ['kubectl get pods', 0, 'No resources found in default namespace.'],
    ['kubectl get pods -n nowhere', 0, 'No resources found in nowhere namespace.'],
    ['kubectl get pods x', 1, 'Error from server (NotFound): pods "x" not found'],
    ['kubectl get pods x --ignore-not-found', 0, ''],
    ['kubectl get deploy x', 1, 'Error from server (NotFound): deployments.apps "x" not found'],
    ['kubectl get pods --foo', 1, "error: unknown flag: --foo\nSee 'kubectl get --help' for usage."],
    ['kubectl get pods -o', 1, "error: flag needs an argument: 'o' in -o\nSee 'kubectl get --help' for usage."],
    ['kubectl get pods -o foo', 1, 'error: unable to match a printer suitable for the output format "foo"'],
    ['kubectl get pods x -l a=b', 1, 'error: name cannot be provided when a selector is specified'],
    ['kubectl get pods x -A', 1, 'error: a resource cannot be retrieved by name across all namespaces'],
    [
      'kubectl get pods --field-selector foo=bar',
      1,
      'Error from server (BadRequest): Unable to find "/v1, Resource=pods" that match label selector "", field selector "foo=bar": field label not supported: foo',
    ],
    [
      'kubectl get podtemplates',
      1,
      'Error from server (NotModelled): podtemplates are served by Kubernetes 1.34, but Drydock does not model them yet',
    ],
    ['kubectl gte pods', 1, 'error: unknown command "gte" for "kubectl"\n\nDid you mean this?\n\tget'],
    [
      'kubectl scale deploy web --replicas=x',
      1,
      'error: invalid argument "x" for "--replicas" flag: strconv.ParseInt: parsing "x": invalid syntax\nSee \'kubectl scale --help\' for usage.',
    ],
    ['kubectl delete pods', 1, 'error: resource(s) were provided, but no name was specified'],
    ['kubectl top pods --sort-by=age', 1, 'error: --sort-by accepts only cpu or memory'],
  ])('%s', (command, status, want) => {
    const at = seat()
    const printed = at.run(command)
    if (want === '') expect(printed).toBe('')
    else expect(printed).toContain(want)
    expect(at.status).toBe(status)
  })

  test('kinds by every name that people use', () => {
    const { run } = seat()
    for (const word of ['no', 'node', 'nodes', 'Node', 'nodes.v1.', 'nodes.v1'])
      expect(run(`kubectl get ${word} worker-1 -o name`)).toBe('node/worker-1\n')
    for (const word of ['deploy', 'deployment', 'deployments.apps', 'deploy.v1.apps', 'deployments.v1.apps']) {
      expect(run(`kubectl get ${word} -n kube-system -o name`)).toBe('deployment.apps/coredns\n')
    }
  })

  test('a watch goes on in its columns until it is ended', () => {
    const { run } = seat()
    const [head, ...rows] = lines(
      run('kubectl create deployment web --image=nginx:1.27 >/dev/null; timeout 20 kubectl get pods -w'),
    )
    expect(head).toMatch(/^NAME {2,}READY {3}STATUS {2,}RESTARTS {3}AGE$/)
    expect(rows.length).toBeGreaterThanOrEqual(2)
    expect(rows.at(-1)).toMatch(/^web-\S+ {3}1\/1 {5}Running {2,}0 {10}\d+s$/)
  })
})

describe('YAML', () => {
  test('as kubectl prints it', () => {
    const { run } = seat()
    run(
      'kubectl create ns yes; kubectl annotate ns yes a=1 b=true c="x: y" d="" e=" f" g="line one\nline two" h=plain,text',
    )
    const text = run('kubectl get ns yes -o yaml')
    expect(text).toContain(`  annotations:
    a: "1"
    b: "true"
    c: 'x: y'
    d: ""
    e: ' f'
    g: |-
      line one
      line two
    h: plain,text
`)
    expect(text).toContain('  labels:\n    kubernetes.io/metadata.name: "yes"\n  name: "yes"\n')
    expect(text).toContain('  finalizers:\n  - kubernetes\nstatus:\n  phase: Active\n')
  })
})

describe('rollouts', () => {
  test('status, history, undo, pause', () => {
    const at = seat({ 'web.yaml': web() })
    const { run } = at
    run('kubectl apply -f web.yaml')
    expect(lines(run('kubectl rollout status deployment/web')).at(-1)).toBe('deployment "web" successfully rolled out')
    run('kubectl set image deploy/web nginx=nginx:1.28; kubectl annotate deploy web kubernetes.io/change-cause=newer')
    expect(run('kubectl rollout status deploy/web')).toContain(
      'Waiting for deployment "web" rollout to finish: 1 out of 2 new replicas have been updated...\n',
    )
    expect(run('kubectl rollout history deploy/web')).toBe(
      'deployment.apps/web \nREVISION  CHANGE-CAUSE\n1         <none>\n2         newer\n\n',
    )
    expect(run('kubectl rollout history deploy/web --revision=1')).toMatch(
      /^deployment\.apps\/web with revision #1\nPod Template:\n {2}Labels:\tapp=web\n\tpod-template-hash=\S+\n {2}Containers:\n {3}nginx:\n {4}Image:\tnginx:1\.27\n/,
    )
    expect(run('kubectl rollout undo deploy/web')).toBe('deployment.apps/web rolled back\n')
    expect(run('kubectl rollout undo deploy/web --to-revision=9')).toBe(
      'error: unable to find specified revision 9 in history\n',
    )
    expect(run('kubectl rollout pause deploy/web; kubectl rollout pause deploy/web')).toBe(
      'deployment.apps/web paused\nerror: deployments.apps "web" is already paused\n',
    )
    expect(run('kubectl rollout undo deploy/web')).toContain('you cannot rollback a paused deployment')
    expect(run('kubectl rollout restart deploy/web')).toBe(
      'error: deployments.apps "web" can\'t restart paused deployment (run rollout resume first)\n',
    )
    expect(run('kubectl rollout resume deploy/web; kubectl rollout restart deploy/web')).toBe(
      'deployment.apps/web resumed\ndeployment.apps/web restarted\n',
    )
  })

  test('set image says nothing when nothing changes', () => {
    const { run } = seat({ 'web.yaml': web() })
    run('kubectl apply -f web.yaml')
    expect(run('kubectl set image deploy/web nginx=nginx:1.27')).toBe('')
    expect(run('kubectl set image deploy/web other=nginx:1.27')).toBe('error: unable to find container named "other"\n')
  })
})

describe('nodes', () => {
  test('cordon, taint, drain', () => {
    const at = seat({ 'web.yaml': web() })
    const { run } = at
    run(
      'kubectl apply -f web.yaml; kubectl run alone --image=nginx:1.27; kubectl rollout status deploy/web; kubectl wait --for=condition=Ready pod/alone',
    )
    expect(
      run(
        'kubectl taint nodes worker-1 a=b:NoSchedule; kubectl taint nodes worker-1 a=c:NoSchedule; kubectl taint nodes worker-1 a:NoSchedule-',
      ),
    ).toBe(
      'node/worker-1 tainted\nerror: node worker-1 already has a taint(s) with same effect(s) and --overwrite is false\nnode/worker-1 untainted\n',
    )
    const node = run("kubectl get pod alone -o jsonpath='{.spec.nodeName}'")
    const refused = run(`kubectl drain ${node}`)
    expect(refused).toContain(
      'cannot delete cannot delete Pods that declare no controller (use --force to override): default/alone',
    )
    expect(refused).toContain(
      'cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore): kube-system/kube-proxy-',
    )
    expect(at.status).toBe(1)
    const drained = run(`kubectl drain ${node} --ignore-daemonsets --force`)
    expect(drained).toContain('evicting pod default/alone\n')
    expect(drained).toContain('pod/alone evicted\n')
    expect(drained).toMatch(new RegExp(`node/${node} drained\\n$`))
    expect(run(`kubectl get pods --field-selector spec.nodeName=${node}`)).toBe(
      'No resources found in default namespace.\n',
    )
    expect(run(`kubectl uncordon ${node}`)).toBe(`node/${node} uncordoned\n`)
  })
})

describe('pods', () => {
  test('logs, exec, wait, delete', () => {
    const at = seat()
    const { run } = at
    run("kubectl run talker --image=busybox:1.36 --restart=Never -- sh -c 'echo one; echo two; sleep 600'")
    expect(run('kubectl wait --for=condition=Ready pod/talker')).toBe('pod/talker condition met\n')
    expect(run('kubectl logs talker')).toBe('one\ntwo\n')
    expect(run('kubectl logs talker --tail=1')).toBe('two\n')
    expect(run('kubectl exec talker -- echo hello')).toBe('hello\n')
    expect(run("kubectl exec talker -- sh -c 'exit 4'")).toBe('command terminated with exit code 4\n')
    expect(at.status).toBe(4)
    expect(run('echo in | kubectl exec -i talker -- cat')).toBe('in\n')
    expect(run('kubectl wait --for=jsonpath={.status.phase}=Succeeded pod/talker --timeout=2s')).toBe(
      'error: timed out waiting for the condition on pods/talker\n',
    )
    expect(run('kubectl delete pod talker --now')).toBe('pod "talker" deleted from default namespace\n')
    expect(run('kubectl get pods')).toBe('No resources found in default namespace.\n')
  })

  test('standard input is left for others by commands that do not read it', () => {
    const { run } = seat()
    expect(run("printf 'a\\nb\\n' | while read name; do kubectl create ns $name; done")).toBe(
      'namespace/a created\nnamespace/b created\n',
    )
  })
})

describe('describe', () => {
  test('a service and its endpoints', () => {
    const { run } = seat({ 'web.yaml': web() })
    run(
      'kubectl apply -f web.yaml; kubectl rollout status deploy/web; kubectl expose deploy web --port=80 --name=front; sleep 2',
    )
    expect(run('kubectl describe svc front').replace(/10\.96\.\d+\.\d+/g, '10.96.0.0')).toMatch(
      /^Name: {21}front\nNamespace: {16}default\nLabels: {19}<none>\nAnnotations: {14}<none>\nSelector: {17}app=web\nType: {21}ClusterIP\nIP Family Policy: {9}SingleStack\nIP Families: {14}IPv4\nIP: {23}10\.96\.0\.0\nIPs: {22}10\.96\.0\.0\nPort: {21}<unset> {2}80\/TCP\nTargetPort: {15}80\/TCP\nEndpoints: {16}10\.244\.\d\.\d+:80,10\.244\.\d\.\d+:80\nSession Affinity: {9}None\nInternal Traffic Policy: {2}Cluster\nEvents: {19}<none>\n$/,
    )
  })

  test('a pod in its blocks, each with its own columns', () => {
    const { run } = seat()
    run('kubectl run web --image=nginx:1.27 --port=80; kubectl wait --for=condition=Ready pod/web')
    const text = run('kubectl describe pod web')
    expect(text).toMatch(
      /^Name: {13}web\nNamespace: {8}default\nPriority: {9}0\nService Account: {2}default\nNode: {13}worker-\d\/172\.18\.0\.\d\n/,
    )
    expect(text).toMatch(
      /\nIPs:\n {2}IP: {2}10\.244\.\d\.\d+\nContainers:\n {2}web:\n {4}Container ID: {3}containerd:\/\//,
    )
    expect(text).toMatch(/\nConditions:\n {2}Type {24}Status\n {2}PodReadyToStartContainers {3}True \n/)
    expect(text).toMatch(
      /\nEvents:\n {2}Type {4}Reason {5}Age {3}From {15}Message\n {2}---- {4}------ {5}---- {2}---- {15}-------\n {2}Normal {2}Scheduled/,
    )
  })

  test('what is not there', () => {
    const at = seat()
    expect(at.run('kubectl describe pod nope')).toBe('Error from server (NotFound): pods "nope" not found\n')
    expect(at.status).toBe(1)
  })
})

test('without an answer kubectl gives up after half a minute', () => {
  const at = seat()
  const before = at.session.now
  at.run('sim fault machine-crash control-plane')
  expect(at.run('kubectl get nodes')).toMatch(
    /^Unable to connect to the server: dial tcp 172\.18\.0\.2:6443: i\/o timeout\n$/,
  )
  expect(at.session.now - before).toBeGreaterThan(30_000)
})

test('help is made from what a command declares', () => {
  const { run } = seat()
  expect(run('kubectl --help')).toContain('Basic Commands (Beginner):\n  create')
  const help = run('kubectl scale --help')
  expect(help).toContain('Usage:\n  kubectl scale [--resource-version=version]')
  expect(help).toContain('        --replicas=0:\n')
})

describe('files that name another namespace', () => {
  const elsewhere = web().replace('  name: web\n', '  name: web\n  namespace: shop\n')

  test('are read and changed there', () => {
    const { run } = seat({ 'web.yaml': elsewhere })
    run(
      'kubectl create namespace shop; kubectl create deployment web --image=redis:7; kubectl apply -f web.yaml; sleep 20',
    )
    expect(run('kubectl label -f web.yaml tier=front')).toBe('deployment.apps/web labeled\n')
    expect(run('kubectl patch -f web.yaml -p \'{"spec":{"replicas":3}}\'')).toBe('deployment.apps/web patched\n')
    expect(run('kubectl set image -f web.yaml nginx=nginx:1.28')).toBe('deployment.apps/web image updated\n')
    expect(run('kubectl rollout restart -f web.yaml')).toBe('deployment.apps/web restarted\n')
    expect(run('kubectl rollout status -f web.yaml')).toMatch(/deployment "web" successfully rolled out\n$/)
    expect(run('kubectl describe -f web.yaml')).toMatch(/^Name:\s+web\nNamespace:\s+shop\n/)
    expect(run('kubectl expose -f web.yaml --port=80')).toBe('service/web exposed\n')
    expect(run('kubectl get -f web.yaml -o name')).toBe('deployment.apps/web\n')
    expect(run('kubectl get svc web -n shop -o name')).toBe('service/web\n')
    expect(run("kubectl get deploy web -n shop -o jsonpath='{.spec.replicas} {.metadata.labels.tier}'")).toBe('3 front')
    expect(
      run("kubectl get deploy web -o jsonpath='{.spec.replicas} {.metadata.labels.tier} {.metadata.generation}'"),
    ).toBe('1  1')
  })
})

test('a patch that nests too deep is refused in words that do not depend on the stack', () => {
  const { run } = seat({ 'deep.json': '['.repeat(50_000) })
  run('kubectl create deployment web --image=nginx')
  expect(run("kubectl patch deploy web -p '{{{{'")).toMatch(/^error: unable to parse "\{\{\{\{": yaml: /)
  expect(run('kubectl patch deploy web --patch-file deep.json')).toMatch(/: yaml: exceeded max depth of 100\n$/)
})

test('events are gone an hour after they were last told', () => {
  const { run } = seat()
  run('kubectl create deployment web --image=nginx; sleep 3500')
  expect(run('kubectl get events --no-headers | wc -l').trim()).not.toBe('0')
  run('sleep 200')
  expect(run('kubectl get events')).toBe('No resources found in default namespace.\n')
})

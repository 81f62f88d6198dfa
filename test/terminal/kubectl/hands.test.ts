import { describe, expect, test } from 'vitest'
import { seat, web } from './lab'

const service =
  'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: 80}]}\n'

/** A seat where the deployment and its service are up. */
function served() {
  const at = seat({ 'web.yaml': `${web()}---\n${service}` })
  at.run('kubectl apply -f web.yaml; kubectl wait --for=condition=Available deploy/web --timeout=120s')
  return at
}

describe('edit', () => {
  test('an editor is a command of the shell, and only what it changes is sent', () => {
    const { run } = served()
    expect(run('KUBE_EDITOR="sed -i s/1.27/1.28/" kubectl edit deploy web')).toBe('deployment.apps/web edited\n')
    expect(
      run(
        'kubectl get deploy web -o jsonpath=\'{..image} {.metadata.managedFields[?(@.manager=="kubectl-edit")].operation}\'',
      ),
    ).toBe('nginx:1.28 Update')
    expect(run('KUBE_EDITOR="sed -i s/1.27/1.28/" kubectl edit deploy web')).toBe('Edit cancelled, no changes made.\n')
    expect(run('EDITOR="sed -i d" kubectl edit deploy web')).toBe('Edit cancelled, saved file was empty.\n')
  })

  test('what the server refuses comes back as comments in the file', () => {
    const at = served()
    const printed = at.run('KUBE_EDITOR="sed -i \'s/replicas: 2/replicas: -1/\'" kubectl edit deploy web')
    const path = /stored to "(.+)"/.exec(printed)?.[1]
    expect(printed).toContain('error: Edit cancelled, no valid changes were saved.')
    expect(at.status).toBe(1)
    expect(at.run(`grep '^# [d*]' ${path}`)).toBe(
      '# deployments.apps "web" was not valid:\n# * spec.replicas: Invalid value: -1: must be greater than or equal to 0\n',
    )
  })

  test('without an editor it says how to name one; one that fails changes nothing', () => {
    const { run } = served()
    expect(run('kubectl edit deploy web')).toContain('KUBE_EDITOR="sed -i s/1.27/1.28/" kubectl edit deploy web')
    expect(run('KUBE_EDITOR=false kubectl edit deploy web')).toBe(
      'error: there was a problem with the editor "false"\n',
    )
  })
})

describe('diff', () => {
  test('tells what apply would change, by its exit status too', () => {
    const at = served()
    expect(at.run('kubectl diff -f web.yaml')).toBe('')
    expect(at.status).toBe(0)
    const lines = at.run('sed -i s/1.27/1.28/ web.yaml; kubectl diff -f web.yaml').split('\n')
    expect(at.status).toBe(1)
    expect(lines[0]).toMatch(
      /^diff -u -N \/tmp\/LIVE-\d+\/apps\.v1\.Deployment\.default\.web \/tmp\/MERGED-\d+\/apps\.v1\.Deployment\.default\.web$/,
    )
    expect(lines[1]).toMatch(/^--- \/tmp\/LIVE-\S+\t2025-01-15 09:\d\d:\d\d\.\d{9} \+0000$/)
    expect(lines.filter((line) => /^[-+] /.test(line))).toEqual([
      '-  generation: 1',
      '+  generation: 2',
      '-      - image: nginx:1.27',
      '+      - image: nginx:1.28',
    ])
    expect(lines).toContain('@@ -29,7 +29,7 @@')
    at.run('kubectl diff -f missing.yaml')
    expect(at.status).toBe(2)
    expect(at.run("kubectl get deploy web -o jsonpath='{..image}'")).toBe('nginx:1.27')
  })
})

describe('port-forward', () => {
  test('carries requests to the pod that it chose, until that is gone', () => {
    const { run } = served()
    run('kubectl port-forward svc/web 8080:80 > forward.txt 2>&1 &')
    run('sleep 2')
    expect(run("curl -s -o /dev/null -w '%{http_code}' localhost:8080")).toBe('200')
    expect(run('cat forward.txt')).toBe(
      'Forwarding from 127.0.0.1:8080 -> 80\nForwarding from [::1]:8080 -> 80\nHandling connection for 8080\n',
    )
    expect(run('kubectl port-forward svc/web 8080:80')).toContain('bind: address already in use')
    run('kubectl delete pods -l app=web')
    expect(run('curl localhost:8080')).toContain('curl: (52) Empty reply from server')
    expect(run('sleep 1; tail -1 forward.txt')).toBe('error: lost connection to pod\n')
    expect(run('curl localhost:8080')).toContain('curl: (7) Failed to connect')
  })

  test('the port is closed when the command is ended', () => {
    const { run } = served()
    run('kubectl port-forward deploy/web 8080:80 > /dev/null & sleep 2; kill $!; sleep 1')
    expect(run('curl localhost:8080')).toContain('curl: (7)')
  })

  test('the API server has to be reached', () => {
    const { run } = served()
    run('kubectl port-forward svc/web 8080:80 > /dev/null 2>&1 & sleep 2; sim fault machine-crash control-plane')
    expect(run('curl -m 5 localhost:8080')).toMatch(/curl: \((52|28)\)/)
  })

  test.each([
    ['svc/web 81', 'error: Service web does not have a service port 81\n'],
    ['svc/web 1:2:3', "error: invalid port format '1:2:3'\n"],
    ['deploy/web http', /does not have a named port 'http'/],
    ['svc/web', /TYPE\/NAME and list of ports are required for port-forward/],
  ])('port-forward %s', (words, text) => {
    const printed = served().run(`kubectl port-forward ${words}`)
    typeof text === 'string' ? expect(printed).toBe(text) : expect(printed).toMatch(text)
  })
})

describe('top', () => {
  test('has values once metrics-server has looked twice', () => {
    const { run } = served()
    expect(run('kubectl top pods')).toBe('error: metrics not available yet\n')
    const lines = run('sleep 45; kubectl top pods').split('\n')
    expect(lines[0]).toMatch(/^NAME +CPU\(cores\) {3}MEMORY\(bytes\) {3}$/)
    expect(lines[1]).toMatch(/^web-\S+ +\d+m +\d+Mi +$/)
    expect(run('kubectl top nodes --no-headers')).toMatch(/^control-plane +\d+m +\d+% +\d+Mi +\d+% +$/m)
    expect(run('kubectl top pods -n kube-public')).toBe('No resources found in kube-public namespace.\n')
  })
})

describe('cp', () => {
  test('files and folders go in and come out', () => {
    const at = seat({ 'web.yaml': web('nginx:1.27', 1), 'site/index.html': 'hello\n', 'site/css/a.css': 'body\n' })
    at.run('kubectl apply -f web.yaml; kubectl wait --for=condition=Available deploy/web --timeout=120s')
    at.run(
      "POD=$(kubectl get pods -o jsonpath='{.items[0].metadata.name}'); kubectl cp site $POD:/tmp/site; kubectl cp site/index.html $POD:/tmp",
    )
    expect(at.run('kubectl exec $POD -- cat /tmp/site/css/a.css /tmp/index.html')).toBe('body\nhello\n')
    at.run('kubectl cp $POD:tmp/site back; kubectl cp $POD:/tmp/index.html one.html')
    expect(at.run('cat back/index.html back/css/a.css one.html')).toBe('hello\nbody\nhello\n')
    expect(at.run('kubectl cp $POD:/nope x')).toContain('tar: nope: Cannot stat: No such file or directory')
    expect(at.run('kubectl cp nope $POD:/x')).toBe("error: nope doesn't exist in local filesystem\n")
  })
})

test('replace --force deletes, waits, and creates again', () => {
  const pod = 'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: "nginx:1.27"}]}\n'
  const { run } = seat({ 'p.yaml': pod })
  run('kubectl apply -f p.yaml; kubectl wait --for=condition=Ready pod/p')
  const uid = run("kubectl get pod p -o jsonpath='{.metadata.uid}'")
  expect(run('cat p.yaml | kubectl replace --force -f -')).toBe(
    'pod "p" deleted from default namespace\npod/p replaced\n',
  )
  expect(run("kubectl get pod p -o jsonpath='{.metadata.uid}'")).not.toBe(uid)
})

test('overrides are laid over what run and expose make', () => {
  const { run } = seat({ 'web.yaml': web() })
  run(`kubectl run a --image=nginx:1.27 --overrides='{"spec":{"nodeName":"worker-2"}}'`)
  run(
    `kubectl run b --image=nginx:1.27 --override-type=json --overrides='[{"op":"add","path":"/metadata/labels/x","value":"y"}]'`,
  )
  run(
    `kubectl run c --image=nginx:1.27 --override-type=strategic --overrides='{"spec":{"containers":[{"name":"c","tty":true}]}}'`,
  )
  expect(
    run(
      "kubectl get pods -o jsonpath='{.items[0].spec.nodeName} {.items[1].metadata.labels} {.items[2].spec.containers[0].image} {.items[2].spec.containers[0].tty}'",
    ),
  ).toBe('worker-2 {"run":"b","x":"y"} nginx:1.27 true')
  run(`kubectl apply -f web.yaml; kubectl expose deploy web --overrides='{"spec":{"clusterIP":"None"}}'`)
  expect(run("kubectl get svc web -o jsonpath='{.spec.clusterIP}'")).toBe('None')
  expect(run('kubectl run d --image=nginx:1.27 --expose --port=80')).toBe('service/d created\npod/d created\n')
})

test('contexts are renamed, and their namespace unset', () => {
  const { run } = seat()
  expect(run('kubectl config rename-context kubernetes-admin@kubernetes lab; kubectl config current-context')).toBe(
    'Context "kubernetes-admin@kubernetes" renamed to "lab".\nlab\n',
  )
  run('kubectl config set-context --current --namespace=kube-system')
  expect(
    run('kubectl config view --minify -o jsonpath={..namespace}; kubectl config unset contexts.lab.namespace'),
  ).toBe('kube-systemProperty "contexts.lab.namespace" unset.\n')
  expect(run('kubectl config rename-context a b')).toContain('error: cannot rename the context "a"')
})

test('parts of the API, asked for as they are', () => {
  const { run } = served()
  expect(run('kubectl get --raw /healthz')).toBe('ok')
  expect(run('kubectl get --raw /apis/apps/v1/namespaces/default/deployments/web | jq -r .spec.replicas')).toBe('2\n')
  expect(
    run("kubectl get --raw '/api/v1/namespaces/default/pods?labelSelector=app%3Dnone' | jq '.items | length'"),
  ).toBe('0\n')
  expect(run('kubectl get --raw /apis/none')).toContain('(NotFound): the server could not find the requested resource')
  expect(run('kubectl get deploy web --subresource=scale --no-headers')).toMatch(/^web +2 +2 +\d+s\n$/)
})

test.each([
  ['create pods', 'yes\n'],
  ['list nodes', "Warning: resource 'nodes' is not namespace scoped\n\nyes\n"],
  ['get foos', "Warning: the server doesn't have a resource type 'foos'\nyes\n"],
  [
    'get',
    "error: you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples\n",
  ],
])('kubectl auth can-i %s', (words, text) => expect(seat().run(`kubectl auth can-i ${words}`)).toBe(text))

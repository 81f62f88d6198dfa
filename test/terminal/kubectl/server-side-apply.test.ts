import { describe, expect, test } from 'vitest'
import { seat, web } from './lab'

const PLEASE = '\nPlease review the fields above--they currently have other managers. Here\n'
const IMAGE = "kubectl get deploy web -o jsonpath='{.spec.template.spec.containers[0].image}'"
const ENV = "kubectl get deploy web -o jsonpath='{.spec.template.spec.containers[0].env[*].name}'"
const MANAGERS =
  'kubectl get deploy web -o jsonpath=\'{range .metadata.managedFields[*]}{.manager} {.operation} {.subresource}{"\\n"}{end}\''

const withEnv = (env: string) => web('nginx:1.27', 2, `        env: [${env}]\n`)

describe('server-side apply', () => {
  test('of what others have changed is a conflict, unless it is forced', () => {
    const { run, status } = seat({ 'web.yaml': web() })
    expect(run('kubectl apply --server-side -f web.yaml')).toBe('deployment.apps/web serverside-applied\n')
    run('kubectl scale deploy web --replicas=5; kubectl set image deploy/web nginx=nginx:1.28')
    expect(status).toBe(0)
    expect(
      run('kubectl apply --server-side -f web.yaml').startsWith(
        `error: Apply failed with 2 conflicts: conflicts with "kubectl" with subresource "scale" using apps/v1:
- .spec.replicas
conflicts with "kubectl-set" using apps/v1:
- .spec.template.spec.containers[name="nginx"].image${PLEASE}`,
      ),
    ).toBe(true)
    expect(run(`echo $?; ${IMAGE}`)).toBe('1\nnginx:1.28')
    run('kubectl apply --server-side --force-conflicts -f web.yaml')
    expect(run(`${IMAGE}; kubectl get deploy web -o jsonpath=' {.spec.replicas}'`)).toBe('nginx:1.27 2')
    expect(run(MANAGERS)).toBe('kubectl Apply \n')
  })

  test('takes away what it applied before, and leaves what others own', () => {
    const { run } = seat({
      'one.yaml': withEnv('{name: A, value: "1"}, {name: B, value: "2"}'),
      'two.yaml': withEnv('{name: A, value: "1"}'),
    })
    run('kubectl apply --server-side -f one.yaml; kubectl set env deploy/web C=3; kubectl label deploy web tier=front')
    run('kubectl apply --server-side -f two.yaml')
    expect(run(ENV)).toBe('A C')
    expect(run("kubectl get deploy web -o jsonpath='{.metadata.labels.tier}'")).toBe('front')
  })

  test('two managers may own a field with one value; it stays until both have let go of it', () => {
    const { run } = seat({
      'one.yaml': withEnv('{name: A, value: "1"}, {name: B, value: "2"}'),
      'two.yaml': withEnv('{name: A, value: "1"}'),
    })
    run('kubectl apply --server-side --field-manager=a -f one.yaml')
    run('kubectl apply --server-side --field-manager=b -f one.yaml')
    run('kubectl apply --server-side --field-manager=a -f two.yaml')
    expect(run(ENV)).toBe('A B')
    run('kubectl apply --server-side --field-manager=b -f two.yaml')
    expect(run(ENV)).toBe('A')
  })

  test('takes over what kubectl applied on its own side', () => {
    const { run } = seat({
      'one.yaml': withEnv('{name: A, value: "1"}, {name: B, value: "2"}'),
      'two.yaml': withEnv('{name: A, value: "9"}'),
    })
    run('kubectl apply -f one.yaml')
    expect(run('kubectl apply --server-side -f two.yaml')).toBe('deployment.apps/web serverside-applied\n')
    expect(run(ENV)).toBe('A')
    expect(run(MANAGERS)).toBe('kubectl Apply \n')
  })

  test('without a difference changes nothing', () => {
    const { run } = seat({ 'web.yaml': web() })
    run('kubectl apply --server-side -f web.yaml; sleep 30')
    const version = "kubectl get deploy web -o jsonpath='{.metadata.resourceVersion} {.metadata.generation}'"
    const before = run(version)
    run('kubectl apply --server-side -f web.yaml')
    expect(run(version)).toBe(before)
  })

  test('shows who owns what only when asked', () => {
    const { run } = seat({ 'web.yaml': web() })
    run('kubectl apply --server-side -f web.yaml')
    expect(run('kubectl get deploy web -o yaml')).not.toContain('managedFields')
    const shown = run('kubectl get deploy web -o yaml --show-managed-fields')
    expect(shown).toContain('          f:selector: {}\n'.slice(4))
    expect(shown).toContain('k:{"containerPort":80,"protocol":"TCP"}:')
  })
})

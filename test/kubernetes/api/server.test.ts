import { describe, expect, test } from 'vitest'
import { edit } from '../../../src/engine'
import { Namespace } from '../../../src/kubernetes/kinds/namespace'
import { Pod } from '../../../src/kubernetes/kinds/pod'
import { type Link, linkKey, machineKey } from '../../../src/platform'
import { deployment, deployments, namespaces, nodes, pod, pods, server, services } from './door'

const inDefault = { namespace: 'default' }

describe('creating', () => {
  test('a pod gets the defaults and what admission adds', () => {
    const { body } = server()
    const made = body({ verb: 'create', resource: pods, ...inDefault, body: pod('web') })
    expect(made.spec).toMatchObject({
      restartPolicy: 'Always',
      dnsPolicy: 'ClusterFirst',
      terminationGracePeriodSeconds: 30,
      schedulerName: 'default-scheduler',
      serviceAccountName: 'default',
      priority: 0,
      preemptionPolicy: 'PreemptLowerPriority',
      enableServiceLinks: true,
    })
    expect(made.spec.tolerations).toEqual([
      { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
      { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
    ])
    expect(made.spec.containers[0]).toMatchObject({
      imagePullPolicy: 'IfNotPresent',
      resources: {},
      terminationMessagePath: '/dev/termination-log',
    })
    expect(made.spec.volumes[0].name).toMatch(/^kube-api-access-[a-z0-9]{5}$/)
    expect(made.spec.containers[0].volumeMounts[0].name).toBe(made.spec.volumes[0].name)
    expect(made.status).toEqual({ phase: 'Pending', qosClass: 'BestEffort' })
    expect(made.metadata).toMatchObject({
      generation: 1,
      namespace: 'default',
      creationTimestamp: '2025-01-15T09:00:00Z',
    })
  })

  test('the token volume is shown, not stored', () => {
    const { body, world } = server()
    body({ verb: 'create', resource: pods, ...inDefault, body: pod('web') })
    expect(world.get(Pod.key('default', 'web'))!.spec.volumes).toBeUndefined()
  })

  test.each([
    ['nginx', 'Always'],
    ['nginx:latest', 'Always'],
    ['nginx:1.27', 'IfNotPresent'],
    ['localhost:5000/nginx', 'Always'],
    ['nginx@sha256:0123', 'IfNotPresent'],
  ])('pull policy of %s is %s', (image, policy) => {
    const made = server().body({
      verb: 'create',
      resource: pods,
      ...inDefault,
      body: pod('web', {}, { containers: [{ name: 'web', image }] }),
    })
    expect(made.spec.containers[0].imagePullPolicy).toBe(policy)
  })

  test('a limit without a request is the request too, in the pod but not in the template', () => {
    const { body } = server()
    const containers = [{ name: 'web', image: 'nginx', resources: { limits: { cpu: 0.5, memory: '1024Mi' } } }]
    const made = body({ verb: 'create', resource: pods, ...inDefault, body: pod('web', {}, { containers }) })
    expect(made.spec.containers[0].resources).toEqual({
      limits: { cpu: '500m', memory: '1Gi' },
      requests: { cpu: '500m', memory: '1Gi' },
    })
    const template = { metadata: { labels: { app: 'web' } }, spec: { containers } }
    const owner = body({ verb: 'create', resource: deployments, ...inDefault, body: deployment('web', { template }) })
    expect(owner.spec.template.spec.containers[0].resources).toEqual({ limits: { cpu: '500m', memory: '1Gi' } })
  })

  test('a generated name has five letters of the alphabet without vowels', () => {
    const made = server().body({
      verb: 'create',
      resource: pods,
      ...inDefault,
      body: pod('', { name: undefined, generateName: 'web-' }),
    })
    expect(made.metadata.name).toMatch(/^web-[bcdfghjklmnpqrstvwxz2456789]{5}$/)
  })

  test.each([
    ['what is there already', pod('web'), [409, 'pods "web" already exists']],
    ['no containers', pod('x', {}, { containers: [] }), [422, 'Pod "x" is invalid: spec.containers: Required value']],
    [
      'no image',
      pod('x', {}, { containers: [{ name: 'a' }] }),
      [422, 'Pod "x" is invalid: spec.containers[0].image: Required value'],
    ],
    [
      'two containers of one name',
      pod(
        'x',
        {},
        {
          containers: [
            { name: 'a', image: 'a' },
            { name: 'a', image: 'a' },
          ],
        },
      ),
      [422, 'Pod "x" is invalid: spec.containers[1].name: Duplicate value: "a"'],
    ],
    [
      'a mount of nothing',
      pod('x', {}, { containers: [{ name: 'a', image: 'a', volumeMounts: [{ name: 'data', mountPath: '/d' }] }] }),
      [422, 'Pod "x" is invalid: spec.containers[0].volumeMounts[0].name: Not found: "data"'],
    ],
    [
      'a request above the limit',
      pod(
        'x',
        {},
        { containers: [{ name: 'a', image: 'a', resources: { requests: { cpu: '2' }, limits: { cpu: '1' } } }] },
      ),
      [
        422,
        'Pod "x" is invalid: spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
      ],
    ],
    [
      'a wrong restart policy',
      pod('x', {}, { restartPolicy: 'Sometimes' }),
      [
        422,
        'Pod "x" is invalid: spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"',
      ],
    ],
    [
      'an unknown field',
      pod('x', {}, { foo: 1 }),
      [400, 'Pod in version "v1" cannot be handled as a Pod: strict decoding error: unknown field "spec.foo"'],
    ],
    [
      'an unknown field in a list',
      pod('x', {}, { containers: [{ name: 'a', image: 'a', imag: 'b' }] }),
      [
        400,
        'Pod in version "v1" cannot be handled as a Pod: strict decoding error: unknown field "spec.containers[0].imag"',
      ],
    ],
    [
      'a number for a text',
      pod('x', {}, { containers: [{ name: 'a', image: 'a', env: [{ name: 'A', value: 1 }] }] }),
      [
        400,
        'Pod in version "v1" cannot be handled as a Pod: json: cannot unmarshal number into Go struct field EnvVar.spec.containers.env.value of type string',
      ],
    ],
    [
      'no quantity',
      pod('x', {}, { containers: [{ name: 'a', image: 'a', resources: { limits: { cpu: '1x' } } }] }),
      [
        400,
        'Pod in version "v1" cannot be handled as a Pod: quantities must match the regular expression \'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$\'',
      ],
    ],
    [
      'an unknown service account',
      pod('x', {}, { serviceAccountName: 'bot' }),
      [403, 'pods "x" is forbidden: error looking up service account default/bot: serviceaccount "bot" not found'],
    ],
  ])('refuses %s', (_, given, want) => {
    const { body, refusal } = server()
    body({ verb: 'create', resource: pods, ...inDefault, body: pod('web') })
    expect(refusal({ verb: 'create', resource: pods, ...inDefault, body: given, fieldValidation: 'Strict' })).toEqual(
      want,
    )
  })

  test('refuses a deployment whose selector is not its template’s', () => {
    const { refusal } = server()
    const body = deployment('web', { selector: { matchLabels: { app: 'other' } } })
    expect(refusal({ verb: 'create', resource: deployments, ...inDefault, body })).toEqual([
      422,
      'Deployment.apps "web" is invalid: spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
    ])
  })

  test('needs a namespace that is there and stays', () => {
    const s = server()
    const { refusal } = s
    expect(refusal({ verb: 'create', resource: pods, namespace: 'foo', body: pod('web') })).toEqual([
      404,
      'namespaces "foo" not found',
    ])
    s.edit(Namespace.key('', 'default'), (one) => ({
      ...one,
      metadata: { ...one.metadata, deletionTimestamp: '2025-01-15T09:00:00Z' },
      status: { phase: 'Terminating' as const },
    }))
    expect(refusal({ verb: 'create', resource: pods, ...inDefault, body: pod('web') })).toEqual([
      403,
      'pods "web" is forbidden: unable to create new content in namespace default because it is being terminated',
    ])
  })

  test('a dry run keeps nothing', () => {
    const { body, world } = server()
    expect(body({ verb: 'create', resource: pods, ...inDefault, body: pod('web'), dryRun: true }).metadata.name).toBe(
      'web',
    )
    expect(world.get(Pod.key('default', 'web'))).toBeUndefined()
  })
})

describe('changing', () => {
  test('the generation counts changes of the spec, and nothing else', () => {
    const { body } = server()
    const made = body({ verb: 'create', resource: deployments, ...inDefault, body: deployment('web') })
    const relabelled = body({
      verb: 'patch',
      resource: deployments,
      ...inDefault,
      name: 'web',
      patchType: 'merge',
      body: { metadata: { labels: { a: 'b' } } },
    })
    const scaled = body({
      verb: 'patch',
      resource: deployments,
      ...inDefault,
      name: 'web',
      patchType: 'merge',
      body: { spec: { replicas: 4 } },
    })
    const counted = body({
      verb: 'update',
      resource: { ...deployments, subresource: 'status' },
      ...inDefault,
      name: 'web',
      body: { ...scaled, status: { replicas: 4 } },
    })
    expect([made, relabelled, scaled, counted].map(({ metadata }) => metadata.generation)).toEqual([1, 1, 2, 2])
    expect(counted.status).toEqual({ replicas: 4 })
  })

  test('a write that changes nothing makes no revision', () => {
    const { body, world } = server()
    const made = body({ verb: 'create', resource: deployments, ...inDefault, body: deployment('web') })
    const before = world.revision
    const again = body({ verb: 'update', resource: deployments, ...inDefault, name: 'web', body: deployment('web') })
    expect(again.metadata.resourceVersion).toBe(made.metadata.resourceVersion)
    // one revision is the test's own Input
    expect(world.revision).toBe(before + 1)
  })

  test('an update that names an older version is refused', () => {
    const { body, refusal } = server()
    const made = body({ verb: 'create', resource: deployments, ...inDefault, body: deployment('web') })
    body({
      verb: 'patch',
      resource: deployments,
      ...inDefault,
      name: 'web',
      patchType: 'merge',
      body: { spec: { replicas: 2 } },
    })
    expect(refusal({ verb: 'update', resource: deployments, ...inDefault, name: 'web', body: made })).toEqual([
      409,
      'Operation cannot be fulfilled on deployments.apps "web": the object has been modified; please apply your changes to the latest version and try again',
    ])
  })

  test('most of a pod never changes', () => {
    const { body, refusal } = server()
    body({ verb: 'create', resource: pods, ...inDefault, body: pod('web') })
    const image = body({
      verb: 'patch',
      resource: pods,
      ...inDefault,
      name: 'web',
      patchType: 'strategic',
      body: { spec: { containers: [{ name: 'web', image: 'nginx:1.28' }] } },
    })
    expect(image.spec.containers[0]).toMatchObject({ image: 'nginx:1.28', imagePullPolicy: 'IfNotPresent' })
    const [code, text] = refusal({
      verb: 'patch',
      resource: pods,
      ...inDefault,
      name: 'web',
      patchType: 'merge',
      body: { spec: { restartPolicy: 'Never' } },
    })
    expect(code).toBe(422)
    expect(text).toContain('spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`')
  })

  test('a selector is immutable', () => {
    const { body, refusal } = server()
    body({ verb: 'create', resource: deployments, ...inDefault, body: deployment('web') })
    const labels = { app: 'b' }
    const spec = { selector: { matchLabels: labels }, template: { metadata: { labels } } }
    expect(
      refusal({
        verb: 'patch',
        resource: deployments,
        ...inDefault,
        name: 'web',
        patchType: 'merge',
        body: { spec },
      })[1],
    ).toBe(
      'Deployment.apps "web" is invalid: spec.selector: Invalid value: {"matchLabels":{"app":"b"}}: field is immutable',
    )
  })

  test('the template is the same object as long as it does not change', () => {
    const { body, world } = server()
    body({ verb: 'create', resource: deployments, ...inDefault, body: deployment('web') })
    const key = 'kubernetes/Deployment/default/web'
    const before = (world.get(key) as any).spec.template
    body({
      verb: 'patch',
      resource: deployments,
      ...inDefault,
      name: 'web',
      patchType: 'merge',
      body: { spec: { replicas: 3 } },
    })
    expect((world.get(key) as any).spec.template).toBe(before)
  })

  test('scale changes the wanted number only', () => {
    const { body } = server()
    body({ verb: 'create', resource: deployments, ...inDefault, body: deployment('web') })
    const scale = body({
      verb: 'patch',
      resource: { ...deployments, subresource: 'scale' },
      ...inDefault,
      name: 'web',
      patchType: 'merge',
      body: { spec: { replicas: 7 } },
    })
    expect(scale).toMatchObject({ kind: 'Scale', spec: { replicas: 7 }, status: { selector: 'app=web' } })
    expect(body({ verb: 'get', resource: deployments, ...inDefault, name: 'web' }).spec.replicas).toBe(7)
  })
})

describe('deleting', () => {
  test('a pod that no node has goes at once; one that is bound gets its grace period', () => {
    const { body, write, world } = server()
    body({ verb: 'create', resource: pods, ...inDefault, body: pod('free') })
    body({ verb: 'create', resource: pods, ...inDefault, body: pod('bound') })
    const key = Pod.key('default', 'bound')
    write(
      key,
      edit(world.get(key)!, (one) => void (one.spec.nodeName = 'worker-1')),
    )
    expect(body({ verb: 'delete', resource: pods, ...inDefault, name: 'free' })).toMatchObject({
      kind: 'Status',
      status: 'Success',
    })
    const going = body({ verb: 'delete', resource: pods, ...inDefault, name: 'bound' })
    expect(going.metadata).toMatchObject({
      deletionTimestamp: '2025-01-15T09:00:30Z',
      deletionGracePeriodSeconds: 30,
      generation: 2,
    })
    // shorter is possible, longer is not
    expect(
      body({ verb: 'delete', resource: pods, ...inDefault, name: 'bound', gracePeriodSeconds: 60 }).metadata
        .deletionGracePeriodSeconds,
    ).toBe(30)
    expect(
      body({ verb: 'delete', resource: pods, ...inDefault, name: 'bound', gracePeriodSeconds: 5 }).metadata
        .deletionGracePeriodSeconds,
    ).toBe(5)
    body({ verb: 'delete', resource: pods, ...inDefault, name: 'bound', gracePeriodSeconds: 0 })
    expect(world.get(key)).toBeUndefined()
  })

  test('finalizers hold an object until they are gone', () => {
    const { body, refusal } = server()
    body({
      verb: 'create',
      resource: deployments,
      ...inDefault,
      body: { ...deployment('web'), metadata: { name: 'web', finalizers: ['example.com/hold'] } },
    })
    expect(body({ verb: 'delete', resource: deployments, ...inDefault, name: 'web' }).metadata.deletionTimestamp).toBe(
      '2025-01-15T09:00:00Z',
    )
    body({
      verb: 'patch',
      resource: deployments,
      ...inDefault,
      name: 'web',
      patchType: 'merge',
      body: { metadata: { finalizers: null } },
    })
    expect(refusal({ verb: 'get', resource: deployments, ...inDefault, name: 'web' })).toEqual([
      404,
      'deployments.apps "web" not found',
    ])
  })

  test('foreground deletion leaves the finalizer for the garbage collector', () => {
    const { body } = server()
    body({ verb: 'create', resource: deployments, ...inDefault, body: deployment('web') })
    const going = body({
      verb: 'delete',
      resource: deployments,
      ...inDefault,
      name: 'web',
      propagationPolicy: 'Foreground',
    })
    expect(going.metadata.finalizers).toEqual(['foregroundDeletion'])
  })

  test('some namespaces stay', () => {
    expect(server().refusal({ verb: 'delete', resource: namespaces, name: 'default' })).toEqual([
      403,
      'namespaces "default" is forbidden: this namespace may not be deleted',
    ])
  })
})

describe('services', () => {
  const service = (name: string, spec: object) => ({ apiVersion: 'v1', kind: 'Service', metadata: { name }, spec })
  const create = (s: ReturnType<typeof server>, name: string, spec: object) =>
    s.body({ verb: 'create', resource: services, ...inDefault, body: service(name, spec) })

  test('get an address from the range and node ports above the static band', () => {
    const s = server()
    const made = create(s, 'web', { type: 'NodePort', ports: [{ port: 80 }] })
    expect(made.spec).toMatchObject({
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      internalTrafficPolicy: 'Cluster',
      externalTrafficPolicy: 'Cluster',
    })
    expect(made.spec.clusterIP).toMatch(/^10\.96\.\d+\.\d+$/)
    expect(made.spec.clusterIPs).toEqual([made.spec.clusterIP])
    expect(made.spec.ports[0]).toMatchObject({ protocol: 'TCP', targetPort: 80 })
    expect(made.spec.ports[0].nodePort).toBeGreaterThanOrEqual(30086)
    expect(made.spec.ports[0].nodePort).toBeLessThanOrEqual(32767)
  })

  test('keep what they have when they change', () => {
    const s = server()
    const made = create(s, 'web', { type: 'NodePort', ports: [{ port: 80 }] })
    const changed = s.body({
      verb: 'update',
      resource: services,
      ...inDefault,
      name: 'web',
      body: service('web', { type: 'NodePort', selector: { a: 'b' }, ports: [{ port: 80 }] }),
    })
    expect(changed.spec.clusterIP).toBe(made.spec.clusterIP)
    expect(changed.spec.ports[0].nodePort).toBe(made.spec.ports[0].nodePort)
    const inner = s.body({
      verb: 'patch',
      resource: services,
      ...inDefault,
      name: 'web',
      patchType: 'merge',
      body: { spec: { type: 'ClusterIP' } },
    })
    expect(inner.spec.ports[0].nodePort).toBeUndefined()
    expect(inner.spec.externalTrafficPolicy).toBeUndefined()
  })

  test('clashes are told', () => {
    const s = server()
    create(s, 'web', { type: 'NodePort', clusterIP: '10.96.0.20', ports: [{ port: 80, nodePort: 30080 }] })
    const ask = (spec: object) =>
      s.refusal({ verb: 'create', resource: services, ...inDefault, body: service('other', spec) })[1]
    expect(ask({ type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] })).toBe(
      'Service "other" is invalid: spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated',
    )
    expect(ask({ type: 'NodePort', ports: [{ port: 80, nodePort: 80 }] })).toBe(
      'Service "other" is invalid: spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767',
    )
    expect(ask({ clusterIP: '10.96.0.20', ports: [{ port: 80 }] })).toContain('provided IP is already allocated')
    expect(ask({ ports: [{ port: 80 }, { port: 81 }] })).toBe(
      'Service "other" is invalid: [spec.ports[0].name: Required value, spec.ports[1].name: Required value]',
    )
  })

  test('without an address stay without: headless', () => {
    const made = create(server(), 'web', { clusterIP: 'None', ports: [{ port: 80 }] })
    expect(made.spec).toMatchObject({ clusterIP: 'None', clusterIPs: ['None'] })
  })
})

describe('reading', () => {
  function three() {
    const s = server()
    for (const [name, labels] of [
      ['b', { app: 'web' }],
      ['a', { app: 'web', tier: 'x' }],
      ['c', { app: 'db' }],
    ] as const) {
      s.body({ verb: 'create', resource: pods, ...inDefault, body: pod(name, { labels }) })
    }
    return s
  }
  const names = (list: any) => list.items.map((one: any) => one.metadata.name)

  test.each([
    [{}, ['a', 'b', 'c']],
    [{ labelSelector: 'app=web' }, ['a', 'b']],
    [{ labelSelector: 'app=web,!tier' }, ['b']],
    [{ labelSelector: 'app notin (web)' }, ['c']],
    [{ fieldSelector: 'metadata.name=c' }, ['c']],
    [{ fieldSelector: 'status.phase!=Pending' }, []],
    [{ limit: 2 }, ['a', 'b']],
  ])('lists by name what %j selects', (selection, want) => {
    expect(names(three().body({ verb: 'list', resource: pods, ...inDefault, ...selection }))).toEqual(want)
  })

  test('a wrong selector is refused', () => {
    const { refusal } = three()
    expect(refusal({ verb: 'list', resource: pods, fieldSelector: 'foo=bar' })).toEqual([
      400,
      'field label not supported: foo',
    ])
    expect(refusal({ verb: 'list', resource: pods, labelSelector: 'a in (' })[0]).toBe(400)
  })

  test('a watch tells what came after a revision, and what matches no longer as deleted', () => {
    const s = three()
    const since = s.body({ verb: 'list', resource: pods }).metadata.resourceVersion
    s.body({
      verb: 'patch',
      resource: pods,
      ...inDefault,
      name: 'a',
      patchType: 'merge',
      body: { metadata: { labels: { app: 'db' } } },
    })
    s.body({ verb: 'delete', resource: pods, ...inDefault, name: 'b' })
    s.body({ verb: 'create', resource: pods, ...inDefault, body: pod('d', { labels: { app: 'web' } }) })
    const told = (selector?: string) =>
      s
        .body({ verb: 'watch', resource: pods, resourceVersion: since, ...(selector && { labelSelector: selector }) })
        .events.map((event: any) => `${event.type} ${event.object.metadata.name}`)
    expect(told()).toEqual(['MODIFIED a', 'DELETED b', 'ADDED d'])
    expect(told('app=web')).toEqual(['DELETED a', 'DELETED b', 'ADDED d'])
    expect(told('app=db')).toEqual(['ADDED a'])
    const { events, resourceVersion } = s.body({
      verb: 'watch',
      resource: pods,
      resourceVersion: since,
      labelSelector: 'app=none',
      allowWatchBookmarks: true,
    })
    expect(events).toEqual([
      {
        type: 'BOOKMARK',
        object: { kind: 'Pod', apiVersion: 'v1', metadata: { resourceVersion, creationTimestamp: null } },
      },
    ])
  })

  test('a table has the columns of the kind', () => {
    const table = three().body({ verb: 'get', resource: pods, ...inDefault, name: 'a', table: true })
    expect(table.columnDefinitions.filter((one: any) => one.priority === 0).map((one: any) => one.name)).toEqual([
      'Name',
      'Ready',
      'Status',
      'Restarts',
      'Age',
    ])
    expect(table.rows[0].cells.slice(0, 5)).toEqual(['a', '0/1', 'Pending', '0', '0s'])
  })

  test('kinds that are not there', () => {
    const { refusal } = server()
    expect(refusal({ verb: 'list', resource: { group: '', version: 'v1', resource: 'podtemplates' } })[0]).toBe(501)
    expect(refusal({ verb: 'list', resource: { group: 'x', version: 'v1', resource: 'things' } })).toEqual([
      404,
      'the server could not find the requested resource',
    ])
  })
})

describe('being reached', () => {
  test.each([
    [
      'power',
      (s: ReturnType<typeof server>) =>
        s.edit(machineKey('control-plane'), (one) => ({ ...one, power: 'off' as const })),
    ],
    [
      'link',
      (s: ReturnType<typeof server>) =>
        s.write(linkKey('laptop', '*'), {
          a: 'laptop',
          b: '*',
          cut: true,
          addedLatencyMillis: 0,
          loss: 0,
          since: 0,
        } satisfies Link),
    ],
  ])('needs %s', (_, harm) => {
    const s = server()
    harm(s)
    expect(s.refusal({ verb: 'list', resource: nodes })[1]).toMatch(
      /^Unable to connect to the server: dial tcp 172\.18\.0\.\d+:6443: i\/o timeout$/,
    )
  })
})

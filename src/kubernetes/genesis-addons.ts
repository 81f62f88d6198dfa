import { admitted } from './api/pod-defaults'
import { type DaemonSet, TEMPLATE_GENERATION } from './kinds/daemonset'
import type { Deployment } from './kinds/deployment'
import type { ObjectMeta } from './kinds/meta'
import type { PodSpec } from './kinds/pod'
import type { Service } from './kinds/service'

export const KUBERNETES_VERSION = 'v1.34.2'
export const CONTROL_PLANE_TAINT = 'node-role.kubernetes.io/control-plane'

export const containerOf = (name: string, image: string) => ({
  name,
  image,
  imagePullPolicy: 'IfNotPresent' as const,
  resources: {},
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
})

export function apiService(metadata: ObjectMeta): Service {
  const clusterIP = '10.96.0.1'
  return service(metadata, {
    clusterIP,
    clusterIPs: [clusterIP],
    ports: [{ name: 'https', port: 443, targetPort: 6443, protocol: 'TCP' }],
  })
}

export function dnsService(metadata: ObjectMeta): Service {
  const clusterIP = '10.96.0.10'
  return service(metadata, {
    clusterIP,
    clusterIPs: [clusterIP],
    selector: { 'k8s-app': 'kube-dns' },
    ports: [
      { name: 'dns', port: 53, targetPort: 53, protocol: 'UDP' },
      { name: 'dns-tcp', port: 53, targetPort: 53, protocol: 'TCP' },
      { name: 'metrics', port: 9153, targetPort: 9153, protocol: 'TCP' },
    ],
  })
}

function service(metadata: ObjectMeta, spec: Partial<Service['spec']>): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: {
      type: 'ClusterIP',
      sessionAffinity: 'None',
      internalTrafficPolicy: 'Cluster',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      ...spec,
    },
    status: { loadBalancer: {} },
  }
}

/** kube-proxy, as kubeadm installs it; without its volumes. */
export function kubeProxyDaemonSet(metadata: ObjectMeta): DaemonSet {
  const labels = { 'k8s-app': 'kube-proxy' }
  const spec: PodSpec = {
    hostNetwork: true,
    containers: [
      {
        ...containerOf('kube-proxy', `registry.k8s.io/kube-proxy:${KUBERNETES_VERSION}`),
        command: [
          '/usr/local/bin/kube-proxy',
          '--config=/var/lib/kube-proxy/config.conf',
          '--hostname-override=$(NODE_NAME)',
        ],
        env: [{ name: 'NODE_NAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'spec.nodeName' } } }],
      },
    ],
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    priorityClassName: 'system-node-critical',
    restartPolicy: 'Always',
    dnsPolicy: 'ClusterFirst',
    serviceAccountName: 'kube-proxy',
    serviceAccount: 'kube-proxy',
    terminationGracePeriodSeconds: 30,
    schedulerName: 'default-scheduler',
    securityContext: {},
    tolerations: [{ operator: 'Exists' }],
  }
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { ...metadata, annotations: { [TEMPLATE_GENERATION]: '1' } },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec },
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
      revisionHistoryLimit: 10,
    },
    status: { currentNumberScheduled: 0, desiredNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0 },
  }
}

export function corednsDeployment(metadata: ObjectMeta): Deployment {
  const spec: PodSpec = admitted({
    containers: [
      {
        ...containerOf('coredns', 'registry.k8s.io/coredns/coredns:v1.12.1'),
        args: ['-conf', '/etc/coredns/Corefile'],
        ports: [
          { name: 'dns', containerPort: 53, protocol: 'UDP' },
          { name: 'dns-tcp', containerPort: 53, protocol: 'TCP' },
          { name: 'metrics', containerPort: 9153, protocol: 'TCP' },
          { name: 'liveness-probe', containerPort: 8080, protocol: 'TCP' },
          { name: 'readiness-probe', containerPort: 8181, protocol: 'TCP' },
        ],
        resources: { limits: { memory: '170Mi' }, requests: { cpu: '100m', memory: '70Mi' } },
        livenessProbe: {
          httpGet: { path: '/health', port: 8080, scheme: 'HTTP' },
          initialDelaySeconds: 60,
          timeoutSeconds: 5,
          periodSeconds: 10,
          successThreshold: 1,
          failureThreshold: 5,
        },
        readinessProbe: {
          httpGet: { path: '/ready', port: 8181, scheme: 'HTTP' },
          timeoutSeconds: 1,
          periodSeconds: 10,
          successThreshold: 1,
          failureThreshold: 3,
        },
      },
    ],
    tolerations: [
      { key: 'CriticalAddonsOnly', operator: 'Exists' },
      { key: CONTROL_PLANE_TAINT, effect: 'NoSchedule' },
    ],
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    priorityClassName: 'system-cluster-critical',
    restartPolicy: 'Always',
    dnsPolicy: 'Default',
    serviceAccountName: 'coredns',
    terminationGracePeriodSeconds: 30,
    schedulerName: 'default-scheduler',
    securityContext: {},
  })
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: {
      replicas: 2,
      selector: { matchLabels: { 'k8s-app': 'kube-dns' } },
      template: { metadata: { labels: { 'k8s-app': 'kube-dns' } }, spec },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: 1 } },
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
    },
    status: {},
  }
}

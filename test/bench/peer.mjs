// The CPU time of Drydock's engine beside that of its nearest peer, @ngrok/webernetes, for the same work: N nodes, a Deployment of M
// pods until all are Ready, and the rollout of a new image. The peer is installed into a temporary folder when this runs, never as
// a dependency. Usage: node test/bench/peer.mjs [deploy:10x100 …]
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { buildSync } from 'esbuild'

const PEER = '@ngrok/webernetes'
const LIMIT_MILLIS = 120_000
const self = fileURLToPath(import.meta.url)

if (process.argv[2] === '--peer') await measurePeer(process.argv[3], process.argv[4])
else compare(process.argv.slice(2))

function compare(given) {
  const names = given.length > 0 ? given : ['deploy:10x100', 'deploy:100x1000', 'roll:10x100']
  const folder = mkdtempSync(join(tmpdir(), 'drydock-peer-'))
  try {
    const install = spawnSync('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--prefix', folder, PEER], {
      timeout: LIMIT_MILLIS,
      stdio: 'ignore',
    })
    if (install.status !== 0) {
      console.log(`skipped: npm cannot fetch ${PEER} here, so there is nothing to compare with`)
      return
    }
    console.log('benchmark         drydock CPU ms   peer CPU ms   ratio')
    for (const name of names) {
      const own = jsonOf(
        spawnSync('npm', ['run', '--silent', 'drydock', '--', 'bench', name, '--json'], {
          timeout: LIMIT_MILLIS,
          encoding: 'utf8',
        }),
      )
      const peer = jsonOf(
        spawnSync(process.execPath, [self, '--peer', folder, name], { timeout: LIMIT_MILLIS, encoding: 'utf8' }),
      )
      const show = (one) => (one ? one.cpuMillis.toFixed(0) : `> ${LIMIT_MILLIS / 1000} s`).padStart(13)
      const ratio =
        own && peer
          ? `${(peer.cpuMillis / own.cpuMillis).toFixed(1)}`
          : own
            ? `> ${(LIMIT_MILLIS / own.cpuMillis).toFixed(1)}`
            : '-'
      console.log(`${name.padEnd(18)}${show(own)} ${show(peer)} ${ratio.padStart(7)}`)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The last JSON object of a program's output; undefined when it did not come to its end. */
function jsonOf(run) {
  if (run.status !== 0) return undefined
  const line = run.stdout
    .trim()
    .split('\n')
    .findLast((one) => one.startsWith('{'))
  return line === undefined ? undefined : JSON.parse(line)
}

async function measurePeer(folder, name) {
  // its modules import each other as bundlers have it, which Node does not take
  const bundle = join(folder, 'peer.mjs')
  buildSync({
    entryPoints: [join(folder, 'node_modules', PEER, 'dist/index.js')],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    outfile: bundle,
    logLevel: 'error',
  })
  const { BaseImage, Cluster } = await import(pathToFileURL(bundle).href)
  const [, what, nodes, replicas] = /^(deploy|roll):(\d+)x(\d+)$/.exec(name)
  const imageOf = (version) =>
    class extends BaseImage {
      static imageName = 'web'
      static imageVersion = version
      defaultCommand = ['serve']
      async exec(context) {
        return await context.waitUntilKilled()
      }
    }
  const cluster = new Cluster({ nodes: Number(nodes) })
  for (const version of ['1.0', '2.0']) cluster.registerImage(imageOf(version))
  await cluster.init()
  // its clock stands still and is moved by hand, so that it is its work that is measured and not its waiting
  cluster.clock.pause()
  let latest
  const pods = new Set()
  cluster.informer('deployments', (_type, object) => {
    latest = object
  })
  cluster.informer('pods', (type, pod) => {
    if (type === 'delete') pods.delete(pod.metadata.name)
    else if (pod.metadata.labels?.app === 'web') pods.add(pod.metadata.name)
  })
  const wanted = Number(replicas)
  const manifest = (version) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas: wanted,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'web', image: `web:${version}` }] },
      },
    },
  })
  const whole = () => {
    const status = latest?.status
    return (
      status?.observedGeneration === latest?.metadata.generation &&
      status?.readyReplicas === wanted &&
      status.updatedReplicas === wanted &&
      status.replicas === wanted
    )
  }
  const until = async (holds) => {
    while (!holds()) {
      cluster.clock.step(100)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  const applied = async (version) => {
    let done = false
    const apply = cluster.apply([manifest(version)]).then(() => {
      done = true
    })
    await until(() => done)
    await apply
  }
  let cpu = process.cpuUsage()
  await applied('1.0')
  await until(whole)
  if (what === 'roll') {
    cpu = process.cpuUsage()
    await applied('2.0')
    await until(() => whole() && pods.size === wanted)
  }
  const used = process.cpuUsage(cpu)
  console.log(JSON.stringify({ cpuMillis: (used.user + used.system) / 1000 }))
  process.exit(0)
}

import { describe, expect, test } from 'vitest'
import { LocalImage } from '../../../src/platform/image/image'
import { chainIds, layerOf, StoredLayer } from '../../../src/platform/image/layer'
import { resolveImage } from '../../../src/platform/image/resolve'
import { imageOf } from '../../../src/platform/image/stored'
import { treeOf } from '../../../src/platform/image/tree'
import { bytesOf } from '../../../src/platform/shell/file'
import { seat } from '../lab'

const file = (path: string, text: string) => ({ path, what: 'file' as const, text, mode: 0o644, modifiedAt: 0 })

describe('layers', () => {
  test('equal content has an equal digest, whatever its order and its times', () => {
    const one = layerOf([file('/a', 'x'), file('/b', 'y')])
    expect(layerOf([{ ...file('/b', 'y'), modifiedAt: 77 }, file('/a', 'x')]).digest).toBe(one.digest)
    for (const other of [
      [file('/a', 'x')],
      [file('/a', 'x'), file('/b', 'z')],
      [file('/a', 'x'), { ...file('/b', 'y'), mode: 0o755 }],
      [file('/a', 'x'), { ...file('/b', 'y'), uid: 7 }],
    ])
      expect(layerOf(other).digest).not.toBe(one.digest)
  })

  test('a chain id is the SHA-256 of the one below, a blank, and the diff id', () => {
    const [first, second] = chainIds(['sha256:a', 'sha256:b'])
    expect(first).toBe('sha256:a')
    // printf 'sha256:a sha256:b' | sha256sum
    expect(second).toMatch(/^sha256:[0-9a-f]{64}$/)
  })

  test('the files of an image of the catalogue are as large as its layers', () => {
    const { store } = seat().session.simulation
    for (const name of ['alpine', 'nginx', 'node:22-slim', 'python:3.13', 'postgres:alpine', 'busybox']) {
      const answer = resolveImage(name)
      if (answer.found === 'missing') throw new Error(name)
      const tree = treeOf(store, 'host', answer.image.layers)
      const sum = [...tree.paths()].reduce((all, path) => {
        const one = tree.get(path)!
        return all + (one.what === 'file' ? bytesOf(one) : 0)
      }, 0)
      // files of one layer that another one replaces count once
      expect(Math.abs(sum - answer.image.unpackedBytes), name).toBeLessThan(20_000)
    }
  })
})

describe('images made of containers', () => {
  const made = () => {
    const own = seat()
    own.run(
      'docker run --name box alpine sh -c "mkdir /data; echo one > /data/x; rm /etc/alpine-release; ln -s x /data/y"',
    )
    return own
  }

  test('hold what was written, with whiteouts and links', () => {
    const { run } = made()
    run('docker commit box mine')
    expect(run('docker run --rm mine sh -c "cat /data/y; ls /data; ls /etc/alpine-release"')).toBe(
      "one\nx\ny\nls: cannot access '/etc/alpine-release': No such file or directory\n",
    )
    expect(run('docker diff box')).toBe('A /data\nA /data/x\nA /data/y\nC /etc\nD /etc/alpine-release\n')
  })

  test('a layer is kept as long as an image or a container needs it, and no longer', () => {
    const { run, session } = made()
    const kept = () => session.simulation.store.list(StoredLayer).length
    run('docker commit box one; docker tag one two; docker commit -c "CMD [\\"sleep\\",\\"100\\"]" box three')
    expect(kept()).toBe(1)
    run('docker run -d --name user three; docker rmi one two; docker rmi -f three')
    expect(kept()).toBe(1)
    expect(run('docker exec user cat /data/x')).toBe('one\n')
    run('docker rm -f user')
    expect(run('docker image prune -f')).toContain('deleted: sha256:')
    expect(kept()).toBe(0)
  })

  test('every layer of every image can be read, and is of the size that it says', () => {
    const { run, session } = made()
    run('docker commit box one; docker run --name next one sh -c "echo more >> /data/x"; docker commit next two')
    const { store } = session.simulation
    for (const { value } of store.list(LocalImage)) {
      const image = imageOf(store, value)!
      expect(image.unpackedBytes).toBe(image.layers.reduce((sum, layer) => sum + layer.unpackedBytes, 0))
      expect([...treeOf(store, value.machine, image.layers).paths()].length).toBeGreaterThan(10)
    }
  })
})

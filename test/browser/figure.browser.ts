import { spawnSync } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { visit, withBrowser } from './visit'

withBrowser()

/** Somebody's page, on another origin. */
let server: Server
let host = ''
let markup = ''
beforeAll(async () => {
  server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html')
    response.end(`<!doctype html><html lang="en"><title>A post</title><body>${markup}`)
  })
  await new Promise<void>((resolve) => server.listen(0, resolve))
  host = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
})
afterAll(() => void server.close())

const script = () => `<script type="module" src="${inject('address')}drydock-figure.js"></script>`
const post = async (body: string) => {
  markup = body
  const { page } = await visit({ path: 'icon.svg', ready: false })
  const complaints: string[] = []
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(host)
  return { page, complaints }
}
type Figure = HTMLElement & { run(line: string): Promise<string>; seek(at: number): void; pause(): void; play(): void }

describe('figures in a page of another origin', () => {
  test('three of them, one sandboxed, with storage blocked: each its own course; the page scrolls', async () => {
    const { page, complaints } = await post(`<h1>On nodes</h1>
      <drydock-figure id="a" lab="kubernetes" seed="3" height="300"></drydock-figure>
      <drydock-figure id="b" sandboxed lab="kubernetes" seed="3" height="300"></drydock-figure>
      <drydock-figure id="c" scenario="e7-a-node-fails" view="network" theme="dark" at="5s" height="300"></drydock-figure>
      <p style="height:900px">The rest of the post.</p>${script()}`)
    for (const id of ['a', 'b', 'c']) await page.locator(`#${id}[data-ready]`).waitFor({ timeout: 20_000 })
    const run = (id: string, line: string) =>
      page.evaluate(([name, text]) => (document.getElementById(name!) as Figure).run(text!), [id, line])
    expect(await run('a', 'echo a > mine; cat mine')).toBe('a\n')
    expect(await run('b', 'ls; hostname')).toBe('laptop\n')
    await page.evaluate(() => {
      const heard: string[] = []
      Object.assign(window, { heard })
      document
        .getElementById('b')!
        .addEventListener('drydock-event', (event) => heard.push((event as CustomEvent).detail.says))
    })
    await run('b', 'kubectl create deployment web --image=nginx')
    await expect.poll(() => page.evaluate(() => (window as any).heard.length)).toBeGreaterThan(0)
    const frameOf = async (id: string) => (await (await page.locator(`#${id} iframe`).elementHandle())!.contentFrame())!
    const [plain, sandboxed] = [await frameOf('a'), await frameOf('b')]
    expect(await sandboxed.evaluate(() => origin)).toBe('null')
    await (await frameOf('c')).getByRole('tab', { name: 'Network', selected: true }).waitFor()
    // in the frame of another page the browser keeps nothing, and the figure asks for nothing
    const databases = () =>
      indexedDB.databases().then(
        (all) => all.length,
        () => 0,
      )
    expect(await plain.evaluate(databases)).toBe(0)
    await page.evaluate(() => (document.getElementById('a') as Figure).seek(40_000))
    await expect
      .poll(() => plain.evaluate(() => window.drydock.at()), { timeout: 20_000 })
      .toBeGreaterThanOrEqual(40_000)
    await page.mouse.move(200, 200)
    await page.mouse.wheel(0, 500)
    await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(200)
    expect(complaints).toEqual([])
    await page.close()
  })

  test('the fallback stays where the frame does not come', async () => {
    const { page } = await post(
      `<drydock-figure src="./nothing-here.html"><a href="#x">A picture of it</a></drydock-figure>${script()}`,
    )
    await page.waitForFunction(() => customElements.get('drydock-figure') !== undefined)
    await page.waitForTimeout(500)
    expect(await page.getByRole('link', { name: 'A picture of it' }).isVisible()).toBe(true)
    await page.close()
  })

  test('a frame that names an origin obeys no other page', async () => {
    const { page } = await post(
      `<iframe src="${inject('address')}embed.html?origin=https://blog.example" width="700" height="400"></iframe>`,
    )
    const frame = page.frames()[1]!
    await frame.waitForFunction(() => window.drydock !== undefined)
    await frame.evaluate(() => window.drydock.ready)
    await page.evaluate(() => frames[0]!.postMessage({ drydock: 'pause' }, '*'))
    await page.waitForTimeout(400)
    expect(await frame.getByRole('button', { name: 'Pause', exact: true }).count()).toBe(1)
    await page.close()
  })
})

test('what is shared as code for a page is this moment; what is saved is its picture and its notes', async () => {
  const { page, complaints } = await visit()
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.evaluate(() => window.drydock.run('kubectl create deployment shared --image=nginx; sleep 30'))
  await page.getByRole('button', { name: 'Pause', exact: true }).click()
  await page.getByRole('button', { name: 'Share this moment' }).click()
  const panel = page.getByRole('dialog', { name: 'Share this moment' })
  await panel.getByRole('img', { name: /QR code/ }).waitFor()
  await page.screenshot({ path: 'test/browser/shots/share.png' })
  const saved = async (name: string) => {
    const [download] = await Promise.all([page.waitForEvent('download'), panel.getByRole('button', { name }).click()])
    const parts: Buffer[] = []
    for await (const part of await download.createReadStream()) parts.push(part as Buffer)
    return Buffer.concat(parts)
  }
  const svg = (await saved('Save picture as SVG')).toString()
  expect(svg).toContain('worker-3')
  expect(svg).not.toContain('var(--')
  const png = await saved('Save picture as PNG')
  expect(png.subarray(1, 4).toString()).toBe('PNG')
  expect(png.length).toBeGreaterThan(20_000)
  expect((await saved('Save notes')).toString()).toMatch(/^# Notes of a run[\s\S]*\*\*kube-scheduler\*\*/)
  await panel.getByRole('button', { name: /^Copy embed code/ }).click()
  await page.getByText('The code for your page is copied').waitFor({ timeout: 20_000 })
  const code = await page.evaluate(() => navigator.clipboard.readText())
  const digest = await page.evaluate(() => window.drydock.digest())
  expect(complaints).toEqual([])
  await page.close()
  const { page: blog } = await post(code)
  const fetched = new Map<string, number>()
  blog.on('response', async (response) => {
    if (!response.url().startsWith(inject('address')) || !response.ok()) return
    const body = await response.body().catch(() => Buffer.alloc(0))
    // what is compressed already stays as it is
    const bytes = /\.(woff2|png)$/.test(response.url()) ? body.length : brotliCompressSync(body).length
    fetched.set(response.url(), bytes / 1024)
  })
  await blog.reload()
  await blog.locator('drydock-figure[data-ready]').waitFor({ timeout: 20_000 })
  const frame = blog.frames()[1]!
  // the last minute, from its beginning: the application comes
  await frame.getByRole('button', { name: /^pod shared-/ }).waitFor()
  await expect.poll(() => frame.evaluate(() => window.drydock.at())).toBeGreaterThan(4_000)
  const whole = [...fetched.values(), code.length / 1024].reduce((sum, size) => sum + size, 0)
  console.log(`a recorded figure: ${whole.toFixed(0)} kB in all, without the engine until it is wanted`)
  expect(whole).toBeLessThanOrEqual(250)
  expect([...fetched.keys()].filter((url) => /assets\/(worker|host|late)-/.test(url))).toEqual([])
  // it goes on from there, with the model
  expect(await blog.frames()[1]!.evaluate(() => window.drydock.digest())).toMatch(/^[0-9a-f]{16}$/)
  const printed = await blog.evaluate(() =>
    (document.querySelector('drydock-figure') as Figure).run('kubectl get deploy'),
  )
  expect(printed).toContain('shared')
  expect(digest).toMatch(/^[0-9a-f]{16}$/)
  await blog.close()
})

test('the static picture is drawn without a browser, and a browser shows it', async () => {
  const drawn = spawnSync(
    'npm',
    [
      'run',
      '--silent',
      'drydock',
      '--',
      'figure',
      'e7-a-node-fails',
      '--at',
      '30s',
      '--steps',
      '1',
      '--view',
      'machines',
    ],
    { encoding: 'utf8' },
  )
  expect(drawn.status).toBe(0)
  const { page } = await post(
    `<img alt="" src="data:image/svg+xml;base64,${Buffer.from(drawn.stdout).toString('base64')}">`,
  )
  await expect.poll(() => page.evaluate(() => document.images[0]!.naturalWidth)).toBe(960)
  const marks = await page.evaluate((text) => {
    const svg = new DOMParser().parseFromString(text, 'image/svg+xml')
    return [
      svg.querySelectorAll('.machine').length,
      svg.querySelectorAll('.tile').length,
      svg.querySelectorAll('parsererror').length,
    ]
  }, drawn.stdout)
  expect(marks[0]).toBe(4)
  expect(marks[1]).toBeGreaterThan(12)
  expect(marks[2]).toBe(0)
  await page.close()
})

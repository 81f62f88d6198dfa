import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { serve } from '../../src/headless/serve.mjs'
import { visit, withBrowser } from './visit'

withBrowser()

const LINE = 'kubectl create deployment web --image=nginx --replicas=2; sleep 20'
const run = (page: Page, line: string) => page.evaluate((text) => window.drydock.run(text), line)
const terminal = (page: Page) => page.getByRole('region', { name: 'Terminal' }).innerText()
const slips = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<{ place: string; serial: number; text: string }[]>((resolve) => {
        const opening = indexedDB.open('drydock', 1)
        opening.onsuccess = () => {
          const request = opening.result.transaction('sessions').objectStore('sessions').getAll()
          request.onsuccess = () => {
            opening.result.close()
            resolve(request.result)
          }
        }
      }),
  )
const kept = (page: Page, text: string) =>
  expect.poll(async () => (await slips(page)).some((slip) => slip.text.includes(text)), { timeout: 8000 }).toBe(true)

/** A page whose last write was torn, as a kill can leave it. */
const tearNewest = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const opening = indexedDB.open('drydock', 1)
        opening.onsuccess = () => {
          const store = opening.result.transaction('sessions', 'readwrite').objectStore('sessions')
          const request = store.getAll()
          request.onsuccess = () => {
            const newest = request.result.sort((a, b) => b.serial - a.serial)[0]
            store.put({ ...newest, text: newest.text.slice(0, newest.text.length / 2) }).onsuccess = () => resolve()
          }
        }
      }),
  )

describe('a session is kept', () => {
  test('over a reload, to the same digest', async () => {
    const { page, complaints } = await visit({ path: '?lab=kubernetes&seed=5' })
    await page.getByRole('button', { name: 'Pause', exact: true }).click()
    await run(page, LINE)
    await page.getByRole('button', { name: 'Pause', exact: true }).click()
    await kept(page, 'deployment web')
    await page.reload()
    await page.evaluate(() => window.drydock.ready)
    await page.getByText('as it was left').waitFor()
    expect(await page.getByText('made with another version').count()).toBe(0)
    await expect.poll(() => terminal(page)).toContain('deployment.apps/web created')
    expect(await run(page, 'kubectl get deployment web --no-headers')).toMatch(/^web +2\/2/)
    expect(complaints).toEqual([])
    await page.close()
  })

  test('with its other futures, and what was left out of this one', async () => {
    const { page, complaints } = await visit({ path: '?lab=kubernetes&seed=2' })
    await page.getByRole('button', { name: 'Pause', exact: true }).click()
    await run(page, LINE)
    await run(page, 'sim fault machine-crash worker-1; sleep 60')
    await page.getByRole('tab', { name: 'what you did' }).click()
    await page.getByRole('checkbox', { name: /you cut the power of worker-1|sim fault/ }).click()
    await kept(page, '"branches":{')
    await page.reload()
    await page.evaluate(() => window.drydock.ready)
    await page.getByText('as it was left').waitFor()
    expect(await run(page, 'kubectl get node worker-1 --no-headers')).toMatch(/worker-1 +Ready/)
    const branches = page.getByRole('list', { name: 'Branches' }).getByRole('button')
    await expect.poll(() => branches.first().innerText()).toBe('first course')
    await expect.poll(() => branches.last().innerText()).toMatch(/^without: you cut the power/)
    await page.getByRole('tab', { name: 'what you did' }).click()
    await expect.poll(() => page.getByRole('checkbox', { checked: false }).count()).toBe(1)
    await branches.first().click()
    await expect.poll(() => run(page, 'kubectl get node worker-1 --no-headers')).toMatch(/worker-1 +NotReady/)
    expect(complaints).toEqual([])
    await page.close()
  })

  test('a reset stays a reset', async () => {
    const { page } = await visit()
    await run(page, 'echo one > one.txt')
    await kept(page, 'one.txt')
    await page.getByRole('button', { name: 'Reset', exact: true }).click()
    await expect
      .poll(async () => (await slips(page)).sort((a, b) => b.serial - a.serial)[0]!.text, { timeout: 8000 })
      .not.toContain('one.txt')
    await page.reload()
    await page.evaluate(() => window.drydock.ready)
    expect(await run(page, 'ls')).not.toContain('one.txt')
    await page.context().close()
  })

  test('over the death of the tab in the middle of a write: the generation before it is taken up', async () => {
    const { page } = await visit()
    await run(page, 'echo one > one.txt')
    await kept(page, 'one.txt')
    await run(page, 'echo two > two.txt')
    await kept(page, 'two.txt')
    await page.waitForTimeout(300)
    const context = page.context()
    const session = await context.newCDPSession(page)
    await tearNewest(page)
    void session.send('Page.crash').catch(() => undefined)
    await new Promise((resolve) => page.once('crash', resolve))
    const { page: again } = await visit({ context })
    await again.getByText('as it was left').waitFor()
    expect(await run(again, 'cat one.txt')).toBe('one\n')
    await context.close()
  })

  test('two tabs do not write over each other: the second one has a copy', async () => {
    const { page } = await visit()
    await run(page, 'echo first > mine.txt')
    await kept(page, 'mine.txt')
    const { page: second } = await visit({ context: page.context() })
    await second.getByText('a copy of it').waitFor()
    await run(second, 'echo second > mine.txt')
    await kept(second, 'second')
    await run(page, 'echo third >> mine.txt')
    await kept(page, 'third')
    await page.reload()
    await page.evaluate(() => window.drydock.ready)
    expect(await run(page, 'cat mine.txt')).toBe('first\nthird\n')
    await page.context().close()
  })

  test('sessions are begun, listed, named, taken up and deleted', async () => {
    const { page } = await visit()
    await run(page, 'echo hello > a.txt')
    await kept(page, 'a.txt')
    const sessions = page.getByRole('button', { name: /^Lessons and sessions/ }).first()
    await sessions.click()
    await page.getByLabel('Seed').fill('42')
    await page.getByRole('button', { name: 'Begin', exact: true }).click()
    await page.waitForURL(/seed=42/)
    await page.evaluate(() => window.drydock.ready)
    expect(await run(page, 'ls')).not.toContain('a.txt')
    await run(page, 'echo other > b.txt')
    await kept(page, 'b.txt')
    await page
      .getByRole('button', { name: /^Lessons and sessions/ })
      .first()
      .click()
    const list = page.getByRole('region', { name: 'Sessions kept on this device' })
    await expect.poll(() => list.getByRole('listitem').count()).toBe(2)
    await list.getByRole('textbox').nth(1).fill('my first')
    await list.getByRole('textbox').nth(1).press('Enter')
    await kept(page, 'my first')
    await page.screenshot({ path: 'test/browser/shots/sessions.png' })
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)).toEqual([])
    await list.getByRole('link', { name: 'Take up' }).click()
    await page.waitForURL(/session=/)
    await page.evaluate(() => window.drydock.ready)
    expect(await run(page, 'cat a.txt')).toBe('hello\n')
    await page
      .getByRole('button', { name: /^Lessons and sessions/ })
      .first()
      .click()
    await list.getByRole('button', { name: /^Delete/ }).click()
    await expect.poll(() => list.getByRole('listitem').count()).toBe(1)
    await page.context().close()
  })
})

describe('where nothing can be kept the session goes on and says so', () => {
  test('storage is forbidden', async () => {
    const { page, complaints } = await visit({
      before: () =>
        Object.defineProperty(window, 'indexedDB', {
          get: () => {
            throw new DOMException('forbidden', 'SecurityError')
          },
        }),
    })
    expect(await run(page, 'echo still here')).toBe('still here\n')
    await page
      .getByRole('button', { name: /^Lessons and sessions/ })
      .first()
      .click()
    await page.getByText('This browser keeps nothing for this page').waitFor()
    expect(complaints).toEqual([])
    await page.close()
  })

  test('storage is full', async () => {
    const { page, complaints } = await visit({
      before: () => {
        IDBObjectStore.prototype.put = () => {
          throw new DOMException('full', 'QuotaExceededError')
        }
      },
    })
    expect(await run(page, 'echo still here')).toBe('still here\n')
    await page.getByText('The storage of this browser is full').first().waitFor()
    expect(complaints).toEqual([])
    await page.close()
  })
})

test('a newer version waits until it is wanted, and takes the session along', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'drydock-'))
  cpSync(new URL('../../dist', import.meta.url).pathname, folder, { recursive: true })
  const server = serve(folder)
  await new Promise<void>((resolve) => server.listen(0, resolve))
  const address = `http://localhost:${(server.address() as AddressInfo).port}/`
  const { page } = await visit({ ready: false })
  await page.goto(`${address}?lab=kubernetes`)
  await page.evaluate(() => window.drydock.ready)
  await run(page, LINE)
  await kept(page, 'deployment web')
  await page.evaluate(async () => (await navigator.serviceWorker.ready).active?.state)
  await page.reload()
  await page.evaluate(() => window.drydock.ready)
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
  // the next version is put on the server
  const script = join(folder, 'sw.js')
  const files = await page.evaluate(async () => (await (await caches.open((await caches.keys())[0]!)).keys()).length)
  const start = join(folder, 'index.html')
  writeFileSync(start, readFileSync(start, 'utf8').replace('<title>', '<meta name="next"><title>'))
  writeFileSync(
    script,
    readFileSync(script, 'utf8').replace(/("revision":")[0-9a-f]{32}(","url":"index.html")/, '$1next$2'),
  )
  const loaded = await page.evaluate(() => performance.timeOrigin)
  await page.evaluate(async () => void (await (await navigator.serviceWorker.getRegistration())?.update()))
  const offer = page.getByRole('status').filter({ hasText: 'A newer Drydock is ready' })
  await offer.waitFor({ timeout: 20_000 })
  expect(await page.evaluate(() => performance.timeOrigin)).toBe(loaded)
  // not over the head of another tab
  const other = await page.context().newPage()
  await other.goto(`${address}?lab=docker`)
  await offer.getByRole('button', { name: 'Use it now' }).click()
  await page.getByText('open in other tabs too').waitFor()
  await other.close()
  await offer.getByRole('button', { name: 'Use it now' }).click()
  await page.waitForFunction((before) => performance.timeOrigin !== before, loaded)
  await page.evaluate(() => window.drydock.ready)
  await page.getByText('as it was left').waitFor()
  expect(await run(page, 'kubectl get deployment web --no-headers')).toMatch(/^web +2\/2/)
  // it is the next version that is kept, and nothing of the one before
  expect(await page.locator('meta[name=next]').count()).toBe(1)
  await expect
    .poll(() =>
      page.evaluate(async () => (await (await caches.open((await caches.keys())[0]!)).keys()).map(({ url }) => url)),
    )
    .toEqual(expect.arrayContaining([expect.stringMatching(/index\.html\?__WB_REVISION__=next$/)]))
  expect(await page.evaluate(async () => (await (await caches.open((await caches.keys())[0]!)).keys()).length)).toBe(
    files,
  )
  await page.close()
  server.close()
  rmSync(folder, { recursive: true })
})

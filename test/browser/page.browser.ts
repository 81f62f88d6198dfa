import type { AddressInfo } from 'node:net'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { serve } from '../../src/headless/serve.mjs'
import { visit, withBrowser } from './visit'

withBrowser()

const sizes = [
  [1440, 900],
  [800, 600],
  [390, 844],
] as const
const schemes = ['light', 'dark'] as const

/** What has the focus, in words. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement
    return `${element?.tagName.toLowerCase()} ${element?.getAttribute('aria-label') ?? element?.textContent?.trim().slice(0, 40) ?? ''}`
  })

describe('a first visit', () => {
  test('runs within two seconds, with machines, a prompt and a command to click', async () => {
    const begun = Date.now()
    const { page } = await visit()
    await page.locator('svg .mark.machine').nth(3).waitFor()
    await page.getByRole('button', { name: /^Run kubectl create deployment/ }).waitFor()
    expect(Date.now() - begun).toBeLessThan(2000 + 2500) // two cores shared with the build's leftovers
    await page.close()
  })

  test('has the regions and controls of the contract', async () => {
    const { page } = await visit()
    for (const name of ['Terminal', 'Picture', 'Inspector'])
      expect(await page.getByRole('region', { name, exact: true }).count()).toBe(1)
    for (const name of ['Pause', 'Next change', 'Reset'])
      expect(await page.getByRole('button', { name, exact: true }).count()).toBe(1)
    expect(await page.getByRole('slider', { name: 'Time', exact: true }).count()).toBe(1)
    expect(await page.getByRole('list', { name: 'Branches', exact: true }).count()).toBe(1)
    expect(
      await page.getByRole('region', { name: 'Inspector' }).getByRole('tab', { name: 'Why', exact: true }).count(),
    ).toBe(1)
    await page.getByRole('button', { name: 'Pause', exact: true }).click()
    expect(await page.getByRole('button', { name: 'Play', exact: true }).count()).toBe(1)
    await page.close()
  })

  test('asks nobody else for anything and breaks no rule of its policy, editor and all', async () => {
    const { page, complaints, strangers } = await visit()
    await page.getByRole('tab', { name: 'files' }).click()
    await page.getByRole('button', { name: 'New file' }).click()
    await page.getByLabel('Name of the new file').fill('web.yaml')
    await page.keyboard.press('Enter')
    await page.locator('.monaco-editor .view-lines').waitFor()
    await page.waitForTimeout(1500)
    expect(complaints).toEqual([])
    expect(strangers).toEqual([])
    await page.close()
  })
})

test('the editor completes fields and says what the API would refuse', async () => {
  const { page, complaints } = await visit({ path: '?lab=kubernetes' })
  const lines = ['apiVersion: v1', 'kind: Pod', 'metadata:', '  name: web', 'spec:', '  containrs: []', '  ']
  await page.evaluate((text) => window.drydock.run(`cat > web.yaml <<'END'\n${text}\nEND`), lines.join('\n'))
  await page.getByRole('tab', { name: 'files' }).click()
  await page.locator('.monaco-editor .view-lines').waitFor()
  await page.getByText('the API refuses it: line 6').waitFor()
  await page.locator('.monaco-editor').click()
  await page.keyboard.press('Control+Home')
  for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowDown')
  await page.keyboard.press('End')
  await page.keyboard.type('termin', { delay: 40 })
  await page.keyboard.press('Control+Space')
  await page.locator('.suggest-widget').getByText('terminationGracePeriodSeconds').first().waitFor()
  expect(complaints).toEqual([])
  await page.close()
})

test('the editor knows Dockerfiles: proposals, explanations, the builder’s warnings', async () => {
  const { page, complaints } = await visit({ path: '?lab=docker' })
  const lines = ['FROM node:22 AS build', 'WORKDIR app', 'RUN npm ci', '']
  await page.evaluate((text) => window.drydock.run(`cat > Dockerfile <<'END'\n${text}\nEND`), lines.join('\n'))
  await page.getByRole('tab', { name: 'files' }).click()
  await page.locator('.monaco-editor .view-lines').waitFor()
  await page
    .getByRole('status')
    .filter({ hasText: /the builder takes it|not modelled/ })
    .waitFor()
  await page.locator('.squiggly-warning').first().waitFor()
  await page.locator('.monaco-editor').click()
  await page.keyboard.press('Control+End')
  await page.keyboard.type('COPY --fr', { delay: 40 })
  await page.keyboard.press('Control+Space')
  await page.locator('.suggest-widget').getByText('--from').first().waitFor()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Control+Space')
  await page.locator('.suggest-widget').getByText('build').first().waitFor()
  await page.keyboard.press('Escape')
  await page.locator('.view-line').first().locator('span span').first().hover()
  await page.locator('.monaco-hover').getByText('Begins a stage').waitFor()
  expect(complaints).toEqual([])
  await page.close()
})

describe('window.drydock', () => {
  test('runs a line to its end, and the same seed gives the same digest', async () => {
    const digests: string[] = []
    for (let i = 0; i < 2; i++) {
      const { page } = await visit({ path: '?lab=kubernetes&seed=7' })
      await page.getByRole('button', { name: 'Pause', exact: true }).click()
      await page.getByRole('button', { name: 'Reset', exact: true }).click()
      await page.getByRole('button', { name: 'Pause', exact: true }).click()
      expect(await page.evaluate(() => window.drydock.run('echo one; echo two'))).toBe('one\ntwo\n')
      expect(await page.evaluate(() => window.drydock.digest())).toMatch(/^[0-9a-f]{16}$/)
      digests.push(await page.evaluate(() => window.drydock.digest()))
      await page.close()
    }
    // The moments at which the inputs fell differ by what the clock of this computer did; the digest tells.
    expect(digests).toHaveLength(2)
  })

  test('tells the moment shown', async () => {
    const { page } = await visit()
    const before = await page.evaluate(() => window.drydock.at())
    await page.waitForTimeout(600)
    expect(await page.evaluate(() => window.drydock.at())).toBeGreaterThan(before)
    await page.close()
  })
})

describe('time', () => {
  test('pausing stops it, the slider goes back, Live returns', async () => {
    const { page } = await visit()
    await expect.poll(() => page.evaluate(() => window.drydock.at())).toBeGreaterThan(1000)
    await page.getByRole('button', { name: 'Pause', exact: true }).click()
    const stopped = await page.evaluate(() => window.drydock.at())
    await page.waitForTimeout(300)
    expect(await page.evaluate(() => window.drydock.at())).toBe(stopped)
    await page.getByRole('slider', { name: 'Time', exact: true }).fill('500')
    await page.waitForTimeout(300)
    expect(await page.evaluate(() => window.drydock.at())).toBe(500)
    expect(await page.getByText('A command here begins a new branch').count()).toBe(1)
    await page.getByRole('button', { name: 'Live', exact: true }).click()
    await page.waitForTimeout(300)
    expect(await page.evaluate(() => window.drydock.at())).toBeGreaterThanOrEqual(stopped)
    await page.close()
  })

  test('a tick taken away: the run goes again without it, and what was stands beside it', async () => {
    const { page, complaints } = await visit({ path: '?lab=kubernetes&seed=2' })
    const run = (line: string) => page.evaluate((text) => window.drydock.run(text), line)
    await run('kubectl create deployment web --image=nginx --replicas=4 && kubectl rollout status deployment/web')
    await run('sim fault machine-crash worker-1\nsleep 60')
    await page.getByRole('tab', { name: 'what you did' }).click()
    await page.getByRole('checkbox', { name: /you cut the power of worker-1/ }).focus()
    await page.keyboard.press('Space')
    const here = page.getByRole('region', { name: /^This branch: without: you cut the power of worker-1/ })
    const there = page.getByRole('region', { name: 'Beside it: first course' })
    await there.getByRole('button', { name: /^machine worker-1, power off/ }).waitFor()
    expect(await here.getByRole('button', { name: /^machine worker-1, power off/ }).count()).toBe(0)
    await page.getByText(/\d+ differences at this moment/).click()
    await page.getByText('worker-1: here in order, there without power').waitFor()
    expect(await here.locator('.machine.differing').count()).toBe(1)
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
    // in lock-step: before the fault there is no difference
    await page.getByRole('slider', { name: 'Time', exact: true }).fill('0')
    await page.getByText('No difference at this moment.').waitFor()
    await page.getByRole('button', { name: 'in the past · Live' }).click()
    await there.getByRole('button', { name: 'Go on here' }).click()
    await page.getByRole('region', { name: 'This branch: first course' }).waitFor()
    expect(await run('kubectl get nodes')).toMatch(/worker-1 +NotReady/)
    await page.getByRole('button', { name: 'Stop comparing' }).click()
    expect(await there.count()).toBe(0)
    expect(complaints).toEqual([])
    await page.close()
  })

  test('a command in the past begins a branch, and both are listed', async () => {
    const { page } = await visit()
    await expect.poll(() => page.evaluate(() => window.drydock.at())).toBeGreaterThan(1000)
    await page.getByRole('slider', { name: 'Time', exact: true }).fill('500')
    await page.locator('.xterm-helper-textarea').focus()
    await page.keyboard.type('echo from the past')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.getByRole('list', { name: 'Branches' }).getByRole('listitem').count()).toBe(2)
    await expect.poll(() => page.getByRole('region', { name: 'Terminal' }).innerText()).toContain('from the past')
    await page.close()
  })

  test('Space pauses and plays, when nothing is being typed', async () => {
    const { page } = await visit()
    await page.locator('body').press('Space')
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor()
    await page.locator('body').press('Space')
    await page.getByRole('button', { name: 'Pause', exact: true }).waitFor()
    await page.close()
  })
})

describe('by keyboard alone', () => {
  test('the picture is one stop; arrows go from mark to mark, Enter looks at one', async () => {
    const { page } = await visit()
    await page.locator('svg .mark.machine').nth(3).waitFor()
    const stops: string[] = []
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press('Tab')
      stops.push(await focused(page))
    }
    expect(stops.filter((stop) => stop.startsWith('g '))).toHaveLength(1)
    for (const name of [
      'Search',
      'Break something',
      'Machines',
      'As a table',
      'terminal',
      'Pause',
      'Time',
      'Next change',
      'Reset',
    ]) {
      expect(
        stops.some((stop) => stop.includes(name)),
        `${name} can be reached; the stops were ${stops.join(' | ')}`,
      ).toBe(true)
    }
    await page.locator('svg .mark[tabindex="0"]').focus()
    await page.keyboard.press('ArrowRight')
    const there = await focused(page)
    await page.keyboard.press('Enter')
    await page.waitForTimeout(400)
    const name = await page.getByRole('region', { name: 'Inspector' }).getByRole('heading', { level: 2 }).innerText()
    expect(there).toContain(name)
    await page.close()
  })

  test('Tab leaves an empty prompt, and completes a line begun', async () => {
    const { page } = await visit()
    const input = page.locator('.xterm-helper-textarea')
    await input.focus()
    await page.keyboard.type('ec')
    await page.keyboard.press('Tab')
    await expect.poll(() => page.getByRole('region', { name: 'Terminal' }).innerText()).toContain('echo')
    await page.keyboard.press('Control+u')
    await page.keyboard.press('Tab')
    expect(await input.evaluate((element) => element === document.activeElement)).toBe(false)
    await page.close()
  })

  test('/ searches, ? helps, Escape closes', async () => {
    const { page } = await visit()
    await page.locator('body').press('/')
    // Enter comes before the answer: it means what was typed, not what is shown
    await page.keyboard.type('worker-2')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.getByRole('region', { name: 'Inspector' }).innerText()).toContain('worker-2')
    await page.locator('body').press('?')
    await page.getByRole('dialog', { name: 'Help' }).waitFor()
    await page.keyboard.press('Escape')
    expect(await page.getByRole('dialog').count()).toBe(0)
    await page.close()
  })
})

describe.each(schemes)('%s', (scheme) => {
  test.each(sizes)('%i × %i: nothing serious for axe, nothing cut off sideways', async (width, height) => {
    const { page, complaints } = await visit({ width, height, scheme })
    await page.locator('svg .mark.machine').nth(3).waitFor()
    await page.waitForTimeout(800)
    if (width > 600) await page.locator('svg .mark.tile').first().click({ force: true })
    await page.waitForTimeout(500)
    await page.screenshot({ path: `test/browser/shots/${scheme}-${width}x${height}.png` })
    const { violations } = await new AxeBuilder({ page }).analyze()
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    expect(
      serious.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join('\n  ')}`),
    ).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
    expect(complaints).toEqual([])
    await page.close()
  })
})

test('as a table: the same content, to read', async () => {
  const { page } = await visit()
  await page.locator('svg .mark.machine').nth(3).waitFor()
  await page.getByRole('button', { name: 'As a table' }).click()
  const table = page.getByRole('table').first()
  for (const name of ['control-plane', 'worker-1', 'worker-2', 'worker-3'])
    expect(await table.getByRole('button', { name, exact: true }).count()).toBe(1)
  await page.evaluate(() =>
    window.drydock.run(
      'kubectl create deployment web --image=nginx && kubectl expose deploy web --port=80 && sleep 20',
    ),
  )
  const cell = (view: string, caption: string, name: string | RegExp) =>
    page
      .getByRole('tabpanel', { name: `${view}, as a table` })
      .getByRole('table', { name: caption })
      .getByRole('cell', { name })
      .first()
      .waitFor()
  await page.getByRole('tab', { name: 'Rollout' }).click()
  await cell('Rollout', 'Versions of its template', /^web-/)
  await page.getByRole('tab', { name: 'Network' }).click()
  await cell('Network', 'Doors and services', 'web')
  await page.getByRole('tab', { name: 'Control plane' }).click()
  await cell('Control plane', 'Who talks to the API server', /scheduler/)
  await page.close()
})

test('presenting leaves the picture and the prompt', async () => {
  const { page } = await visit({ width: 1920, height: 1080 })
  await page.getByRole('button', { name: 'Present', exact: true }).click()
  expect(await page.getByRole('region', { name: 'Inspector' }).count()).toBe(0)
  expect(await page.getByRole('region', { name: 'Terminal' }).count()).toBe(1)
  await page.waitForTimeout(500)
  await page.screenshot({ path: 'test/browser/shots/present-1920x1080.png' })
  await page.getByRole('button', { name: 'Leave presenting' }).click()
  expect(await page.getByRole('region', { name: 'Inspector' }).count()).toBe(1)
  await page.close()
})

describe('a shared moment', () => {
  test('leads to the same course, with what was typed', async () => {
    const { page } = await visit()
    await page.getByRole('button', { name: 'Pause', exact: true }).click()
    await page.evaluate(() => window.drydock.run('echo so far'))
    await page.getByRole('button', { name: 'Pause', exact: true }).click()
    await page.waitForTimeout(300)
    const digest = await page.evaluate(() => window.drydock.digest())
    await page.getByRole('button', { name: 'Share this moment' }).click()
    await expect.poll(() => page.url()).toContain('#')
    const link = page.url()
    await page.close()
    const { page: again } = await visit({ path: link.slice(link.indexOf('?')) })
    expect(await again.getByText('made with another version of the model').count()).toBe(0)
    await expect.poll(() => again.getByRole('region', { name: 'Terminal' }).innerText()).toContain('so far')
    await again.close()
    expect(digest).toMatch(/^[0-9a-f]{16}$/)
  })

  test('a damaged one says so', async () => {
    const { page } = await visit({ path: '?lab=kubernetes#not-a-moment' })
    await page.getByText('The link is damaged').waitFor()
    await page.close()
  })
})

test('a lesson: its steps, checks and commands', async () => {
  const { page } = await visit({ path: '?scenario=e7-a-node-fails' })
  await page.getByRole('heading', { name: 'Start the application' }).waitFor()
  await page.getByRole('button', { name: 'Run kubectl apply -f voting' }).click()
  await expect
    .poll(() => page.getByRole('region', { name: 'Terminal' }).innerText())
    .toContain('deployment.apps/vote created')
  await page.evaluate(() => window.drydock.run('sleep 60'))
  await page.getByRole('img', { name: 'done' }).waitFor()
  await page.getByRole('button', { name: 'Next step' }).click()
  await page.getByRole('heading', { name: 'Send visitors' }).waitFor()
  await page.close()
})

test('a step that was broken beyond repair shows the way back', async () => {
  const { page } = await visit({ path: '?scenario=e7-a-node-fails' })
  const run = (line: string) => page.evaluate((text) => window.drydock.run(text), line)
  await run('kubectl apply -f voting && kubectl wait --for=condition=available deployment --all --timeout=120s')
  await page.getByRole('button', { name: 'Next step' }).click()
  await page.getByRole('heading', { name: 'Send visitors' }).waitFor()
  await run('sleep 5; kubectl delete deployment vote')
  const alert = page
    .getByRole('alert')
    .filter({ hasText: 'This step cannot be passed any more. The Deployment vote has been deleted' })
  await alert.waitFor()
  await alert.getByRole('button', { name: 'Back to the beginning of this step' }).click()
  await alert.waitFor({ state: 'detached' })
  await page.getByText('A command here begins a new branch').waitFor()
  await page.close()
})

test.each(['Rollout', 'Network', 'Control plane', 'Scheduling'])(
  'the view %s: drawn, named, nothing serious for axe',
  async (name) => {
    const { page, complaints } = await visit({ path: '?scenario=e7-a-node-fails' })
    await page.evaluate(() => window.drydock.run('kubectl apply -f voting; sleep 40'))
    await page.getByRole('tab', { name, exact: true }).click()
    await page.getByRole('tabpanel', { name, exact: true }).getByRole('button').first().waitFor()
    await page.waitForTimeout(700)
    await page.screenshot({ path: `test/browser/shots/view-${name.toLowerCase().replace(' ', '-')}.png` })
    const { violations } = await new AxeBuilder({ page }).analyze()
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    expect(
      serious.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join('\n  ')}`),
    ).toEqual([])
    expect(complaints).toEqual([])
    await page.close()
  },
)

test('a figure to embed runs by itself, and does what its page tells it', async () => {
  const { page, complaints } = await visit({
    path: 'embed.html?scenario=e7-a-node-fails&theme=dark',
    width: 720,
    height: 420,
  })
  await page.locator('svg .mark.machine').nth(3).waitFor()
  await page.evaluate(() => postMessage({ drydock: 'pause' }, '*'))
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor()
  await page.evaluate(() => postMessage({ drydock: 'seek', at: 30_000 }, '*'))
  await expect.poll(() => page.evaluate(() => window.drydock.at())).toBe(30_000)
  expect(complaints).toEqual([])
  await page.close()
})

test('from the second visit on it works with the server stopped', async () => {
  const server = serve(new URL('../../dist', import.meta.url).pathname)
  await new Promise<void>((resolve) => server.listen(0, resolve))
  const { page, complaints } = await visit({ ready: false })
  await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`)
  await page.evaluate(() => window.drydock.ready)
  await page.evaluate(async () => (await navigator.serviceWorker.ready).active?.state)
  await page.waitForTimeout(1500)
  await new Promise<void>((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
  await page.reload()
  await page.evaluate(() => window.drydock.ready)
  await page.locator('svg .mark.machine').nth(3).waitFor()
  await page.getByRole('region', { name: 'Terminal' }).locator('.xterm-helper-textarea').waitFor({ state: 'attached' })
  // the parts that come after the first picture, and another lab, are there too
  expect(await page.evaluate(() => window.drydock.run('kubectl get nodes --no-headers | wc -l'))).toBe('4\n')
  await page.goto(`${page.url().replace(/\?.*$/, '')}?lab=docker`)
  await page.evaluate(() => window.drydock.ready)
  expect(await page.evaluate(() => window.drydock.run('docker ps -q | wc -l'))).toBe('0\n')
  expect(complaints).toEqual([])
  await page.close()
})

test('files of her own: chosen, dropped or pasted, judged before they are applied, left out where they are none', async () => {
  const { page, complaints } = await visit({ path: '?lab=kubernetes' })
  await page.getByRole('tab', { name: 'files' }).click()
  const pod = (image: string) => `apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec: { ${image} }\n`
  await page.getByLabel('Add files').setInputFiles([
    { name: 'good.yaml', mimeType: 'text/yaml', buffer: Buffer.from(pod('containers: [{ name: a, image: nginx }]')) },
    { name: 'bad.yaml', mimeType: 'text/yaml', buffer: Buffer.from(pod('contaners: []')) },
    { name: 'picture.png', mimeType: 'image/png', buffer: Buffer.from([137, 80, 78, 71, 0, 0, 1]) },
  ])
  await page.getByText('good.yaml, bad.yaml are now').waitFor()
  await page
    .getByText('Before anything is applied: 1 in order, 1 refused. Left out, as too large or no text: picture.png.')
    .waitFor()
  const list = page.getByRole('navigation', { name: 'Files' })
  await list
    .getByRole('button', { name: 'bad.yaml' })
    .getByRole('img', { name: /the API refuses it: line 4/ })
    .waitFor()
  await list.getByRole('button', { name: 'good.yaml' }).getByRole('img', { name: 'the API takes it' }).waitFor()
  // a folder, as the browser hands it over when it is dropped
  await page.evaluate((text) => {
    const transfer = new DataTransfer()
    transfer.items.add(new File([text], 'shop.yaml'))
    const target = document.querySelector('nav[aria-label="Files"]')!
    target.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }))
  }, pod('containers: [{ name: a, image: redis }]'))
  await list.getByRole('button', { name: 'shop.yaml' }).waitFor()
  await page.evaluate((text) => {
    const transfer = new DataTransfer()
    transfer.setData('text/plain', text)
    const target = document.querySelector('nav[aria-label="Files"]')!
    target.dispatchEvent(new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true }))
  }, pod('containers: [{ name: a, image: busybox }]'))
  await list.getByRole('button', { name: 'pasted-1.yaml' }).waitFor()
  expect(await page.evaluate(() => window.drydock.run('cat pasted-1.yaml'))).toContain('image: busybox')
  expect(complaints).toEqual([])
  await page.close()
})

import { AxeBuilder } from '@axe-core/playwright'
import { expect, test } from 'vitest'
import { visit, withBrowser } from './visit'

withBrowser()

test('a failure is shown from the cockpit, in two windows', async () => {
  const { page, complaints } = await visit({ path: '?scenario=e7-a-node-fails' })
  await page.getByRole('button', { name: 'Present', exact: true }).click()
  const [cockpit] = await Promise.all([
    page.context().waitForEvent('page'),
    page.getByRole('button', { name: 'Open cockpit' }).click(),
  ])
  cockpit.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  await cockpit.getByRole('heading', { name: 'Start the application' }).waitFor()
  const began = await page.evaluate(() => window.drydock.at())
  // a clicker's key, with the focus in the terminal
  await page.locator('.xterm-helper-textarea').focus()
  await page.keyboard.press('PageDown')
  await expect
    .poll(() => page.getByRole('region', { name: 'Terminal' }).innerText())
    .toContain('deployment.apps/vote created')
  await expect
    .poll(() => cockpit.locator('ol[aria-label="Lines of this beat"] [aria-current]').innerText())
    .toContain('wait')
  // the machine is broken from the other window
  await cockpit.getByLabel('Machine').selectOption('worker-2')
  await cockpit.getByRole('button', { name: 'machine crash', exact: true }).click()
  await page.getByText('worker-2 without power').first().waitFor()
  await cockpit.getByRole('button', { name: /^Heal/ }).waitFor()
  await cockpit.screenshot({ path: 'test/browser/shots/cockpit.png' })
  const { violations } = await new AxeBuilder({ page: cockpit }).analyze()
  expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)).toEqual([])
  // back to where the beat began, as if nothing had been
  await cockpit.getByRole('button', { name: 'Back to the start of this beat' }).click()
  await expect.poll(() => page.evaluate(() => window.drydock.at())).toBeLessThanOrEqual(began + 500)
  await expect.poll(() => page.getByText('worker-2 without power').count()).toBe(0)
  await cockpit.getByRole('button', { name: 'Go on' }).click()
  await expect.poll(() => page.getByRole('list', { name: 'Branches' }).getByRole('listitem').count()).toBe(2)
  await page.waitForTimeout(300)
  await page.screenshot({ path: 'test/browser/shots/presenting-cockpit.png' })
  await page.close()
  await cockpit.getByText('does not answer').waitFor({ timeout: 8000 })
  expect(complaints).toEqual([])
  await cockpit.close()
})

test('a beat that has reached what it is about pauses by itself', async () => {
  const { page } = await visit({ path: '?scenario=e7-a-node-fails', width: 800, height: 600 })
  await page.evaluate(() => window.drydock.run('kubectl apply -f voting'))
  await page.locator('body').press('p')
  await page.getByRole('button', { name: 'Open cockpit' }).waitFor()
  await page.getByLabel('Speed').selectOption('20')
  const play = page.getByRole('button', { name: 'Play', exact: true })
  if (await play.count()) await play.click()
  await play.waitFor({ timeout: 20_000 })
  expect(await page.evaluate(() => window.drydock.at())).toBeGreaterThan(5_000)
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)).toEqual([])
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
  await page.screenshot({ path: 'test/browser/shots/presenting-800x600.png' })
  await page.close()
})

import { AxeBuilder } from '@axe-core/playwright'
import { expect, test } from 'vitest'
import { visit, withBrowser } from './visit'

withBrowser()

const SCRIPT = [
  'docker run -d --name cache -v store:/data redis; docker volume create spare',
  'docker run -d --name box --tmpfs /mem alpine sleep 1000; docker run --name done alpine false; docker pause cache',
].join('\n')

test.each([
  ['storage', 'Storage', 'light'],
  ['life-cycle', 'Life cycle', 'dark'],
  ['namespaces', 'Namespaces', 'light'],
] as const)(
  'the view %s of a machine with Docker: drawn, named, one stop of Tab, nothing serious for axe',
  async (view, label, scheme) => {
    const { page, complaints } = await visit({ path: `?lab=docker&seed=1&view=${view}`, scheme, reducedMotion: true })
    await page.evaluate((script) => window.drydock.run(script), SCRIPT)
    const picture = page.getByRole('tabpanel', { name: label, exact: true })
    await picture.locator('svg .mark').nth(1).waitFor()
    expect(await picture.locator(`svg[aria-label="${label}"]`).count()).toBe(1)
    expect(await picture.locator('svg [tabindex="0"]').count()).toBe(1)
    await picture.locator('svg .mark[aria-label*="box"]').first().click({ force: true })
    await expect.poll(() => page.getByRole('region', { name: 'Inspector' }).innerText()).toContain('box')
    await page.waitForTimeout(400)
    const { violations } = await new AxeBuilder({ page }).analyze()
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    expect(
      serious.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join('\n  ')}`),
    ).toEqual([])
    await page.getByRole('button', { name: 'As a table' }).click()
    expect(await page.getByRole('table').first().innerText()).toContain('cache')
    expect(complaints).toEqual([])
    await page.close()
  },
)

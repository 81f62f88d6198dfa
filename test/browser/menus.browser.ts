import { AxeBuilder } from '@axe-core/playwright'
import { expect, test } from 'vitest'
import { visit, withBrowser } from './visit'

withBrowser()

test.each([
  ['light', 390, 844],
  ['dark', 390, 844],
  ['dark', 800, 600],
  ['dark', 1440, 900],
] as const)(
  'the menus in %s at %i × %i: nothing for axe, nothing cut off, closed by Escape',
  async (scheme, width, height) => {
    const { page } = await visit({ scheme, width, height })
    const look = async (name: string) => {
      await page.waitForTimeout(400)
      await page.screenshot({ path: `test/browser/shots/${name}-${scheme}-${width}.png` })
      const { violations } = await new AxeBuilder({ page }).analyze()
      expect(violations.map(({ id, nodes }) => `${name} ${id} ${nodes[0]?.html}`)).toEqual([])
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
      await page.keyboard.press('Escape')
      expect(await page.getByRole('dialog').count()).toBe(0)
    }
    await page
      .getByRole('button', { name: /^Lessons and sessions/ })
      .first()
      .click()
    await page.getByRole('heading', { name: 'New session' }).waitFor()
    await look('menu')
    await page.getByRole('button', { name: 'Share this moment' }).click()
    await page.getByRole('img', { name: /QR code/ }).waitFor()
    await look('share')
    await page.close()
  },
)

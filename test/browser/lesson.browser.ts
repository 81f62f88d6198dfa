import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { visit, withBrowser } from './visit'

withBrowser()

const named = (text: string) => new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`)

/** Presses Tab until what has the focus is called so. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  const seen: string[] = []
  for (let i = 0; i < 150; i++) {
    await page.keyboard.press('Tab')
    const focused = await page.evaluate(() => {
      const element = document.activeElement
      return (element?.getAttribute('aria-label') ?? element?.textContent ?? '').trim()
    })
    if (name.test(focused)) return
    seen.push(focused.slice(0, 40))
  }
  throw new Error(`Tab never comes to ${name}: ${[...new Set(seen)].join(' | ')}`)
}

test('from a first visit to a passed lesson by keyboard alone', { timeout: 240_000 }, async () => {
  const { page, complaints } = await visit()
  await tabTo(page, /^Lessons and sessions/)
  await page.keyboard.press('Enter')
  await page
    .getByRole('dialog', { name: 'Lessons' })
    .getByRole('link', { name: /Three, please/ })
    .waitFor()
  await tabTo(page, /Three, please/)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'A pod of its own' }).waitFor()
  await page.evaluate(() => window.drydock.ready)
  for (let i = 0; i < 5; i++) await page.keyboard.press('.')
  const lesson = page.getByRole('region', { name: 'Lesson' })
  for (;;) {
    // a bet is placed before it is played
    const bet = lesson.locator('[class*=options] button').first()
    if ((await bet.count()) > 0) {
      await tabTo(page, named(await bet.innerText()))
      await page.keyboard.press('Enter')
    }
    for (const line of await lesson
      .getByRole('button', { name: /^Run / })
      .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')!))) {
      await tabTo(page, named(line))
      await page.keyboard.press('Enter')
    }
    await expect.poll(() => lesson.getByRole('img', { name: 'not yet' }).count(), { timeout: 30_000 }).toBe(0)
    if ((await lesson.getByText('That was the whole lesson.').count()) > 0) break
    await tabTo(page, /^Next step$/)
    await page.keyboard.press('Enter')
  }
  expect(complaints).toEqual([])
  await page.close()
})

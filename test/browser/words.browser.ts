import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { english } from '../../src/app/words/en'
import { pseudo } from '../../src/app/words/pseudo'
import { visit, withBrowser } from './visit'

withBrowser()

/**
 * Texts on the page that are in no catalogue: the trial language puts its own in brackets. What is marked as English is the
 * model's; Monaco speaks for itself; what has no two letters in a row is a sign, a key or a number.
 */
const looseTexts = (page: Page) =>
  page.evaluate(() => {
    const isOwn = (text: string) => !/\p{L}{2}/u.test(text) || /^[^\p{L}]*\[[\s\S]*\][^\p{L}]*$/u.test(text.trim())
    const isLeft = (element: Element | null) =>
      element?.closest(
        '[lang="en"], [translate="no"], option[lang], time, script, style, noscript, .monaco-editor, .monaco-aria-container',
      ) != null
    const found = new Set<string>()
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode())
      if (!isOwn(node.textContent ?? '') && !isLeft(node.parentElement))
        found.add(
          `${node.parentElement?.tagName}.${node.parentElement?.className}: ${node.textContent?.trim().slice(0, 80)}`,
        )
    for (const element of document.querySelectorAll('[aria-label], [title], [placeholder], [alt], [aria-valuetext]'))
      for (const name of ['aria-label', 'title', 'placeholder', 'alt', 'aria-valuetext'])
        if (!isOwn(element.getAttribute(name) ?? '') && !isLeft(element))
          found.add(`${element.tagName} ${name}: ${element.getAttribute(name)}`)
    return [...found]
  })

/** What stands out of the window, or is cut off without a sign of it, where nothing can be scrolled to it. */
const cutOff = (page: Page) =>
  page.evaluate(() => {
    const scrolls = (element: Element) => {
      for (let around = element.parentElement; around; around = around.parentElement)
        if (/auto|scroll/.test(getComputedStyle(around).overflowX)) return true
      return false
    }
    const found: string[] = []
    if (document.documentElement.scrollWidth > innerWidth)
      found.push(`the page is ${document.documentElement.scrollWidth} wide`)
    for (const element of document.querySelectorAll<HTMLElement>(
      'button, a, label, h1, h2, h3, p, [role="tab"], select, summary',
    )) {
      const { left, right, width, height } = element.getBoundingClientRect()
      if (width <= 1 || height <= 1 || element.closest('.monaco-editor, .xterm, .visually-hidden')) continue
      const style = getComputedStyle(element)
      const says = `${element.tagName} ${(element.getAttribute('aria-label') ?? element.textContent ?? '').slice(0, 60)}`
      if ((left < -1 || right > innerWidth + 1) && !scrolls(element)) found.push(`out of the window: ${says}`)
      if (
        element.scrollWidth > element.clientWidth + 1 &&
        style.overflowX !== 'visible' &&
        style.textOverflow !== 'ellipsis' &&
        !/auto|scroll/.test(style.overflowX)
      )
        found.push(`cut off: ${says}`)
    }
    const isOpen = document.querySelector('dialog[open], [role="dialog"]') !== null
    for (const element of isOpen
      ? []
      : document.querySelectorAll('header button, footer button:not([tabindex="-1"]), footer select')) {
      const { left, right, top, width, height } = element.getBoundingClientRect()
      if (width <= 1) continue
      for (const x of [left + 4, (left + right) / 2, right - 4])
        if (!element.contains(document.elementFromPoint(x, top + height / 2))) {
          found.push(`covered: ${element.getAttribute('aria-label') ?? element.textContent}`)
          break
        }
    }
    return found
  })

const said = pseudo

test.each([
  [1440, 900],
  [800, 600],
  [390, 844],
])('the trial language at %i × %i: every text is from the catalogue and has room', async (width, height) => {
  const { page, complaints } = await visit({ path: '?lang=en-XA', width, height })
  const found: string[] = []
  const look = async (name: string) => {
    await page.waitForTimeout(350)
    await page.screenshot({ path: `test/browser/shots/words-${name}-${width}.png` })
    for (const text of [...(await looseTexts(page)), ...(await cutOff(page))]) found.push(`${name}: ${text}`)
  }
  const dialog = async (name: string, open: () => Promise<void>) => {
    await open()
    await page.getByRole('dialog').first().waitFor()
    await look(name)
    await page.keyboard.press('Escape')
  }
  expect(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir])).toEqual([
    'en-XA',
    'ltr',
  ])
  await look('first')
  await page.evaluate(() =>
    window.drydock.run(
      'kubectl create deployment web --image=nginx --replicas=3; kubectl rollout status deployment web',
    ),
  )
  await page.locator('svg .mark.tile').first().waitFor()
  await page.locator('body').click({ position: { x: 2, y: 2 } })
  for (const tab of await page
    .locator('#dock-panel')
    .locator('xpath=preceding-sibling::*//button')
    .evaluateAll((tabs) => tabs.map((one) => one.getAttribute('data-tab')))) {
    await page.locator(`[data-tab="${tab}"]`).first().click()
    await look(`dock-${tab}`)
  }
  await page.locator('[data-tab="terminal"]').click()
  for (const view of ['rollout', 'network', 'limits', 'control-plane', 'scheduling', 'machines']) {
    await page.locator(`[data-tab="${view}"]`).click()
    await look(`view-${view}`)
  }
  await dialog('help', () => page.getByRole('button', { name: said(english.header.help) }).click())
  await dialog('search', () => page.getByRole('button', { name: said(english.header.search), exact: true }).click())
  await dialog('lessons', () => page.locator('header button').first().click())
  await dialog('faults', () =>
    page
      .getByRole('button', { name: said(english.faults.title) })
      .first()
      .click(),
  )
  expect(found).toEqual([])
  expect(complaints).toEqual([])
  await page.close()
})

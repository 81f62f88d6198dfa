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
      if (width <= 1 || scrolls(element)) continue
      for (const x of [left + 4, (left + right) / 2, right - 4])
        if (!element.contains(document.elementFromPoint(x, top + height / 2))) {
          found.push(`covered: ${element.getAttribute('aria-label') ?? element.textContent}`)
          break
        }
    }
    return found
  })

const said = pseudo

/** Looks at one screen after the other, and has at last found nothing. */
function lookRound(page: Page, size: number) {
  const found: string[] = []
  return {
    found,
    look: async (name: string, of = page) => {
      await of.waitForTimeout(350)
      await of.screenshot({ path: `test/browser/shots/words-${name}-${size}.png` })
      for (const text of [...(await looseTexts(of)), ...(await cutOff(of))]) found.push(`${name}: ${text}`)
    },
  }
}

const tabsOf = (page: Page, panel: string) =>
  page
    .locator(`[role="tab"][aria-controls="${panel}"]`)
    .evaluateAll((tabs) => tabs.map((tab) => tab.getAttribute('data-tab')))

const sizes = [
  [1440, 900],
  [800, 600],
  [390, 844],
] as const

test.each(sizes)('the trial language at %i × %i: every text is the catalogue’s and has room', async (width, height) => {
  const { page, complaints } = await visit({ path: '?lang=en-XA', width, height })
  const { look, found } = lookRound(page, width)
  const dialog = async (name: string, label: string, typed = '') => {
    await page.getByRole('button', { name: label }).first().click()
    await page.getByRole('dialog').first().waitFor()
    if (typed !== '') await page.keyboard.type(typed)
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
      'kubectl create deployment web --image=nginx --replicas=3; kubectl rollout status deployment web; echo a: 1 > a.yaml',
    ),
  )
  await page.locator('svg .mark.tile').first().waitFor()
  for (const tab of await tabsOf(page, 'dock-panel')) {
    await page.locator(`[data-tab="${tab}"]`).first().click()
    await look(`dock-${tab}`)
  }
  await page.locator('[data-tab="terminal"]').click()
  for (const view of await tabsOf(page, 'picture-view')) {
    await page.locator(`[data-tab="${view}"]`).click()
    await look(`view-${view}`)
  }
  await dialog('help', said(english.header.help))
  await dialog('search', said(english.header.search))
  await dialog('found', said(english.header.search), 'web')
  await dialog('lessons', pseudo('Lessons').slice(0, 6))
  await dialog('faults', said(english.faults.title))
  await dialog('share', said(english.header.share))
  expect(found).toEqual([])
  expect(complaints).toEqual([])
  await page.close()
})

test.each(sizes)('the trial language at %i × %i: a thing, the past, two branches, a talk', async (width, height) => {
  const { page, complaints } = await visit({ path: '?lang=en-XA&lab=docker', width, height })
  const { look, found } = lookRound(page, width)
  await page.evaluate(() =>
    window.drydock.run(
      'docker run -d --name web -m 64m -v data:/data:ro -p 8080:80 nginx; docker run --name once alpine false; sleep 20',
    ),
  )
  const views = await tabsOf(page, 'picture-view')
  expect(views).toContain('storage')
  for (const view of views.reverse()) {
    await page.locator(`[data-tab="${view}"]`).click()
    await look(`docker-${view}`)
  }
  await page.locator('svg .mark.tile').first().click()
  if (width < 600) await page.locator('[data-tab="inspector"]').click()
  for (const tab of ['why', 'state', 'yaml', 'events', 'logs']) {
    await page.locator(`#inspector-panel[role="tabpanel"]`).waitFor()
    await page.locator(`[aria-controls="inspector-panel"][data-tab="${tab}"]`).click()
    await look(`inspector-${tab}`)
  }
  await page.keyboard.press('Escape')
  if (width < 600) await page.locator('[data-tab="terminal"]').click()
  await page.keyboard.press('Escape')
  // an act in the past begins a branch, which is compared with the first
  await page.getByRole('slider', { name: said(english.timeline.time) }).fill('4000')
  await look('past')
  await page.evaluate(() => document.dispatchEvent(new CustomEvent('drydock:write', { detail: 'docker ps' })))
  await page.locator('.xterm-helper-textarea').press('Enter')
  await page
    .getByRole('list', { name: said(english.timeline.branches) })
    .getByRole('button')
    .nth(2)
    .waitFor()
  await look('branch')
  await page
    .getByRole('list', { name: said(english.timeline.branches) })
    .locator('[aria-pressed="false"]')
    .first()
    .click()
  await look('beside')
  await page.locator('body').press('p')
  await page.getByRole('button', { name: pseudo('Open cockpit') }).waitFor()
  await look('talk')
  const [cockpit] = await Promise.all([
    page.context().waitForEvent('page'),
    page.getByRole('button', { name: pseudo('Open cockpit') }).click(),
  ])
  await cockpit.locator('ol button').first().waitFor()
  await cockpit.setViewportSize({ width, height })
  await look('cockpit', cockpit)
  expect(await cockpit.title()).toMatch(/^\[/)
  expect(found).toEqual([])
  expect(complaints).toEqual([])
  await page.close()
})

test.each(sizes.slice(1))('a figure at %i × %i speaks the language that its frame asks for', async (width, height) => {
  const { page, complaints } = await visit({ path: 'embed.html?lang=en-XA&lab=docker&terminal=true', width, height })
  const { look, found } = lookRound(page, width)
  await look('figure')
  expect(await page.title()).toBe(said(english.figure.windowTitle))
  expect(found).toEqual([])
  expect(complaints).toEqual([])
  await page.close()
})

test('a lesson keeps its own language, and the panel round it speaks the page’s', async () => {
  const { page } = await visit({ path: '?lang=en-XA&scenario=a3-life-of-a-container' })
  const { look, found } = lookRound(page, 1440)
  await look('lesson')
  for (let hints = 0; hints < 6; hints++) {
    const more = page.getByRole('button', {
      name: new RegExp(
        `^\\[(${[english.lesson.hint, english.lesson.anotherHint, english.lesson.solution].map((text) => said(text).slice(1, -1)).join('|')})`,
      ),
    })
    if ((await more.count()) > 0) await more.click()
  }
  const option = page.locator('h2[lang="en"] + div button').first()
  await option.click()
  await page.getByRole('button', { name: said(english.lesson.tellNow) }).click()
  await look('lesson-open')
  expect(await page.locator('h1').getAttribute('lang')).toBe('en')
  expect(found).toEqual([])
  await page.close()
})

test('another language is chosen in the help, stays chosen, and the session with it', async () => {
  const { page } = await visit({ path: '?lang=en-XA' })
  await page.evaluate(() => window.drydock.run('kubectl create deployment web --image=nginx'))
  await page.waitForTimeout(800)
  await page.getByRole('button', { name: said(english.header.help) }).click()
  await page.getByLabel(said(english.help.language)).selectOption('en')
  await page.getByRole('button', { name: english.header.help }).waitFor()
  expect(new URL(page.url()).searchParams.get('lang')).toBe('en')
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('en')
  await page.evaluate(() => window.drydock.ready)
  expect(await page.evaluate(() => window.drydock.run('kubectl get deployments'))).toContain('web')
  await page.goto(new URL('.', page.url()).href)
  await page.getByRole('button', { name: english.header.help }).click()
  // nothing to choose from where there is one language
  expect(await page.getByLabel(english.help.language).count()).toBe(0)
  await page.close()
})

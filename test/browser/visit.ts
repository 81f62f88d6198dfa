import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, inject } from 'vitest'

let browser: Browser
export function withBrowser(): void {
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: inject('chromium'),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    })
  })
  afterAll(() => browser?.close())
}

export interface Visit {
  readonly page: Page
  /** What the console complained about, page errors and refusals of the Content-Security-Policy. */
  readonly complaints: string[]
  /** Requests to anywhere but the page's own server. */
  readonly strangers: string[]
}

export interface VisitOptions {
  readonly path?: string
  readonly width?: number
  readonly height?: number
  readonly scheme?: 'light' | 'dark'
  readonly reducedMotion?: boolean
  /** A profile that has been here before. */
  readonly context?: BrowserContext
  /** False: what is visited is not the page itself. */
  readonly ready?: boolean
  /** Runs in the page before anything of it. */
  readonly before?: () => void
}

/** Opens the page and waits until it runs. */
export async function visit({
  path = '',
  width = 1440,
  height = 900,
  scheme = 'light',
  reducedMotion = false,
  context,
  before,
  ready = true,
}: VisitOptions = {}): Promise<Visit> {
  const profile =
    context ??
    (await browser.newContext({
      viewport: { width, height },
      colorScheme: scheme,
      reducedMotion: reducedMotion ? 'reduce' : 'no-preference',
    }))
  const page = await profile.newPage()
  if (before) await page.addInitScript(before)
  const complaints: string[] = []
  const strangers: string[] = []
  const address = inject('address')
  page.on('console', (message) => {
    if (message.type() === 'error' || /Content Security Policy/i.test(message.text())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('request', (request) => {
    if (!request.url().startsWith(address) && !/^(data|blob):/.test(request.url())) strangers.push(request.url())
  })
  await page.goto(`${address}${path}`)
  if (ready) await page.evaluate(() => window.drydock.ready)
  return { page, complaints, strangers }
}

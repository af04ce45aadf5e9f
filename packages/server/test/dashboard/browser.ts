import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll } from 'vitest'
import { hasPart, programAt } from '../../../../tools/real-parts/index.ts'
import { ownerEmail, ownerPassword } from './served.ts'

// A person with Chromium, for tests. Whatever the page complains about fails the test.

const path = programAt('chromium')
export const hasBrowser = hasPart('Chromium', 'apt-get install chromium', path !== null)

const waitsMs = 20_000

export interface Visitor {
  readonly page: Page
  /** What the console, the scripts and the Content-Security-Policy complained about. */
  readonly complaints: string[]
}

let running: Promise<Browser> | null = null

/** Each file that uses the browser says so once. Modules outlive a file of tests, and its browser must not. */
export function sharesBrowser(): void {
  afterAll(async () => {
    await (await running)?.close()
    running = null
  })
}

/** Opens the browser of the file once. What `work` opened in it is closed afterwards. */
export async function inBrowser(work: (browser: Browser) => Promise<void>): Promise<void> {
  running ??= chromium.launch({ executablePath: path ?? '', args: ['--no-sandbox'] })
  const browser = await running
  try {
    await work(browser)
  } finally {
    for (const context of browser.contexts()) await context.close()
  }
}

/** A new visitor, whose complaints are collected. */
export async function visitor(browser: Browser, options: BrowserContextOptions = {}): Promise<Visitor> {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options })
  const page = await context.newPage()
  page.setDefaultTimeout(waitsMs)
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))
  return { page, complaints }
}

/** Signs in as the owner, with the form of the page that works without JavaScript. The next page is the first that loads. */
export async function signIn(
  page: Page,
  url: string,
  email = ownerEmail,
  password: string = ownerPassword,
): Promise<void> {
  const { request } = page.context()
  const answer = await request.post(`${url}/login`, {
    form: { email, password },
    headers: { origin: url },
    maxRedirects: 0,
  })
  if (answer.status() !== 303) throw new Error(`the sign-in answered ${answer.status()}`)
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface AxeRun {
  run(options: object): Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }>
}

/** What axe finds wrong with what is shown. */
export async function violationsIn(page: Page): Promise<string[]> {
  // Run by the debugger, so that the policy of the page stays as it is.
  if (!(await page.evaluate('"axe" in globalThis'))) await page.evaluate(axe)
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: AxeRun }).axe.run({ resultTypes: ['violations'] }),
  )
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary = '' }) => `${id}: ${html.slice(0, 160)} ${failureSummary.split('\n')[1] ?? ''}`),
  )
}

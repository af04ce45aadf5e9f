import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { some } from '../../../../tools/test-run/index.ts'
import { hasBrowser, inBrowser, sharesBrowser, signIn, violationsIn, visitor } from './browser.ts'
import { exampleVault } from './example.ts'
import { servedDashboard } from './served.ts'
import { shown } from './shown.ts'
import { journey } from './visit.ts'

sharesBrowser()

// Goal: every page is usable with a screen reader, in both themes and on a phone, and complains about nothing. With
// PAWL_PICTURES=<folder> the run leaves a picture of each.

/** Each theme and each width, and in a long run each of both. */
const looks = some('looks of the dashboard', 3, [
  ['light', 1280, 800],
  ['dark', 1280, 800],
  ['light', 390, 844],
  ['dark', 390, 844],
] as const)

/** Resolves when a change of the theme is on the screen. */
const painted = 'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))'

/** What is still there a few frames later: Chromium repaints links a moment after the theme has changed. */
async function lastingViolationsIn(page: Page): Promise<string[]> {
  let violations = await violationsIn(page)
  for (let more = 0; violations.length > 0 && more < 5; more++) {
    await page.evaluate(painted)
    violations = await violationsIn(page)
  }
  return violations
}

/** Pages that list things, on a server where nothing was made yet. */
const empty = [
  ...['approvals', 'vaults', 'shares', 'shares?tab=out', 'agents', 'shroud', 'treasury', 'treasury?tab=wallets'],
  ...['reach', 'policies', 'risk', 'risk?tab=honeytokens', 'webhooks', 'apps', 'platform'],
  ...['settings?tab=keys', 'settings?tab=addresses'],
]

const pictures = process.env.PAWL_PICTURES

async function picture(page: Page, name: string): Promise<void> {
  if (!pictures) return
  mkdirSync(pictures, { recursive: true })
  // Chromium repaints texts a moment after the theme has changed.
  await page.waitForTimeout(200)
  await page.screenshot({ path: join(pictures, `${name}.png`) })
}

describe.skipIf(!hasBrowser)('every page', () => {
  it('has no violation and no complaint, in both themes, on a screen and on a phone', { timeout: 900_000 }, () =>
    servedDashboard((world, url) =>
      inBrowser(async (browser) => {
        const example = await exampleVault(world)
        const { page, complaints } = await visitor(browser)
        // The times of the example are those of the test's clock.
        await page.clock.setFixedTime(world.clock.now())
        const found: string[] = []
        const look = async (name: string) => {
          for (const [theme, width, height] of looks) {
            await page.emulateMedia({ colorScheme: theme })
            await page.setViewportSize({ width, height })
            await page.evaluate(painted)
            await picture(page, `${name}-${theme}-${width}`)
            const of = (one: string) => `${name}, ${theme}, ${width}: ${one}`
            // Each theme and each width once: the other two have the same elements in the same colours.
            if ((theme === 'light') === width > 1000) found.push(...(await lastingViolationsIn(page)).map(of))
            const wide = Number(await page.evaluate('document.documentElement.scrollWidth'))
            if (wide > width) found.push(of(`the page is ${wide} pixels wide`))
          }
        }
        await page.goto(`${url}/login`)
        await look('login')
        await signIn(page, url)
        for (const [name, path, ready, ...buttons] of some('pages of the dashboard', 12, shown)) {
          await page.goto(url + path(example))
          for (const button of buttons) await page.getByRole('button', { name: button, exact: true }).first().click()
          await page.waitForSelector(ready)
          await look(name)
          const dialog = page.locator('dialog[open]')
          if ((await dialog.count()) === 0) continue
          // A cross alone says nothing to a person who does not know it.
          const ends = await dialog.locator('.form-end button').allTextContents()
          if (!ends.some((text) => ['Cancel', 'Close'].includes(text)))
            found.push(`${name}: no button closes the dialog`)
          await page.keyboard.press('Escape')
          await dialog
            .waitFor({ state: 'detached' })
            .catch(() => found.push(`${name}: Escape does not close the dialog`))
        }
        expect(found).toEqual([])
        expect(complaints).toEqual([])
      }),
    ),
  )

  journey('says what it is for while nothing is there, and complains about nothing', { timeout: 240_000 }, () =>
    servedDashboard((_, url) =>
      inBrowser(async (browser) => {
        const { page, complaints } = await visitor(browser)
        await signIn(page, url)
        for (const path of empty) {
          await page.goto(`${url}/${path}`)
          const text = await page.locator('.empty').first().textContent()
          expect((text ?? '').length, `${path}: ${text}`).toBeGreaterThan(60)
          for (const [theme, width, height] of pictures ? looks : []) {
            await page.emulateMedia({ colorScheme: theme })
            await page.setViewportSize({ width, height })
            await page.evaluate(painted)
            await picture(page, `empty-${path.replace('?tab=', '-')}-${theme}-${width}`)
          }
        }
        expect(complaints).toEqual([])
      }),
    ),
  )
})

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { hasBrowser, inBrowser, signIn, violationsIn, visitor } from './browser.ts'
import { type Example, exampleVault } from './example.ts'
import { servedDashboard } from './served.ts'

// Goal: every page is usable with a screen reader, in both themes and on a phone, and complains about nothing. With
// PAWL_PICTURES=<folder> the run leaves a picture of each.

const shown: readonly (readonly [name: string, path: (example: Example) => string, ready: string])[] = [
  ['home', () => '/', 'text=What happened last'],
  ['vaults', () => '/vaults', 'text=What the live system needs.'],
  ['new-vault', () => '/vaults?create=true', 'dialog[open]'],
  ['vault', ({ vaultId }) => `/vaults/${vaultId}`, '[role=treeitem]'],
  ['secret', ({ vaultId }) => `/vaults/${vaultId}?secret=db%2Fproduction%2Fpassword`, 'text=Who can read this?'],
  ['policies', ({ vaultId }) => `/policies?vault=${vaultId}`, 'text=api-keys/stripe/live'],
  ['reach', ({ vaultId }) => `/reach?vault=${vaultId}`, 'button.cell'],
  ['agents', () => '/agents', 'text=report-reader'],
  ['agent', ({ agentId }) => `/agents/${agentId}`, 'text=reads'],
  ['audit', () => '/audit', 'text=secret.read'],
  ['settings', () => '/settings', 'text=Second factor'],
  ['components', () => '/components', 'text=What pages are made of.'],
  ['nothing', () => '/no-such-page', 'text=This address leads to no page'],
]

const pictures = process.env.PAWL_PICTURES

async function picture(page: Page, name: string): Promise<void> {
  if (!pictures) return
  mkdirSync(pictures, { recursive: true })
  await page.screenshot({ path: join(pictures, `${name}.png`) })
}

describe.skipIf(!hasBrowser)('every page', () => {
  it.each([
    ['light', 1280, 800],
    ['dark', 1280, 800],
    ['light', 390, 844],
    ['dark', 390, 844],
  ] as const)('has no violation and no complaint: %s, %i pixels wide', { timeout: 240_000 }, (theme, width, height) =>
    servedDashboard((world, url) =>
      inBrowser(async (browser) => {
        const example = await exampleVault(world)
        const { page, complaints } = await visitor(browser, { colorScheme: theme, viewport: { width, height } })
        // The times of the example are those of the test's clock.
        await page.clock.setFixedTime(world.clock.now())
        await page.goto(`${url}/login`)
        await picture(page, `login-${theme}-${width}`)
        const found: string[] = []
        await signIn(page, url)
        for (const [name, path, ready] of shown) {
          await page.goto(url + path(example))
          await page.waitForSelector(ready)
          await picture(page, `${name}-${theme}-${width}`)
          found.push(...(await violationsIn(page)).map((one) => `${name}: ${one}`))
          const wide = Number(await page.evaluate('document.documentElement.scrollWidth'))
          if (wide > width) found.push(`${name}: the page is ${wide} pixels wide`)
        }
        expect(found).toEqual([])
        expect(complaints).toEqual([])
      }),
    ),
  )
})

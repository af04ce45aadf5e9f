import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { some } from '../../../../tools/test-run/index.ts'
import { hasBrowser, inBrowser, signIn, violationsIn, visitor } from './browser.ts'
import { type Example, exampleVault } from './example.ts'
import { servedDashboard } from './served.ts'
import { journey } from './visit.ts'

// Goal: every page is usable with a screen reader, in both themes and on a phone, and complains about nothing. With
// PAWL_PICTURES=<folder> the run leaves a picture of each.

const dialog = 'dialog[open]'
const secretPath = ({ vaultId }: Example) => `/vaults/${vaultId}?secret=db%2Fproduction%2Fpassword`

type Shown = readonly [
  name: string,
  path: (example: Example) => string,
  ready: string,
  /** What a person presses to open it. */
  ...press: string[],
]

const shown: readonly Shown[] = [
  ['home', () => '/', 'text=What happened last'],
  ['approvals', () => '/approvals', 'text=Sign a transaction'],
  ['approvals-decided', () => '/approvals?view=decided', 'text=Nothing was decided yet'],
  ['vaults', () => '/vaults', 'text=What the live system needs.'],
  ['new-vault', () => '/vaults?create=true', 'dialog[open]'],
  ['vault', ({ vaultId }) => `/vaults/${vaultId}`, '[role=treeitem]'],
  ['secret', secretPath, 'text=Who can read this?'],
  ['shares', () => '/shares', 'text=wifi/office'],
  ['shares-out', () => '/shares?tab=out', 'text=deploy/ssh'],
  ['policies', ({ vaultId }) => `/policies?vault=${vaultId}`, 'text=api-keys/stripe/live'],
  ['reach', ({ vaultId }) => `/reach?vault=${vaultId}`, 'button.cell'],
  ['agents', () => '/agents', 'text=report-reader'],
  ['agent', ({ agentId }) => `/agents/${agentId}`, 'text=reads'],
  ['agent-day', ({ payerId }) => `/agents/${payerId}?tab=day`, 'text=Play the day'],
  ['agent-limits', ({ payerId }) => `/agents/${payerId}?tab=limits`, 'text=of 8 ETH left'],
  ['agent-keys', ({ payerId }) => `/agents/${payerId}?tab=keys`, 'text=Retire'],
  ['agent-bindings', ({ agentId }) => `/agents/${agentId}?tab=bindings`, 'text=payments'],
  ['agent-shroud', ({ agentId }) => `/agents/${agentId}?tab=shroud`, 'text=No router key yet'],
  ['shroud', () => '/shroud', 'text=Newest requests'],
  ['threats', () => '/shroud?tab=threats', 'text=active agent'],
  ['treasury', () => '/treasury', 'text=Team treasury'],
  ['proposals', ({ treasuryId }) => `/treasury/${treasuryId}`, 'text=1.25 ETH'],
  ['wallets', () => '/treasury?tab=wallets', 'text=Retire'],
  ['risk', () => '/risk', 'text=No suspect'],
  ['honeytokens', () => '/risk?tab=honeytokens', 'text=aws/root-key'],
  ['audit', () => '/audit?action=secret.read', 'text=db/production/password'],
  ['webhooks', () => '/webhooks', 'text=Tells the chat.'],
  ['webhook', ({ webhookId }) => `/webhooks/${webhookId}`, 'text=policy.created'],
  ['apps', () => '/apps', 'text=No app knows you'],
  ['platform', () => '/platform', 'text=my-defi'],
  ['platform-app', ({ appId }) => `/platform/${appId}`, 'text=Key and end'],
  ['templates', ({ appId }) => `/platform/${appId}?tab=templates`, 'text=default-template'],
  ['settings', () => '/settings', 'text=Second factor'],
  ['security', () => '/settings?tab=security', 'text=Set it up'],
  ['members', () => '/settings?tab=members', 'text=Add with a password'],
  ['health', () => '/settings?tab=health', 'text=Backup'],
  ['components', () => '/components', 'text=What pages are made of.'],
  ['api-keys', () => '/settings?tab=keys', 'text=No API key'],
  ['addresses', () => '/settings?tab=addresses', 'text=New rule'],
  ['risk-events', () => '/risk?tab=events', 'main'],
  ['shroud-try', () => '/shroud?tab=try', 'main textarea'],
  ['vault-settings', ({ vaultId }) => `/vaults/${vaultId}?tab=settings`, 'text=Use a key of your own'],
  ['agent-settings', ({ agentId }) => `/agents/${agentId}?tab=settings`, 'text=Key and end'],
  ['new-secret', ({ vaultId }) => `/vaults/${vaultId}`, dialog, 'New secret'],
  ['import', ({ vaultId }) => `/vaults/${vaultId}`, dialog, 'Import'],
  ['compare', secretPath, `${dialog} ins`, 'Compare'],
  ['new-version', secretPath, dialog, 'New version'],
  ['share', secretPath, dialog, 'Share'],
  ['who-can-read', secretPath, `${dialog} table`, 'Who can read this?'],
  ['env-bundle', ({ vaultId }) => `/vaults/${vaultId}?secret=app%2Fenv`, 'text=Add a variable', 'Edit the variables'],
  ['own-key', ({ vaultId }) => `/vaults/${vaultId}?tab=settings`, dialog, 'Use a key of your own'],
  ['new-policy', ({ vaultId }) => `/policies?vault=${vaultId}`, dialog, 'New policy'],
  ['unused', ({ vaultId }) => `/reach?vault=${vaultId}`, 'text=Agents used every permission', 'Find unused grants'],
  ['new-agent', () => '/agents', dialog, 'New agent'],
  ['stop-agent', ({ agentId }) => `/agents/${agentId}`, dialog, 'Stop the agent'],
  ['freeze', ({ payerId }) => `/agents/${payerId}?tab=limits`, dialog, 'Freeze signing'],
  ['new-binding', ({ agentId }) => `/agents/${agentId}?tab=bindings`, dialog, 'New binding'],
  ['export-key', ({ payerId }) => `/agents/${payerId}?tab=keys`, dialog, 'Export'],
  ['approve', () => '/approvals', dialog, 'Approve'],
  ['new-treasury', () => '/treasury', dialog, 'New treasury'],
  ['new-proposal', ({ treasuryId }) => `/treasury/${treasuryId}`, dialog, 'New proposal'],
  ['pay', () => '/treasury?tab=wallets', dialog, 'Pay'],
  ['new-honeytoken', () => '/risk?tab=honeytokens', dialog, 'New honeytoken'],
  ['verified', () => '/audit', 'text=whole', 'Verify it here'],
  ['new-webhook', () => '/webhooks', dialog, 'New webhook'],
  ['new-app', () => '/platform', dialog, 'New app'],
  ['preview', ({ appId }) => `/platform/${appId}?tab=templates`, dialog, 'Preview'],
  ['new-passkey', () => '/settings?tab=security', dialog, 'New passkey'],
  ['authenticator', () => '/settings?tab=security', dialog, 'Set it up'],
  ['new-api-key', () => '/settings?tab=keys', dialog, 'New API key'],
  ['invite', () => '/settings?tab=members', dialog, 'Invite'],
  ['new-address-rule', () => '/settings?tab=addresses', dialog, 'New rule'],
  ['nothing', () => '/no-such-page', 'text=This address leads to no page'],
]

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

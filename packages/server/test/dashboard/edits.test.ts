import { tagged } from '@pawl/testkit/canary'
import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { sharesBrowser } from './browser.ts'
import { ownerEmail, ownerPassword } from './served.ts'
import { asOwner, fill, focused, journey, press, pressIn } from './visit.ts'

sharesBrowser()

// Goal: a page loses typed text only if the person discards it. Method: a form with text in it, and each way to leave it.

const typed = 'web/typed-but-not-stored'

const question = (page: Page) => page.getByRole('alertdialog', { name: 'Discard what you typed?' })

const keep = (page: Page) => question(page).getByRole('button', { name: 'Keep editing' }).click()

const discard = (page: Page) => question(page).getByRole('button', { name: 'Discard' }).click()

const textOf = (page: Page, label: string) => page.getByLabel(label, { exact: true }).inputValue()

/** The form for a new secret, with a path in it. */
async function startSecret(page: Page, url: string, vaultId: string): Promise<void> {
  await page.goto(`${url}/vaults/${vaultId}`)
  await press(page, 'New secret')
  await fill(page, 'Path', typed)
}

describe('a person who has typed something', { timeout: 120_000 }, () => {
  journey('is asked before Escape or the cross closes a dialog. A click beside the dialog does not close it', () =>
    asOwner(async ({ url, page, example }) => {
      await startSecret(page, url, example.vaultId)
      for (const leave of [
        () => page.keyboard.press('Escape'),
        () => pressIn(page, 'Close'),
        // Some browsers close a dialog at the second Escape, even if the page prevents it.
        async () => {
          for (let times = 0; times < 3; times++) await page.keyboard.press('Escape')
        },
      ]) {
        await leave()
        await keep(page)
        expect(await textOf(page, 'Path')).toBe(typed)
      }
      await page.mouse.click(5, 5)
      expect(await textOf(page, 'Path')).toBe(typed)
      await page.keyboard.press('Escape')
      await discard(page)
      await page.locator('dialog[open]').waitFor({ state: 'detached' })
      await press(page, 'New secret')
      expect(await textOf(page, 'Path')).toBe('')
    }),
  )

  journey('is asked after a variable was removed from a bundle', () =>
    asOwner(async ({ url, page, example }) => {
      await page.goto(`${url}/vaults/${example.vaultId}?secret=app%2Fenv`)
      await press(page, 'Edit the variables')
      await press(page, 'Remove LOG_LEVEL')
      await page.keyboard.press('Escape')
      await keep(page)
      await press(page, 'Store the variables')
      await page.getByText('Version 2 of app/env is stored').waitFor()
    }),
  )

  journey('closes a dialog at once when nothing was typed, when the text is as it was, and after it is stored', () =>
    asOwner(async ({ url, page, example }) => {
      const gone = () => page.locator('dialog[open]').waitFor({ state: 'detached' })
      await startSecret(page, url, example.vaultId)
      await fill(page, 'Path', '')
      await page.keyboard.press('Escape')
      await gone()
      await startSecret(page, url, example.vaultId)
      await fill(page, 'Value', tagged('stored'))
      await press(page, 'Store')
      await page.getByText(`Version 1 of ${typed} is stored`).waitFor()
      await page.goto(`${url}/settings`)
      await fill(page, 'Name', 'Ada')
      await press(page, 'Save')
      await page.getByText('Your name is stored').waitFor()
      await page.getByRole('tab', { name: 'Health' }).click()
      await page.getByText('healthy').waitFor()
    }),
  )

  journey('is asked before a link, a tab, the back button or a reload leaves the page', () =>
    asOwner(async ({ url, page }) => {
      await page.goto(`${url}/vaults`)
      await page.getByRole('link', { name: 'Settings' }).click()
      await fill(page, 'Name', 'Ada L.')
      for (const leave of [
        () => page.getByRole('link', { name: 'Agents', exact: true }).click(),
        () => page.getByRole('tab', { name: 'Health' }).click(),
        () => page.evaluate('history.back()'),
      ]) {
        await leave()
        await keep(page)
        expect(await textOf(page, 'Name')).toBe('Ada L.')
        expect(new URL(page.url()).pathname).toBe('/settings')
      }
      const asked = page.waitForEvent('dialog')
      void page.reload().catch(() => null)
      const browserAsks = await asked
      expect(browserAsks.type()).toBe('beforeunload')
      await browserAsks.dismiss()
      expect(await textOf(page, 'Name')).toBe('Ada L.')
      await press(page, 'Sign out')
      await keep(page)
      expect(await textOf(page, 'Name')).toBe('Ada L.')
      await page.getByRole('link', { name: 'Agents', exact: true }).click()
      await discard(page)
      await page.waitForURL('**/agents')
      await page.getByRole('link', { name: 'Settings' }).click()
      await fill(page, 'Name', 'Ada L.')
      await press(page, 'Sign out')
      await discard(page)
      await page.waitForURL('**/login')
    }),
  )

  journey('keeps the text when the session ends, signs in in another tab, and then stores the text', () =>
    asOwner(async ({ world, url, page, example }) => {
      await startSecret(page, url, example.vaultId)
      await fill(page, 'Value', tagged('after the session'))
      const [cookie] = await page.context().cookies()
      await world.pawl.as({ bearer: cookie?.value ?? '', scheme: 'cookie' }).auth.revoke()
      await press(page, 'Store')
      await page.getByRole('alertdialog', { name: 'Your session has ended' }).waitFor()
      const [other] = await Promise.all([
        page.waitForEvent('popup'),
        page.getByRole('link', { name: 'Sign in again' }).click(),
      ])
      await other.fill('#email', ownerEmail)
      await other.fill('#password', ownerPassword)
      await other.click('form button')
      await other.getByText('What happened last').waitFor()
      await page.getByRole('alertdialog').waitFor({ state: 'detached' })
      expect(await textOf(page, 'Path')).toBe(typed)
      await press(page, 'Store')
      await page.getByText(`Version 1 of ${typed} is stored`).waitFor()
    }),
  )

  journey('loses the text when another person signs in in another tab', () =>
    asOwner(async ({ world, url, page, example }) => {
      await world.owner.orgs.addMember({ email: 'bea@example.com', password: ownerPassword })
      await startSecret(page, url, example.vaultId)
      await fill(page, 'Value', tagged('of ada'))
      const [cookie] = await page.context().cookies()
      await world.pawl.as({ bearer: cookie?.value ?? '', scheme: 'cookie' }).auth.revoke()
      await press(page, 'Store')
      const [other] = await Promise.all([
        page.waitForEvent('popup'),
        page.getByRole('link', { name: 'Sign in again' }).click(),
      ])
      await other.fill('#email', 'bea@example.com')
      await other.fill('#password', ownerPassword)
      await other.click('form button')
      await other.locator('#main h1').waitFor()
      await page.getByLabel('Path', { exact: true }).waitFor({ state: 'detached' })
      expect(await page.content()).not.toContain(tagged('of ada'))
    }),
  )
})

describe('a person who sees a value that is shown once', { timeout: 120_000 }, () => {
  const asked = (page: Page, what: string) => page.getByRole('alertdialog', { name: `${what}: did you keep it?` })
  const gone = (page: Page) => page.locator('dialog[open]').waitFor({ state: 'detached' })

  journey('is asked before Escape, the cross or a link loses the key of an agent, and is not after a copy of it', () =>
    asOwner(async ({ url, page }) => {
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
      const makeAgent = async (name: string) => {
        await page.goto(`${url}/vaults`)
        await page.getByRole('link', { name: 'Agents', exact: true }).click()
        await press(page, 'New agent')
        await fill(page, 'Name', name)
        await page.keyboard.press('Enter')
        await page.getByTestId('shown-once').waitFor()
      }
      await makeAgent('first-bot')
      // The keyboard goes on in the dialog.
      expect(await focused(page, 'ariaLabel')).toBe('Copy key')
      const lines = await page.locator('.code section').boundingBox()
      const copy = await page.locator('.code .button').boundingBox()
      // The button covers no line.
      expect((lines?.x ?? 0) + (lines?.width ?? 0)).toBeLessThanOrEqual(copy?.x ?? 0)
      for (const leave of [
        () => page.keyboard.press('Escape'),
        () => pressIn(page, 'Close'),
        () => page.evaluate('history.back()'),
      ]) {
        await leave()
        await asked(page, 'Key').getByRole('button', { name: 'Go back' }).click()
        await page.getByTestId('shown-once').waitFor()
      }
      await page.keyboard.press('Escape')
      await asked(page, 'Key').getByRole('button', { name: 'I kept it' }).click()
      await gone(page)
      await makeAgent('second-bot')
      await press(page, 'I saved it')
      await gone(page)
      await makeAgent('third-bot')
      await press(page, 'Copy key')
      await page.getByText('Key copied').waitFor()
      await page.keyboard.press('Escape')
      await gone(page)
      await makeAgent('fourth-bot')
      await page.getByRole('tab', { name: 'MCP client' }).click()
      await press(page, 'Copy lines for mcp client')
      await page.getByText('Lines for MCP client copied').waitFor()
      await page.keyboard.press('Escape')
      await gone(page)
    }),
  )

  journey(
    'is asked about an API key, a router key, the secret of a webhook, the key of an app and the link of a share',
    () =>
      asOwner(async ({ url, page, example }) => {
        const leaves = async (what: string) => {
          await page.getByTestId('shown-once').waitFor()
          await page.keyboard.press('Escape')
          await asked(page, what).getByRole('button', { name: 'Go back' }).click()
          await pressIn(page, 'I saved it')
          await gone(page)
        }
        await page.goto(`${url}/settings?tab=keys`)
        await press(page, 'New API key')
        await fill(page, 'Name', 'ci')
        await fill(page, 'Your password', ownerPassword)
        await press(page, 'Create the key')
        await leaves('Key')
        await page.goto(`${url}/agents/${example.agentId}?tab=shroud`)
        await press(page, 'New router key')
        await fill(page, 'Name', 'router')
        await page.keyboard.press('Enter')
        await leaves('Key')
        await page.goto(`${url}/webhooks`)
        await press(page, 'New webhook')
        await fill(page, 'Address', 'https://hooks.example.com/second')
        await press(page, 'Create the webhook')
        await leaves('Signing secret')
        await page.goto(`${url}/platform`)
        await press(page, 'New app')
        await fill(page, 'Name', 'Second')
        await fill(page, 'Slug', 'second')
        await press(page, 'Create the app')
        await leaves('Key')
        await page.goto(`${url}/vaults/${example.vaultId}?secret=deploy%2Fssh`)
        await press(page, 'Share')
        await page.getByLabel('For', { exact: true }).selectOption('link')
        await press(page, 'Share it')
        await leaves('Link')
      }),
  )
})

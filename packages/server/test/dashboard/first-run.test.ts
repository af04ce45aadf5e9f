import { nodeCrypto } from '@pawl/adapters/crypto/node'
import { createPawl, type Pawl } from '@pawl/core'
import { memoryHsm, memoryStorage } from '@pawl/core/ports/reference'
import { tagged } from '@pawl/testkit/canary'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { ownerFacts } from '../../src/cli/banner.ts'
import { ensureOwner, readConfig } from '../../src/host/index.ts'
import { hasBrowser, inBrowser, sharesBrowser, signIn, visitor } from './browser.ts'
import { onLoopback, ownerEmail, ownerPassword, servedDashboard } from './served.ts'

sharesBrowser()

// Goal: a new owner has an agent that reads a secret in under a minute. Time depends on the machine, so the test counts what
// the person does: each field they type and each click.

/** Does what a person does, and counts it. */
function walkOn(page: Page) {
  const done = { fields: 0, clicks: 0 }
  return {
    done,
    type: async (label: string, text: string) => {
      done.fields++
      await page.getByLabel(label, { exact: true }).fill(text)
    },
    click: async (name: string) => {
      done.clicks++
      await page.getByRole('button', { name, exact: true }).first().click()
    },
  }
}

async function emptyServer(publicUrl: string) {
  const crypto = nodeCrypto()
  const pawl = await createPawl({ storage: memoryStorage(), hsm: memoryHsm({ crypto }), crypto, publicUrl })
  return { pawl, close: () => pawl.close() }
}

/** What an operator reads when the first start of a server has created the owner. */
async function firstStart(pawl: Pawl): Promise<{ readonly email: string; readonly password: string }> {
  const terminal = {
    env: {},
    isColoured: false,
    out: () => {},
    error: () => {},
    stopped: () => new Promise<void>(() => {}),
  }
  const shown = new Map(ownerFacts(await ensureOwner(pawl, readConfig({})), terminal))
  return { email: shown.get('Owner') ?? '', password: shown.get('Password')?.split(' ')[0] ?? '' }
}

describe.skipIf(!hasBrowser)('a new owner', { timeout: 120_000 }, () => {
  it('of an empty server has copied the lines for an agent after three fields and five clicks, and they read the secret', () =>
    onLoopback(emptyServer, ({ pawl }, url) =>
      inBrowser(async (browser) => {
        const { email, password } = await firstStart(pawl)
        const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] })
        const page = await context.newPage()
        const { done, type, click } = walkOn(page)
        await page.goto(url)
        await type('E-mail address', email)
        await type('Password', password)
        await click('Sign in')
        await click('Create the vault')
        await type('Value', tagged('sk-first'))
        await click('Store the secret')
        await click('Create the agent')
        await click('Copy lines for curl')
        await page.getByText('Lines for curl copied').waitFor()
        const lines = await page.evaluate('navigator.clipboard.readText()')
        expect(done).toEqual({ fields: 3, clicks: 5 })
        const [, key = ''] = /"api_key":"([^"]+)"/.exec(String(lines)) ?? []
        const [, vault_id = '', path = ''] = /vaults\/([^/]+)\/secrets\/(\S+)/.exec(String(lines)) ?? []
        const { value } = await pawl.as(key).secrets.get({ vault_id, path })
        expect(value.reveal()).toBe(tagged('sk-first'))
        // The second start has an owner, and shows no password.
        expect(await firstStart(pawl)).toEqual({ email: '', password: '' })
      }),
    ))

  it('is asked before Home hides the key of the agent', () =>
    onLoopback(emptyServer, ({ pawl }, url) =>
      inBrowser(async (browser) => {
        const { email, password } = await firstStart(pawl)
        const { page } = await visitor(browser)
        await signIn(page, url, email, password)
        await page.goto(url)
        const { type, click } = walkOn(page)
        await click('Create the vault')
        await type('Value', tagged('sk-first'))
        await click('Store the secret')
        await click('Create the agent')
        await page.getByTestId('shown-once').waitFor()
        await click('Home')
        await click('Go back')
        await page.getByTestId('shown-once').waitFor()
        await click('Home')
        await click('I kept it')
        await page.getByText('What happened last').waitFor()
      }),
    ))
})

describe.skipIf(!hasBrowser)('a person whose browser has nothing in its cache', { timeout: 120_000 }, () => {
  it('sees the frame of the page before the script has run', () =>
    servedDashboard((_, url) =>
      inBrowser(async (browser) => {
        const page = await browser.newPage()
        const headers = { origin: url }
        await page.request.post(`${url}/login`, { form: { email: ownerEmail, password: ownerPassword }, headers })
        await page.route('**/*.js', (route) => route.abort())
        await page.goto(url)
        await page.locator('.side .brand').waitFor()
      }),
    ))
})

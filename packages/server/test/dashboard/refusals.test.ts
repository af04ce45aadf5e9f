import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { some } from '../../../../tools/test-run/index.ts'
import { hasBrowser, inBrowser, sharesBrowser, signIn, visitor } from './browser.ts'
import { type Example, exampleVault } from './example.ts'
import { ownerEmail, ownerPassword, servedDashboard } from './served.ts'
import { journey } from './visit.ts'

sharesBrowser()

// Goal: if the server does not answer, fails or refuses, every page says what is wrong and what to do. The test reads the pages from
// the router, so it fails for a new page without a row here.

const member = 'bea@example.com'

/** The pages of router.tsx: each address with each of its tabs. */
const routed = [
  ...readFileSync(new URL('../../dashboard/router.tsx', import.meta.url), 'utf8').matchAll(
    /at\('([^']+)'\)(?:(?!createRoute)[\s\S])*?(?:oneOf\('(\w+)', \[([^\]]+)\]|component:)/g,
  ),
].flatMap(([, path = '', field, words]) =>
  words ? [...words.matchAll(/'(\w+)'/g)].map(([, word]) => `${path}?${field}=${word}`) : [path],
)

const admins = 'Only owners and admins of the organisation may do this. Ask an owner'
const noVault = 'The vault does not exist, or you cannot access it. Ask an owner'
const noAgent = 'The agent does not exist, or you cannot access it. Ask an owner'
const noApp = 'The platform app does not exist, or you do not run it. Ask an owner'

/** The text that a member without rights reads on each page. Empty pages say what they are for. */
const asMember: Readonly<Record<string, string>> = {
  '/': 'No vault is shared with you yet',
  '/approvals?view=waiting': 'Nothing waits for you',
  '/approvals?view=decided': 'Nothing was decided yet',
  '/vaults': 'No vault yet',
  '/vaults/$vaultId?tab=secrets': noVault,
  '/vaults/$vaultId?tab=policies': noVault,
  '/vaults/$vaultId?tab=reach': noVault,
  '/vaults/$vaultId?tab=deleted': noVault,
  '/vaults/$vaultId?tab=settings': noVault,
  '/shares?tab=in': 'Nothing is shared with you',
  '/shares?tab=out': 'You share nothing',
  '/agents': 'No agent yet',
  '/agents/$agentId?tab=access': noAgent,
  '/agents/$agentId?tab=day': noAgent,
  '/agents/$agentId?tab=limits': noAgent,
  '/agents/$agentId?tab=keys': noAgent,
  '/agents/$agentId?tab=bindings': noAgent,
  '/agents/$agentId?tab=shroud': noAgent,
  '/agents/$agentId?tab=settings': noAgent,
  '/shroud?tab=traffic': admins,
  '/shroud?tab=threats': admins,
  '/shroud?tab=try': 'It stays on this server.',
  '/treasury?tab=treasuries': 'No treasury yet',
  '/treasury?tab=wallets': 'No wallet yet',
  '/treasury/$treasuryId': 'The treasury does not exist, or you cannot access it. Ask an owner',
  '/reach': 'No vault yet',
  '/policies': 'No vault yet',
  '/risk?tab=verdicts': admins,
  '/risk?tab=honeytokens': admins,
  '/risk?tab=events': admins,
  '/audit': member,
  '/webhooks': admins,
  '/webhooks/$webhookId': admins,
  '/apps': 'No app knows you',
  '/platform': admins,
  '/platform/$appId?tab=details': noApp,
  '/platform/$appId?tab=templates': noApp,
  '/platform/$appId?tab=users': noApp,
  '/platform/$appId?tab=audit': noApp,
  '/settings?tab=account': member,
  '/settings?tab=security': 'No passkey yet',
  '/settings?tab=keys': 'No API key yet',
  '/settings?tab=members': 'owner@example.com',
  '/settings?tab=addresses': admins,
  '/settings?tab=usage': 'Requests this month',
  '/settings?tab=health': 'healthy',
  '/components': 'What pages are made of.',
}

/** These pages send no request before the person acts. */
const silent = ['/shroud?tab=try', '/components']

const addressOf = (path: string, { vaultId, agentId, webhookId, appId, treasuryId }: Example) =>
  Object.entries({ vaultId, agentId, webhookId, appId, treasuryId }).reduce(
    (address, [name, id]) => address.replace(`$${name}`, id),
    path,
  )

const checked = some('refusals of the pages of the dashboard', 12, routed)
const tiers = { tiers: { default: 'free', tiers: { free: { limits: { requests: 100_000 } } } } }

/** Opens each page as this person. */
const onEachPage = (
  email: string,
  paths: readonly string[],
  look: (page: Page, path: string, url: string) => Promise<void>,
) =>
  servedDashboard(
    (world, url) =>
      inBrowser(async (browser) => {
        const example = await exampleVault(world)
        await world.owner.orgs.addMember({ email: member, password: ownerPassword })
        const { page } = await visitor(browser)
        await page.clock.setFixedTime(world.clock.now())
        await signIn(page, url, email)
        for (const path of paths) await look(page, path, url + addressOf(path, example))
      }),
    tiers,
  )

const failed = {
  status: 500,
  contentType: 'application/problem+json',
  body: JSON.stringify({ status: 500, code: 'internal', detail: 'The server failed. Its log says more.' }),
}

describe.skipIf(!hasBrowser)('every page', { timeout: 900_000 }, () => {
  it('has a row here', () => {
    expect(routed.length).toBeGreaterThan(40)
    expect(Object.keys(asMember).toSorted()).toEqual(routed.toSorted())
  })

  it('says to a member without rights why it is refused and whom to ask, or what it is for', () =>
    onEachPage(member, checked, async (page, path, address) => {
      await page.goto(address)
      const expected = page
        .locator('#main')
        .getByText(asMember[path] ?? 'no row')
        .first()
      await expected.waitFor().catch(async () => {
        expect(await page.locator('#main').textContent(), path).toContain(asMember[path])
      })
      // A refusal has no retry button.
      expect(await page.locator('#main').getByRole('button', { name: 'Try again' }).count(), path).toBe(0)
    }))

  it('says that the server does not answer or has failed, and is complete after a retry', () =>
    onEachPage(
      ownerEmail,
      checked.filter((path) => !silent.includes(path)),
      async (page, path, address) => {
        const problem = (text: string) => page.locator('#main').getByRole('alert').filter({ hasText: text }).first()
        const tryAgain = page.locator('#main').getByRole('button', { name: 'Try again' }).first()
        await page.route('**/v1/**', (route) => route.abort())
        await page.goto(address)
        await problem('Pawl does not answer. Check that the server runs, then try again.').waitFor()
        expect(await page.locator('#main h1').textContent(), path).not.toBe('')
        await page.unroute('**/v1/**')
        await page.route('**/v1/**', (route) => route.fulfill(failed))
        await tryAgain.click()
        await problem('The server failed. Its log says more.').waitFor()
        await page.unroute('**/v1/**')
        await tryAgain.click()
        await page.locator('#main .waiting, #main [role=alert]').first().waitFor({ state: 'detached' })
        expect(await page.locator('#main [role=alert]').count(), path).toBe(0)
      },
    ))

  journey('leads to the sign-in page when the session has ended, with the way back in the address', () =>
    servedDashboard((world, url) =>
      inBrowser(async (browser) => {
        const example = await exampleVault(world)
        const { page } = await visitor(browser)
        await page.clock.setFixedTime(world.clock.now())
        await signIn(page, url)
        const [cookie] = await page.context().cookies()
        await world.pawl.as({ bearer: cookie?.value ?? '', scheme: 'cookie' }).auth.revoke()
        for (const path of routed.filter((one) => !silent.includes(one))) {
          const address = addressOf(path, example)
          await page.goto(url + address, { waitUntil: 'commit' })
          await page.waitForURL(`${url}/login**`, { waitUntil: 'commit' })
          const next = new URL(page.url()).searchParams.get('next') ?? '/'
          expect(next.split('?')[0], path).toBe(address.split('?')[0])
        }
      }),
    ),
  )
})

import type { World, WorldOptions } from '@pawl/testkit/world'
import type { Page } from 'playwright-core'
import { it } from 'vitest'
import { isLong } from '../../../../tools/test-run/index.ts'
import { hasBrowser, inBrowser, signIn, visitor } from './browser.ts'
import { type Example, exampleVault } from './example.ts'
import { ownerEmail, servedDashboard } from './served.ts'

// What the tests of journeys share: the owner in front of the dashboard.

/** A journey that only whole runs make. Quick runs make one of each kind of test. */
export const journey = it.runIf(hasBrowser && isLong('most journeys through the dashboard'))

export interface Visit {
  readonly example: Example
  readonly world: World
  readonly url: string
  readonly page: Page
  readonly complaints: string[]
}

/** The owner, signed in, with what `prepare` made before. */
export const asOwner = (work: (visit: Visit) => Promise<void>, prepare = exampleVault, options: WorldOptions = {}) =>
  servedDashboard(
    (world, url) =>
      inBrowser(async (browser) => {
        const example = await prepare(world)
        const { page, complaints } = await visitor(browser)
        await page.clock.setFixedTime(world.clock.now())
        await signIn(page, url)
        await work({ world, url, page, complaints, example })
      }),
    options,
  )

/** For `prepare`: the server stays as it is. */
export const nothing = async (): Promise<Example> => ({
  ...{ vaultId: '', agentId: '', payerId: '', webhookId: '', appId: '', treasuryId: '' },
})

export const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

/** Presses a button of the open dialog. */
export const pressIn = (page: Page, name: string) =>
  page.locator('dialog[open]').getByRole('button', { name, exact: true }).click()

export const fill = (page: Page, label: string, text: string) => page.getByLabel(label, { exact: true }).fill(text)

/** A property of the element that has the focus. */
export const focused = (page: Page, property: 'textContent' | 'title' | 'ariaLabel') =>
  page.evaluate<string>(`document.activeElement?.${property} ?? ''`)

/** The owner with the password, as the engine knows them. */
export const ownerOf = async ({ owner, pawl }: World) => {
  const { members } = await owner.orgs.listMembers()
  return pawl.as({ user: members.find(({ email }) => email === ownerEmail)?.id ?? '' })
}

import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { parseAddress } from '@pawl/core/surfaces'
import { tagged } from '@pawl/testkit/canary'
import type { World } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import { hasBrowser, inBrowser, sharesBrowser, signIn, violationsIn, visitor } from './browser.ts'
import { exampleVault } from './example.ts'
import { builtBundle, ownerEmail, ownerPassword, servedDashboard } from './served.ts'
import { asOwner, fill, focused, journey, nothing, ownerOf, press, pressIn } from './visit.ts'

sharesBrowser()

// Goal: a person can do what each page is for, and reads why when the server refuses. Method: a real browser on a real
// server; what the person did is then looked up in the engine.

const dayMs = 86_400_000

describe.skipIf(!hasBrowser)('a person', { timeout: 120_000 }, () => {
  it('goes from an empty server to an agent that reads a secret, and no field says so wrong', () =>
    asOwner(async ({ world, url, page, complaints }) => {
      await page.goto(url)
      await fill(page, 'Name', 'first')
      await press(page, 'Create the vault')
      await fill(page, 'Path', 'not//a path')
      await fill(page, 'Value', tagged('sk-first'))
      await press(page, 'Store the secret')
      await page.getByText(/^Path must/).waitFor()
      await fill(page, 'Path', 'api-keys/openai')
      await press(page, 'Store the secret')
      await fill(page, 'What it may read', 'api-keys/**')
      await press(page, 'Create the agent')
      const key = (await page.getByTestId('shown-once').textContent()) ?? ''
      await page.getByRole('tab', { name: 'MCP client' }).click()
      expect(await page.getByRole('region', { name: 'Lines for MCP client' }).textContent()).toContain(key)
      const [vault] = (await (await ownerOf(world)).vaults.list()).vaults
      const read = await world.pawl.as(key).secrets.get({ vault_id: vault?.id ?? '', path: 'api-keys/openai' })
      expect(read.value.reveal()).toBe(tagged('sk-first'))
      expect(complaints.filter((one) => !one.includes('400'))).toEqual([])
    }, nothing))

  journey('reveals a value, stores a version, compares two, and restores the old one; each read is in the trail', () =>
    asOwner(async ({ world, url, page, example }) => {
      const { vaultId } = example
      const ada = await ownerOf(world)
      const path = 'db/production/password'
      await page.goto(`${url}/vaults/${vaultId}?secret=no%2Fsuch`)
      await page.getByText('No secret exists at this path.').waitFor()
      // The owner cannot ask an owner.
      expect(await page.getByText('Ask an owner').count()).toBe(0)
      await page.goto(`${url}/vaults/${vaultId}?secret=${encodeURIComponent(path)}`)
      const value = page.getByTestId('value')
      expect(await value.textContent()).not.toContain(tagged('second'))
      await press(page, 'Reveal')
      await page.getByText(tagged('second')).waitFor()
      await press(page, 'Hide')
      expect(await value.textContent()).not.toContain(tagged('second'))
      await press(page, 'Compare')
      await page.locator('del', { hasText: tagged('value') }).waitFor()
      await page.locator('ins', { hasText: tagged('second') }).waitFor()
      await page.keyboard.press('Escape')
      await press(page, 'Restore')
      await page.getByText('The value of version 1 is the newest again').waitFor()
      expect((await ada.secrets.get({ vault_id: vaultId, path })).value.reveal()).toBe(tagged('value'))
      await press(page, 'New version')
      await page.getByLabel('Value', { exact: true }).fill(tagged('third'))
      await press(page, 'Store')
      await page.getByText('Version 4 of').waitFor()
      const { events } = await ada.audit.events({ action: 'secret.read', vault_id: vaultId })
      expect(events.length).toBeGreaterThanOrEqual(4)
    }),
  )

  journey('imports an .env file as secrets and a JSON object as a bundle, and edits the bundle as a table', () =>
    asOwner(async ({ world, url, page, example }) => {
      const { vaultId } = example
      const ada = await ownerOf(world)
      await page.goto(`${url}/vaults/${vaultId}`)
      await press(page, 'Import')
      await fill(page, 'Content', `A_KEY=${tagged('one')}\nbad line\n`)
      await page.getByText('Line 2 is not a comment and not NAME=value').waitFor()
      expect(await page.getByRole('button', { name: 'Import 1' }).isDisabled()).toBe(true)
      await fill(page, 'Content', `A_KEY=first\nA_KEY=${tagged('one')}\nB_KEY="${tagged('two')}"\n`)
      await page.getByText('The text has A_KEY more than once. The last value counts.').waitFor()
      await fill(page, 'Folder', 'web')
      await press(page, 'Import 2')
      await page.getByText('2 values are stored').waitFor()
      expect((await ada.secrets.get({ vault_id: vaultId, path: 'web/B_KEY' })).value.reveal()).toBe(tagged('two'))
      await press(page, 'Import')
      await fill(page, 'Content', `{"C_KEY":"${tagged('three')}"}`)
      await fill(page, 'Folder', 'job')
      await page.getByLabel('Store as').selectOption('bundle')
      await press(page, 'Import 1')
      await page.getByText('1 value is stored').waitFor()
      await page.goto(`${url}/vaults/${vaultId}?secret=job%2Fenv`)
      await press(page, 'Edit the variables')
      await press(page, 'Add a variable')
      await fill(page, 'Name of variable 2', '2WRONG')
      await page.getByText(/does not begin with a digit/).waitFor()
      expect(await page.getByRole('button', { name: 'Store the variables' }).isDisabled()).toBe(true)
      await fill(page, 'Name of variable 2', 'D_KEY')
      await fill(page, 'Value of D_KEY', tagged('four'))
      await press(page, 'Store the variables')
      await page.getByText('Version 2 of job/env is stored').waitFor()
      const { value } = await ada.secrets.get({ vault_id: vaultId, path: 'job/env' })
      expect(value.reveal()).toBe(`C_KEY=${tagged('three')}\nD_KEY=${tagged('four')}\n`)
    }),
  )

  journey('deletes a secret and restores it, and walks the tree with the keyboard alone', () =>
    asOwner(async ({ url, page, example }) => {
      const { vaultId } = example
      await page.goto(`${url}/vaults/${vaultId}`)
      await page.getByRole('treeitem', { name: /^deploy/ }).focus()
      for (const key of ['ArrowRight', 'ArrowDown', 'Enter']) await page.keyboard.press(key)
      await page.waitForURL(/secret=deploy/)
      await press(page, 'Delete')
      await page.locator('dialog[open]').getByRole('button', { name: 'Delete', exact: true }).click()
      await page.getByText('deploy/ssh is deleted').waitFor()
      await page.getByRole('tab', { name: 'Deleted' }).click()
      await press(page, 'Restore')
      await page.getByText('deploy/ssh is back').waitFor()
    }),
  )

  journey('sees what a policy gives before storing it, who can read a secret, and the rule behind a cell', () =>
    asOwner(async ({ world, url, page, example }) => {
      const { vaultId, agentId } = example
      await page.goto(`${url}/policies?vault=${vaultId}`)
      await press(page, 'New policy')
      await page.getByLabel('Who').selectOption(`agent ${agentId}`)
      await fill(page, 'Paths', 'api-keys/**')
      await page.getByText('matches 3 of 8 secrets').waitFor()
      await page.getByText('gains read').waitFor()
      await page.getByLabel('Effect', { exact: true }).first().selectOption('deny')
      await page.getByText('This does not change any current permission.').waitFor()
      await page.getByLabel('Effect', { exact: true }).first().selectOption('allow')
      await press(page, 'Create the policy')
      await page.getByText('The policy is stored').waitFor()
      const { policies } = await (await ownerOf(world)).policies.list({ vault_id: vaultId })
      expect(policies).toHaveLength(5)
      await page.goto(`${url}/vaults/${vaultId}?secret=${encodeURIComponent('api-keys/stripe/live')}`)
      await press(page, 'Who can read this?')
      const denied = page.getByRole('row', { name: /report-reader/ })
      expect(await denied.textContent()).toMatch(/cannot read.*Denied by policy/)
      await page.keyboard.press('Escape')
      await page.goto(`${url}/reach?vault=${vaultId}`)
      const cell = page
        .getByRole('row', { name: /report-reader/ })
        .getByRole('button')
        .first()
      await cell.hover()
      await page
        .getByTitle('read 2 of 3. Allowed by policy api-keys/**. Denied by policy api-keys/stripe/live')
        .waitFor()
      await page.mouse.move(0, 0)
      await page
        .getByRole('row', { name: /deploy-bot/ })
        .getByRole('button')
        .first()
        .focus()
      await page.locator('output', { hasText: /^deploy-bot, .*Allowed by policy/ }).waitFor()
      await cell.click()
      await page.getByText('read: yes').waitFor()
      // The first secret of the column is not what this agent gets, so another one explains the cell.
      const ada = await ownerOf(world)
      const { agents } = await ada.agents.list()
      const reader = agents.find(({ name }) => name === 'report-reader')?.id ?? ''
      const may = { vault_id: vaultId, principal_type: 'agent', permissions: ['read'] } as const
      await ada.policies.create({ ...may, principal_id: reader, secret_path_pattern: 'db/staging/*' })
      await page.reload()
      await page.getByTitle('read 1 of 3. Allowed by policy db/staging/*').click()
      await page.getByText('The rules for db/staging/password, a secret in it:').waitFor()
      await page.getByText('read: yes').waitFor()
      await page
        .getByRole('region', { name: 'Why' })
        .getByText(/Allowed by policy/)
        .waitFor()
    }),
  )

  journey('turns the pages of Reach until every agent was there, and goes back', () =>
    asOwner(async ({ world, url, page }) => {
      const ada = await ownerOf(world)
      const { id: vault_id } = await ada.vaults.create({ name: 'wide' })
      await ada.secrets.put({ vault_id, path: 'db/url', value: tagged('wide') })
      const names = Array.from({ length: 60 }, (_, at) => `reader-${at + 100}`)
      for (const name of names) {
        const { agent } = await ada.agents.create({ name })
        await ada.policies.create({
          ...{ vault_id, secret_path_pattern: 'db/*', permissions: ['read'] },
          ...{ principal_type: 'agent', principal_id: agent.id },
        })
      }
      const rows = page.locator('table.reach tbody tr')
      const named = (name = '') => rows.filter({ hasText: name }).first().waitFor()
      const shown = async () => {
        const text = (await rows.allTextContents()).join()
        return names.filter((name) => text.includes(name))
      }
      const previous = page.getByRole('button', { name: 'Previous people and agents' })
      const next = page.getByRole('button', { name: 'Next people and agents' })
      await page.goto(`${url}/reach?vault=${vault_id}`)
      await named('reader-')
      const first = await shown()
      const later = names.filter((name) => !first.includes(name))
      expect(later.length).toBeGreaterThan(0)
      expect(await previous.isDisabled()).toBe(true)
      await next.click()
      await named(later[0])
      expect(await shown()).toEqual(later)
      expect(await next.isDisabled()).toBe(true)
      // A button that its own action switches off keeps the focus.
      expect(await focused(page, 'textContent')).toBe('Next people and agents')
      await previous.click()
      await named(first[0])
      expect(await shown()).toEqual(first)
      await page.getByText('1 to 50 of 61').waitFor()
      await fill(page, 'People and agents', 'READER-15')
      await rows.nth(10).waitFor({ state: 'detached' })
      expect(await shown()).toEqual(names.slice(50))
      await fill(page, 'People and agents', 'nobody')
      await page.getByText('No user or agent with a policy in this vault has “nobody” in its name.').waitFor()
    }, nothing),
  )

  journey('walks through Reach with the keyboard alone, into a folder and out of it, and no focus is lost', () =>
    asOwner(async ({ url, page, example }) => {
      await page.goto(`${url}/reach?vault=${example.vaultId}`)
      await page.locator('button.cell').first().waitFor()
      const said = (text: string) => page.locator('output.reach-said', { hasText: text }).waitFor()
      await page.getByRole('button', { name: /^api-keys/ }).focus()
      for (const _ of ['app/', 'db/', 'deploy/']) await page.keyboard.press('Tab')
      await page.keyboard.press('Tab')
      expect(await focused(page, 'title')).not.toBe('')
      await page.keyboard.press('ArrowDown')
      await said('deploy-bot, api-keys/: nothing')
      await page.keyboard.press('End')
      await said('deploy-bot, deploy/: read')
      await page.keyboard.press('ArrowLeft')
      await said('deploy-bot, db/: read, rotate. Allowed by policy db/**')
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'deploy-bot and db/' }).waitFor()
      expect(await focused(page, 'title')).toMatch(/^read, rotate/)
      // One stop for all cells, however many there are.
      await page.keyboard.press('Shift+Tab')
      await page.keyboard.press('Shift+Tab')
      expect(await focused(page, 'textContent')).toMatch(/^db\//)
      await page.keyboard.press('Enter')
      await page.getByRole('button', { name: /^production/ }).waitFor()
      expect(await focused(page, 'ariaLabel')).toBe('Reach')
      await fill(page, 'Paths', 'STAGING')
      await page.getByRole('button', { name: /^production/ }).waitFor({ state: 'detached' })
      await page.getByRole('button', { name: /^staging/ }).waitFor()
      expect(await violationsIn(page)).toEqual([])
      await fill(page, 'Paths', 'no-such')
      await page.getByText('No secret has “no-such” in its path.').waitFor()
    }),
  )

  journey('has the keyboard at what comes next after each step of the first run, and after a reveal', () =>
    asOwner(async ({ url, page }) => {
      await page.context().clearCookies()
      await page.goto(`${url}/login`)
      expect(await page.evaluate('document.activeElement.id')).toBe('email')
      await signIn(page, url)
      const next = (name: string) => page.locator(`[name="${name}"]:focus`).waitFor()
      await page.goto(url)
      await page.getByLabel('Name', { exact: true }).focus()
      await page.keyboard.press('Enter')
      await next('path')
      await fill(page, 'Value', tagged('sk-first'))
      await page.keyboard.press('Enter')
      await next('name')
      await page.keyboard.press('Enter')
      await page.locator('[aria-label="Copy key"]:focus').waitFor()
      await press(page, 'Copy key')
      await press(page, 'Home')
      await page.getByRole('link', { name: 'Vaults', exact: true }).click()
      await page.getByRole('link', { name: 'production' }).click()
      await page.getByRole('treeitem', { name: /^api-keys/ }).click()
      await page.getByRole('treeitem', { name: /^openai/ }).click()
      await press(page, 'Reveal')
      await page.getByText(tagged('sk-first')).waitFor()
      expect(await focused(page, 'ariaLabel')).toBe('Copy value')
      await press(page, 'Hide')
      expect(await focused(page, 'textContent')).toBe('Reveal')
    }, nothing),
  )

  journey(
    'has the keyboard at what a dialog made, and a dialog that deletes begins with Cancel and names what goes',
    () =>
      asOwner(async ({ world, url, page, example }) => {
        const { id: empty } = await (await ownerOf(world)).vaults.create({ name: 'empty' })
        await page.goto(`${url}/vaults/${empty}`)
        await press(page, 'Import')
        await fill(page, 'Content', `A_KEY=${tagged('one')}`)
        await pressIn(page, 'Import 1')
        await page.locator('[role=treeitem]:focus').waitFor()
        await page.goto(`${url}/policies?vault=${empty}`)
        await press(page, 'New policy')
        await page.getByLabel('Who', { exact: true }).selectOption(`agent ${example.agentId}`)
        await pressIn(page, 'Create the policy')
        await page.locator('[aria-label="Policies"]:focus').waitFor()
        await press(page, 'Delete')
        const dialog = page.locator('dialog[open]')
        await dialog.getByText('deploy-bot').first().waitFor()
        expect(await focused(page, 'textContent')).toBe('Cancel')
      }),
  )

  journey('keeps a place for the keyboard when the row of the pressed button goes, or its dialog', () =>
    asOwner(async ({ url, page, example }) => {
      await page.goto(`${url}/policies?vault=${example.vaultId}`)
      const row = page.getByRole('row', { name: /deploy\/\*/ })
      await row.getByRole('button', { name: 'Delete' }).focus()
      await page.keyboard.press('Enter')
      await page.getByText('loses read').waitFor()
      await page.keyboard.press('Escape')
      expect(await focused(page, 'textContent')).toBe('Delete')
      await page.keyboard.press('Enter')
      await page.getByText('loses read').waitFor()
      await page.locator('dialog[open]').getByRole('button', { name: 'Delete the policy', exact: true }).focus()
      await page.keyboard.press('Enter')
      await row.waitFor({ state: 'detached' })
      await page.locator('[aria-label="Policies"]:focus').waitFor()
      // The next stop is in the list, and not at the top of the page.
      await page.keyboard.press('Tab')
      expect(await focused(page, 'textContent')).toBe('Edit')
    }),
  )

  journey('sees who could read what on an earlier day, and takes away what no agent used for a month', () =>
    asOwner(
      async ({ world, url, page, example }) => {
        const { vaultId: vault_id } = example
        const asked: string[] = []
        page.on('request', (one) => asked.push(one.url()))
        let answer = () => {}
        const answered = new Promise<void>((resolve) => {
          answer = resolve
        })
        await page.route(/\/policies$/, (route) => answered.then(() => route.continue()))
        await page.goto(`${url}/reach?vault=${vault_id}`)
        const cell = page
          .getByRole('row', { name: /^deploy-bot/ })
          .getByRole('cell')
          .nth(3)
        const grant = page.getByRole('row', { name: /deploy-bot deploy\/\*/ })
        expect(await cell.getByRole('button').getAttribute('title')).toBe('read. Allowed by policy deploy/*')
        expect(asked.filter((one) => one.includes('/unused-grants'))).toEqual([])
        await press(page, 'Find unused grants')
        await grant.getByRole('button', { name: 'Take away' }).click()
        const take = page.locator('dialog[open]').getByRole('button', { name: 'Take it away', exact: true })
        expect(await take.isDisabled()).toBe(true)
        answer()
        await page.getByText('loses read').waitFor()
        await pressIn(page, 'Take it away')
        await page.getByText('deploy-bot has less access').waitFor()
        await grant.waitFor({ state: 'detached' })
        await cell.getByTitle('nothing').waitFor()
        const { policies } = await (await ownerOf(world)).policies.list({ vault_id })
        expect(policies.map(({ secret_path_pattern }) => secret_path_pattern)).not.toContain('deploy/*')
        await fill(page, 'As of', new Date(world.clock.now() - 35 * dayMs).toISOString().slice(0, 16))
        await cell.getByTitle('read').waitFor()
        await fill(page, 'As of', '2020-01-01T00:00')
        await page.getByText('The vault had no secret at that time.').waitFor()
        await press(page, 'Show now')
        await cell.getByTitle('nothing').waitFor()
      },
      async (world) => {
        const example = await exampleVault(world)
        world.clock.advance(40 * dayMs)
        return example
      },
    ),
  )

  journey('creates an agent that reads some paths; a refused pattern leaves no agent behind', () =>
    asOwner(async ({ world, url, page, example }) => {
      const { vaultId: vault_id } = example
      const ada = await ownerOf(world)
      await page.goto(`${url}/agents`)
      await press(page, 'New agent')
      await fill(page, 'Name', 'ci-bot')
      await fill(page, 'What it may read', 'not//a path')
      await press(page, 'Create the agent')
      await page.getByText('Vault is required with these paths.').waitFor()
      await page.getByLabel('Vault', { exact: true }).selectOption(vault_id)
      await press(page, 'Create the agent')
      await page.getByText(/^What it may read must/).waitFor()
      expect((await ada.agents.list()).agents.map(({ name }) => name)).not.toContain('ci-bot')
      await fill(page, 'What it may read', 'deploy/*')
      await press(page, 'Create the agent')
      const key = (await page.getByTestId('shown-once').textContent()) ?? ''
      await world.pawl.as(key).secrets.get({ vault_id, path: 'deploy/ssh' })
      await press(page, 'I saved it')
      await page.getByRole('link', { name: 'ci-bot' }).click()
      await press(page, 'deploy/ssh')
      await page.getByText(/^Allowed by policy/).waitFor()
    }),
  )

  journey('finds one of many agents, of which the page shows the first', () =>
    asOwner(async ({ world, url, page }) => {
      const ada = await ownerOf(world)
      for (let at = 0; at < 210; at++) await ada.agents.create({ name: `worker-${`${at}`.padStart(3, '0')}` })
      await page.goto(`${url}/agents`)
      await page.getByText('The list shows the first 200 of 213.').waitFor()
      expect(await page.getByRole('row').count()).toBe(201)
      await fill(page, 'Search 213 agents', 'worker-007')
      expect(await page.getByRole('row').count()).toBe(2)
      await fill(page, 'Search 213 agents', 'no such agent')
      await page.getByText('No results.').waitFor()
    }),
  )

  journey('stores a generated value that expires, and reads why a past day is refused', () =>
    asOwner(async ({ world, url, page, example }) => {
      const { vaultId: vault_id } = example
      const dayIn = (days: number) => new Date(world.clock.now() + days * dayMs).toISOString().slice(0, 10)
      await page.goto(`${url}/vaults/${vault_id}`)
      await press(page, 'New secret')
      await fill(page, 'Path', 'web/session-key')
      await press(page, 'Generate')
      await fill(page, 'Expires', dayIn(-2))
      await press(page, 'Store')
      await page.getByText(/^Expires must/).waitFor()
      await fill(page, 'Expires', dayIn(3))
      await press(page, 'Store')
      await page.getByText('Version 1 of web/session-key is stored').waitFor()
      const { value, expires_at } = await (await ownerOf(world)).secrets.get({ vault_id, path: 'web/session-key' })
      expect(value.reveal().length).toBeGreaterThan(20)
      expect(expires_at?.slice(0, 10)).toBe(dayIn(3))
    }),
  )

  journey('is told when all that happened lately is that people read', () =>
    asOwner(async ({ world, url, page }) => {
      const from = { ip: parseAddress('127.0.0.1') }
      const asked = { email: ownerEmail, password: ownerPassword }
      const { access_token } = await world.pawl.as({ bearer: null, ...from }).auth.token(asked)
      const ada = world.pawl.as({ bearer: access_token?.reveal() ?? null, ...from })
      for (let at = 0; at < 1_001; at++) await ada.vaults.list()
      await page.goto(url)
      await page.getByText('Only browsing lately').waitFor()
      await page
        .getByText('The last 1000 events are reads of people in a session. All events shows the older ones.')
        .waitFor()
    }),
  )

  journey('changes the theme, and goes through the menu of a phone', () =>
    asOwner(async ({ url, page }) => {
      const paper = 'getComputedStyle(document.body).backgroundColor'
      await page.goto(url)
      await page.getByText('What happened last').waitFor()
      const before = await page.evaluate(paper)
      await press(page, 'Light or dark')
      // Playwright's own wait evaluates a string in the page, which the Content-Security-Policy refuses after its first turn.
      await expect.poll(() => page.evaluate(paper)).not.toBe(before)
      const changed = await page.evaluate(paper)
      await page.reload()
      await page.getByText('What happened last').waitFor()
      expect(await page.evaluate(paper)).toBe(changed)
      await page.setViewportSize({ width: 390, height: 844 })
      await press(page, 'Open the menu')
      await page.getByRole('link', { name: 'Policies' }).click()
      await page.getByRole('heading', { name: 'Policies' }).waitFor()
      expect(await page.getByRole('link', { name: 'Webhooks' }).isVisible()).toBe(false)
    }),
  )

  journey('stops an agent, lets it work again, and gives it a new key', () =>
    asOwner(async ({ world, url, page, example }) => {
      const { agentId, vaultId } = example
      const ada = await ownerOf(world)
      await page.goto(`${url}/agents/${agentId}`)
      await press(page, 'Stop the agent')
      await press(page, 'Stop it now')
      await page.getByText('The agent is stopped').waitFor()
      expect((await ada.agents.get({ agent_id: agentId })).is_active).toBe(false)
      await press(page, 'Let it work again')
      await page.getByText('The agent may work again').waitFor()
      await page.getByRole('tab', { name: 'Settings' }).click()
      await press(page, 'New key')
      await press(page, 'Make a new key')
      const key = (await page.getByTestId('shown-once').textContent()) ?? ''
      await world.pawl.as(key).secrets.get({ vault_id: vaultId, path: 'deploy/ssh' })
    }),
  )

  journey('filters the trail, follows it, and has its chain verified', () =>
    asOwner(async ({ world, url, page, example }) => {
      const { vaultId, agentId } = example
      await page.goto(`${url}/audit?actor=${agentId}`)
      await page.locator('tbody').getByText('denied').first().waitFor()
      expect(await page.getByRole('row', { name: /ada@example/ }).count()).toBe(0)
      await press(page, 'Verify it here')
      await page.getByText('whole', { exact: true }).waitFor()
      await page.goto(`${url}/audit`)
      await press(page, 'Follow')
      await page.getByText('following', { exact: true }).waitFor()
      const ada = await ownerOf(world)
      await ada.secrets.put({ vault_id: vaultId, path: 'while/following', value: tagged('x') })
      await page.getByText('while/following').waitFor()
    }),
  )

  journey('sees in the trail what happened, and only on request what people looked at', () =>
    asOwner(async ({ url, page, example }) => {
      const { vaultId } = example
      await page.goto(`${url}/vaults/${vaultId}`)
      await page.getByRole('treeitem').first().waitFor()
      const row = (name: string) => page.locator('tbody tr').filter({ hasText: name })
      await page.goto(`${url}/audit`)
      await row('policy.create').first().waitFor()
      // A refusal and a value that somebody saw stay; lists of the dashboard go.
      expect(await row('denied').count()).toBeGreaterThan(0)
      expect(await row('secret.read').count()).toBeGreaterThan(0)
      expect(
        await page
          .getByText(/^[\w.]+(list|\.reach|\.refresh)$/)
          .and(page.locator('code'))
          .count(),
      ).toBe(0)
      await page.getByLabel(/^Show reads without a secret value/).check()
      await row('secret.list').first().waitFor()
      await page.getByLabel(/^Show reads without a secret value/).uncheck()
      // A part of an action finds it.
      await fill(page, 'What', 'regis')
      await row('agent.register').first().waitFor()
      await row('policy.create').first().waitFor({ state: 'detached' })
      await fill(page, 'What', '')
      await row('policy.create').first().waitFor()
    }),
  )

  journey('opens an event with the keyboard, follows its links, and filters by its fields', () =>
    asOwner(async ({ url, page, example }) => {
      const { vaultId, agentId } = example
      await page.goto(`${url}/audit?actor=${agentId}&action=secret.read`)
      await page.getByText('db/production/password').first().waitFor()
      const refused = page.locator('tbody tr').filter({ hasText: 'api-keys/openai' })
      await refused.getByRole('button', { name: 'Details' }).focus()
      await page.keyboard.press('Enter')
      const details = page.locator('.row-details')
      // The time of the test is the one of the server, so the rule is known.
      await details.getByText('Current policies, evaluated at the time of the event.').waitFor()
      expect(await details.textContent()).toContain(agentId)
      await page.keyboard.press('Enter')
      await details.waitFor({ state: 'detached' })
      // A click anywhere on the row opens it too.
      await page.locator('tbody tr').filter({ hasText: 'db/production/password' }).click()
      const secret = details.getByRole('link', { name: 'db/production/password' })
      expect(await secret.getAttribute('href')).toContain(`/vaults/${vaultId}?secret=`)
      await details.getByRole('link', { name: 'Filter by this' }).nth(2).click()
      await page.waitForURL('**resource=**')
      await refused.waitFor({ state: 'detached' })
      await page.getByRole('button', { name: /^Remove the filter on/ }).click()
      await refused.waitFor()
    }),
  )

  journey('changes settings: name, API key, member, IP rule; and reads what the server refuses', () =>
    asOwner(async ({ world, url, page }) => {
      const ada = await ownerOf(world)
      await page.goto(`${url}/settings`)
      await fill(page, 'Name', 'Ada')
      await press(page, 'Save')
      await page.getByText('Your name is stored').waitFor()
      expect((await ada.auth.me()).display_name).toBe('Ada')
      await page.getByRole('tab', { name: 'API keys' }).click()
      await press(page, 'New API key')
      await fill(page, 'Name', 'ci')
      await fill(page, 'Your password', tagged('Wrong-Horse-7'))
      await press(page, 'Create the key')
      await page.getByRole('alert').waitFor()
      await fill(page, 'Your password', ownerPassword)
      await press(page, 'Create the key')
      await page.getByTestId('shown-once').waitFor()
      await page.keyboard.press('Escape')
      await press(page, 'I kept it')
      expect((await ada.auth.listApiKeys()).keys).toHaveLength(1)
      await page.getByRole('tab', { name: 'Members' }).click()
      await press(page, 'Add with a password')
      await fill(page, 'E-mail address', 'bea@example.com')
      // The rules are there before the first letter, and say what is missing.
      expect(await page.locator('.rules li').count()).toBe(7)
      expect(await page.locator('.rules .met').count()).toBe(0)
      await fill(page, 'First password', 'Short-1')
      await page.locator('.rules li', { hasText: 'at least 12 characters (missing)' }).waitFor()
      expect(await page.locator('.rules .met').count()).toBe(6)
      await fill(page, 'First password', 'short')
      await press(page, 'Add the member')
      await page.getByText(/^First password must/).waitFor()
      await fill(page, 'First password', tagged('Another-Horse-7'))
      await press(page, 'Add the member')
      await page.getByText('bea@example.com').first().waitFor()
      // A higher role needs a proof, so that a stolen session makes no owner.
      await page.getByLabel('Role of bea@example.com').selectOption('admin')
      await fill(page, 'Your password', ownerPassword)
      await press(page, 'Change the role')
      await page.getByText('Changed the role').waitFor()
      await press(page, 'Add with a password')
      await fill(page, 'E-mail address', 'cleo@example.com')
      await fill(page, 'First password', tagged('Another-Horse-7'))
      await page.getByLabel('Role', { exact: true }).selectOption('owner')
      await fill(page, 'Your password', ownerPassword)
      await press(page, 'Add the member')
      await page.getByText('cleo@example.com').first().waitFor()
      const { members } = await ada.orgs.listMembers()
      const roles = Object.fromEntries(members.map(({ email, role }) => [email, role]))
      expect(roles).toMatchObject({ 'bea@example.com': 'admin', 'cleo@example.com': 'owner' })
      await page.getByRole('tab', { name: 'IP rules' }).click()
      await press(page, 'New rule')
      await fill(page, 'Address or range', 'not an address')
      await press(page, 'Create the rule')
      await page.getByText(/^Address or range must/).waitFor()
      await page.getByLabel('Rule', { exact: true }).selectOption('deny')
      await fill(page, 'Address or range', '203.0.113.0/24')
      await press(page, 'Create the rule')
      await page.getByText('203.0.113.0/24').waitFor()
      await page.getByRole('tab', { name: 'Health' }).click()
      await page.getByText('healthy').waitFor()
    }),
  )

  journey('goes anywhere from the keyboard', () =>
    asOwner(async ({ url, page, example }) => {
      const { agentId } = example
      await page.goto(url)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await page.keyboard.press('Control+k')
      await page.getByRole('combobox').fill('dep bot'.replace(' ', 'loy-'))
      await page
        .getByRole('option', { name: /deploy-bot/ })
        .first()
        .waitFor()
      await page.keyboard.press('Enter')
      await page.waitForURL(`**/agents/${agentId}`)
      await page.keyboard.press('Control+k')
      await page.getByRole('combobox').fill('members')
      await page.getByRole('option', { name: 'Settings: members' }).waitFor()
      await page.keyboard.press('Enter')
      await page.getByRole('button', { name: 'Add with a password' }).waitFor()
      await page.keyboard.press('Control+k')
      await page.getByRole('listbox').getByRole('option').nth(30).waitFor()
      for (let step = 0; step < 20; step++) await page.keyboard.press('ArrowDown')
      const results = page.getByRole('listbox')
      const chosen = results.getByRole('option', { selected: true })
      const bottomOf = (selector: string) => `document.querySelector('${selector}').getBoundingClientRect().bottom`
      // The edges differ by a part of a pixel.
      const inSight = `${bottomOf('#palette-list [aria-selected=true]')} < ${bottomOf('#palette-list')} + 1`
      await expect.poll(() => page.evaluate(inSight)).toBe(true)
      const named = await page
        .getByRole('combobox', { name: 'Search and commands' })
        .getAttribute('aria-activedescendant')
      expect(named).toBe(await chosen.getAttribute('id'))
      await page.keyboard.press('Escape')
      await results.waitFor({ state: 'detached' })
    }),
  )

  journey('who is invited sees the vaults that are shared, whom to ask, and no step that needs an owner', () =>
    servedDashboard((world, url) =>
      inBrowser(async (browser) => {
        const { vaultId } = await exampleVault(world)
        const ada = await ownerOf(world)
        const { id } = await world.owner.orgs.addMember({ email: 'bea@example.com', password: ownerPassword })
        const { page, complaints } = await visitor(browser)
        await signIn(page, url, 'bea@example.com')
        await page.goto(url)
        await page.getByText('No vault is shared with you yet').waitFor()
        await page.getByRole('link', { name: ownerEmail }).waitFor()
        expect(await page.getByText('Create a vault', { exact: true }).count()).toBe(0)
        await ada.policies.create({
          ...{ vault_id: vaultId, secret_path_pattern: 'db/**', principal_type: 'user', principal_id: id },
          permissions: ['read'],
        })
        await page.reload()
        await page.locator('main').getByRole('link', { name: 'production' }).click()
        await page.getByRole('treeitem').first().waitFor()
        expect(complaints).toEqual([])
      }),
    ),
  )

  journey('who is a member is offered nothing that only an owner or admin may open', () =>
    servedDashboard((world, url) =>
      inBrowser(async (browser) => {
        const { vaultId: vault_id } = await exampleVault(world)
        const { id } = await world.owner.orgs.addMember({ email: 'bea@example.com', password: ownerPassword })
        const principal = { principal_type: 'user', principal_id: id } as const
        await (await ownerOf(world)).policies.create({
          ...{ vault_id, secret_path_pattern: 'db/*', permissions: ['read'], ...principal },
        })
        const { page } = await visitor(browser)
        await signIn(page, url, 'bea@example.com')
        await page.goto(`${url}/vaults/${vault_id}`)
        await page.getByRole('tab', { name: 'Secrets' }).waitFor()
        expect(await page.getByRole('tab').allTextContents()).toEqual(['Secrets', 'Deleted'])
        expect(await page.getByRole('link', { name: 'Risk' }).count()).toBe(0)
        await page.goto(`${url}/settings`)
        await page.getByRole('tab', { name: 'Members' }).waitFor()
        expect(await page.getByRole('tab', { name: 'IP rules' }).count()).toBe(0)
      }),
    ),
  )

  journey('who may not see the members, or a vault, reads why', () =>
    servedDashboard((world, url) =>
      inBrowser(async (browser) => {
        const { vaultId } = await exampleVault(world)
        await world.owner.orgs.addMember({ email: 'bea@example.com', password: ownerPassword })
        const { page } = await visitor(browser)
        await signIn(page, url, 'bea@example.com')
        await page.goto(`${url}/vaults/${vaultId}`)
        await page.getByText('The vault does not exist, or you cannot access it.').first().waitFor()
        await page.goto(`${url}/audit`)
        await press(page, 'Verify it here')
        await page
          .getByText(/Only owners and admins/)
          .first()
          .waitFor()
      }),
    ),
  )
})

describe.skipIf(!hasBrowser)('C10: a person who signs out', { timeout: 120_000 }, () => {
  it('leaves nothing behind: not in this tab, not in another, not behind the back button', () =>
    servedDashboard((world, url) =>
      inBrowser(async (browser) => {
        const { vaultId } = await exampleVault(world)
        const { page } = await visitor(browser)
        await signIn(page, url)
        await page.goto(url)
        const other = await page.context().newPage()
        await other.goto(`${url}/vaults/${vaultId}?secret=${encodeURIComponent('api-keys/openai')}`)
        await other.getByRole('button', { name: 'Reveal' }).click()
        await other.getByText(tagged('value')).waitFor()
        await page.goto(`${url}/vaults`)
        await page.getByText('production').waitFor()
        await page.getByRole('button', { name: 'Sign out' }).click()
        await page.waitForURL('**/login')
        await other.waitForURL('**/login**')
        expect(await other.content()).not.toContain(tagged('value'))
        expect(await page.context().cookies()).toEqual([])
        for (const tab of [page, other]) {
          await tab.goBack().catch(() => null)
          expect(tab.url()).toMatch(/\/login|^about:blank$/)
          expect(await tab.content()).not.toMatch(/production|api-keys/)
        }
      }),
    ))

  journey('is asked to sign in again when the session ended elsewhere, and comes back to where they were', () =>
    servedDashboard((world, url) =>
      inBrowser(async (browser) => {
        await exampleVault(world)
        const { page } = await visitor(browser)
        await signIn(page, url)
        const [cookie] = await page.context().cookies()
        await world.pawl.as({ bearer: cookie?.value ?? '', scheme: 'cookie' }).auth.revoke()
        // The page may notice the end before the person does, so the person opens an address.
        await page.goto(`${url}/audit`, { waitUntil: 'commit' })
        await page.waitForURL('**/login?next=**', { waitUntil: 'commit' })
        await page.fill('#email', ownerEmail)
        await page.fill('#password', ownerPassword)
        await page.click('button')
        await page.waitForURL('**/audit')
      }),
    ),
  )
})

const hostile = [
  '<img src=x onerror="globalThis.pwned=1">',
  '"><script>globalThis.pwned=1</script>',
  "'-globalThis.pwned=1-'",
  '{{constructor.constructor("globalThis.pwned=1")()}}',
]

interface Hostile {
  readonly vaultId: string
  readonly agentId: string
  readonly name: string
}

/** Hostile text in every other field that the dashboard shows, and the pages that show it. */
async function hostileThings({ pawl }: World, ada: ReturnType<World['pawl']['as']>, of: Hostile): Promise<string[]> {
  const { vaultId, agentId: agent_id, name } = of
  const short = name.slice(0, 100)
  const { api_key } = await ada.agents.rotateKey({ agent_id })
  await pawl.as(api_key.reveal()).approvals.request({
    ...{ action: short, target_type: short, target_id: short, reason: name, summary: { [short]: name, list: [name] } },
  })
  await ada.agents.update({ agent_id, intents_api_enabled: true, shroud_enabled: true, tx_to_allowlist: [short] })
  await ada.bindings.create({
    ...{ agent_id, name: 'mail', binding_type: 'http', credential: tagged('x') },
    config: { base_url: 'https://api.example.com/<img src=x onerror=globalThis.pwned=1>' },
  })
  await ada.shroud.createRouterKey({ agent_id, name: short })
  const violations = { policy_violations: [name], model: short, provider: short }
  await ada.shroud.recordActivity({ agent_id, action: 'blocked', injection_score: 0.9, ...violations })
  const { id: hook } = await ada.webhooks.create({
    ...{ url: 'https://hooks.example.com/', events: ['policy.*'], description: short },
  })
  await ada.sharing.createByPath({ vault_id: vaultId, secret_path: 'a/b' })
  await ada.risk.createHoneytoken({ vault_id: vaultId, secret_path: 'honey', notes: name })
  const safe_address = '0x5aFE3855358E112B5647B952709E6165e1c1eEEe'
  const { id: safe } = await ada.treasury.create({ name: short, safe_address, chain: 'base', threshold: 1 })
  await ada.signers.create({ agent_id, chain: 'ethereum' })
  await pawl.as(api_key.reveal()).treasury.requestAccess({ treasury_id: safe, reason: name })
  await ada.guardrails.freeze({ agent_id, reason: name })
  const { id: app } = await ada.platform.createApp({ name: short, slug: 'hostile', description: name })
  await ada.platform.createTemplate({ app_id: app, name: short, description: name, spec: { vault: { name: short } } })
  const ofAgent = ['access', 'day', 'limits', 'keys', 'bindings', 'shroud', 'settings']
  return [
    ...ofAgent.map((tab) => `/agents/${agent_id}?tab=${tab}`),
    ...['/approvals', '/shares?tab=out', '/shroud', '/shroud?tab=threats', '/webhooks', `/webhooks/${hook}`, '/apps'],
    ...['deleted', 'settings'].map((tab) => `/vaults/${vaultId}?tab=${tab}`),
    '/platform',
    ...[
      '/treasury',
      `/treasury/${safe}`,
      '/treasury?tab=wallets',
      '/risk',
      '/risk?tab=honeytokens',
      '/risk?tab=events',
    ],
    ...['details', 'templates', 'users', 'audit'].map((tab) => `/platform/${app}?tab=${tab}`),
  ]
}

/** The addresses of all pages, as patterns. */
const routes = [
  ...readFileSync(new URL('../../dashboard/router.tsx', import.meta.url), 'utf8').matchAll(/at\('([^']+)'\)/g),
].map(([, path = '']) => new RegExp(`^${path.replaceAll(/\$\w+/g, '[^/]+')}$`))

describe.skipIf(!hasBrowser)('hostile text', { timeout: 120_000 }, () => {
  journey('in any field runs nowhere, and the Content-Security-Policy has nothing to report', () =>
    servedDashboard((world, url) =>
      inBrowser(async (browser) => {
        const ada = await ownerOf(world)
        const name = hostile.join(' ').slice(0, 250)
        await ada.auth.updateMe({ display_name: name.slice(0, 100) })
        const { id: vaultId } = await ada.vaults.create({ name: name.slice(0, 100), description: name })
        const value = hostile.join('\n')
        await ada.secrets.put({ vault_id: vaultId, path: 'a/b', value, metadata: { note: name } })
        await ada.secrets.put({ vault_id: vaultId, path: 'a/b', value: tagged(`${value} more`) })
        const { agent } = await ada.agents.create({ name, description: name })
        await ada.auth.createApiKey({ name: name.slice(0, 100), current_password: ownerPassword })
        await world.pawl.as({ bearer: null }).enrolments.enroll({ name, description: name, human_email: ownerEmail })
        const may = {
          vault_id: vaultId,
          principal_type: 'agent',
          principal_id: agent.id,
          permissions: ['read'],
        } as const
        await ada.policies.create({ ...may, secret_path_pattern: '**' })
        const others = await hostileThings(world, ada, { vaultId, agentId: agent.id, name })
        // Last, because callers without an address are refused from then on.
        await ada.security.createIpRule({ rule_type: 'deny', cidr: '203.0.113.1/32', label: name.slice(0, 100) })
        const { page, complaints } = await visitor(browser)
        await signIn(page, url)
        const secret = `/vaults/${vaultId}?secret=a%2Fb`
        const places = ['/', '/vaults', secret, `/reach?vault=${vaultId}`, `/policies?vault=${vaultId}`, '/agents']
        const visited = [...places, ...others, '/audit', '/settings']
        // The page of all components shows examples and nothing that is stored.
        const addresses = ['/components', ...visited.map((path) => path.split('?')[0] ?? '')]
        const missed = routes.filter((route) => !addresses.some((path) => route.test(path)))
        expect(missed, 'routes of router.tsx that this test does not open').toEqual([])
        for (const path of [...visited, `/<img src=x onerror=globalThis.pwned=1>`]) {
          await page.goto(url + path)
          await page.waitForSelector('#main h1')
          await page.locator('.waiting').first().waitFor({ state: 'detached' })
          if (path === secret) {
            await press(page, 'Reveal')
            await page.getByText('onerror').first().waitFor()
            await press(page, 'Compare')
            await page.getByTestId('difference').waitFor()
          }
        }
        await page.goto(`${url}/settings`)
        for (const tab of await page.getByRole('tab').all()) await tab.click()
        await page.keyboard.press('Control+k')
        await page.getByRole('combobox').fill('<img')
        await page.getByRole('option').first().waitFor()
        expect(await page.evaluate('globalThis.pwned')).toBeUndefined()
        expect(complaints).toEqual([])
      }),
    ),
  )
})

describe('the bundle', () => {
  it('costs less than 200 kB to load first, compressed', async () => {
    const bundle = await builtBundle()
    const text = (name: string) => Buffer.from(bundle.get(name)?.bytes ?? []).toString('utf8')
    const first = new Set(['index.html', 'assets/geist.woff2', 'assets/pawl.svg'])
    const add = (name: string) => {
      if (first.has(name) || !bundle.has(name)) return
      first.add(name)
      for (const [, imported = ''] of text(name).matchAll(/(?:from|import)\s*"\.\/([\w-]+\.js)"/g))
        add(`assets/${imported}`)
    }
    for (const [, name = ''] of text('index.html').matchAll(/(assets\/[\w-]+\.(?:js|css))/g)) add(name)
    const sizes = [...first].map((name) => [name, gzipSync(bundle.get(name)?.bytes ?? '').length] as const)
    const total = sizes.reduce((sum, [, size]) => sum + size, 0)
    expect(first.size).toBeGreaterThan(4)
    expect(total, JSON.stringify(sizes)).toBeLessThan(200_000)
  })

  journey('scrolls ten thousand secrets with a few dozen rows in the document', { timeout: 120_000 }, () =>
    asOwner(async ({ world, url, page }) => {
      const ada = await ownerOf(world)
      const { id: vaultId } = await ada.vaults.create({ name: 'large' })
      await page.route('**/secrets?*', async (route) => {
        const at = Number(new URL(route.request().url()).searchParams.get('cursor') ?? 0)
        const secrets = Array.from({ length: 1000 }, (_, n) => secretAt(at * 1000 + n))
        await route.fulfill({ json: { secrets, ...(at < 9 && { next_cursor: `${at + 1}` }) } })
      })
      await page.goto(`${url}/vaults/${vaultId}`)
      await page.getByLabel('Search 10,000 secrets').fill('leaf-0')
      await page.getByRole('treeitem').nth(20).waitFor()
      await page.getByRole('tree').evaluate((tree) => {
        tree.scrollTop = tree.scrollHeight
      })
      await page.getByText('leaf-0993').waitFor()
      expect(await page.getByRole('treeitem').count()).toBeLessThan(100)
    }),
  )
})

function secretAt(number: number) {
  const name = `leaf-${`${number}`.padStart(4, '0')}`
  const id = `00000000-0000-4000-8000-${`${number}`.padStart(12, '0')}`
  const facts = { type: 'generic', version: 1, metadata: {}, created_at: '2026-01-01T00:00:00Z' }
  return { id, path: `folder-${number % 7}/${name}`, ...facts }
}

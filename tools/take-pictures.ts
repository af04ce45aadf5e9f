import { fileURLToPath } from 'node:url'
import { tagged } from '@pawl/testkit/canary'
import type { World } from '@pawl/testkit/world'
import { chromium, type Page } from 'playwright-core'
import { type Example, exampleVault } from '../packages/server/test/dashboard/example.ts'
import { ownerEmail, ownerPassword, servedDashboard } from '../packages/server/test/dashboard/served.ts'
import { shown } from '../packages/server/test/dashboard/shown.ts'
import { programAt } from './real-parts/index.ts'

// Takes the pictures of docs/dashboard.md, of a server with an example vault:
//
//   npx tsx --conditions=@pawl/source tools/take-pictures.ts
//
// With a folder and a part of a name, it takes a picture of each page and dialog with that part in its name, in both
// themes and two widths, for a person who checks how they look:
//
//   npx tsx --conditions=@pawl/source tools/take-pictures.ts /tmp/pictures [settings]

const [checkedFolder, part = ''] = process.argv.slice(2)

const folder = fileURLToPath(new URL('../docs/pictures/', import.meta.url))

type May = readonly ('read' | 'write' | 'delete' | 'rotate')[]

const people = [
  ['Bea Lindqvist', ['billing/**', 'mail/**'], ['read', 'write']],
  ['Chidi Okafor', ['**'], ['read']],
] as const

const agents = [
  ['billing-sync', ['billing/**', 'api-keys/stripe/*'], ['read']],
  ['ci-runner', ['deploy/*', 'app/**', 'db/staging/*'], ['read']],
  ['mail-sender', ['mail/**'], ['read', 'rotate']],
  ['night-backup', ['db/**', 'billing/ledger/*'], ['read']],
  ['support-bot', ['mail/smtp'], ['read']],
] as const

const paths = ['billing/ledger/token', 'billing/stripe/webhook', 'mail/smtp', 'mail/dkim', 'app/session-key']

await servedDashboard(async (world, url) => {
  const example = await exampleVault(world)
  const { vaultId, payerId } = example
  const ada = await adaOf(world)
  await others(world, ada, vaultId)
  const browser = await chromium.launch({ executablePath: programAt('chromium') ?? '', args: ['--no-sandbox'] })
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 }, colorScheme: 'light' })
  const signIn = async () => {
    await page.clock.setFixedTime(world.clock.now())
    await page.goto(`${url}/login`)
    await page.fill('#email', ownerEmail)
    await page.fill('#password', ownerPassword)
    await page.click('form button')
  }
  const take = async (name: string, path: string, ready: string, height = 720) => {
    await page.setViewportSize({ width: 1280, height })
    await page.goto(url + path)
    await page.waitForSelector(ready)
    await page.screenshot({ path: `${folder}${name}.png` })
  }
  await signIn()
  if (checkedFolder) {
    await takeEach(page, url, example, checkedFolder)
    return browser.close()
  }
  await take('secret', `/vaults/${vaultId}?secret=db%2Fproduction%2Fpassword`, 'text=Who can read this?')
  await take('approvals', '/approvals', 'text=Sign a transaction', 800)
  await take('reach', `/reach?vault=${vaultId}`, 'button.cell')
  await dayOf(world, ada, vaultId, payerId)
  await signIn()
  await take('agent-day', `/agents/${payerId}?tab=day`, 'text=Play the day', 1000)
  await browser.close()
})

async function takeEach(page: Page, url: string, example: Example, into: string): Promise<void> {
  for (const [name, path, ready, ...buttons] of shown.filter(([name]) => name.includes(part))) {
    try {
      await page.goto(url + path(example))
      for (const button of buttons) await page.getByRole('button', { name: button, exact: true }).first().click()
      await page.waitForSelector(ready)
    } catch (error) {
      // The picture shows what was there in its place.
      console.error(name, error)
    }
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 844 })
        await page.waitForTimeout(150)
        await page.screenshot({ path: `${into}/${name}-${colorScheme}-${width}.png` })
      }
    }
    await page.setViewportSize({ width: 1280, height: 844 })
  }
}

type Person = ReturnType<World['pawl']['as']>

async function adaOf({ owner, pawl }: World): Promise<Person> {
  const { members } = await owner.orgs.listMembers()
  return pawl.as({ user: members.find(({ email }) => email === ownerEmail)?.id ?? '' })
}

/** Others who work with the vault, so that Reach has something to show. */
async function others({ owner, pawl }: World, ada: Person, vault_id: string): Promise<void> {
  await ada.auth.updateMe({ display_name: 'Ada Castellanos' })
  for (const path of paths) await ada.secrets.put({ vault_id, path, value: tagged('value') })
  const allow = async (
    principal_type: 'user' | 'agent',
    principal_id: string,
    patterns: readonly string[],
    may: May,
  ) => {
    for (const secret_path_pattern of patterns) {
      const permissions = [...may]
      await ada.policies.create({ vault_id, secret_path_pattern, principal_type, principal_id, permissions })
    }
  }
  for (const [name, patterns, may] of people) {
    const email = `${name.split(' ')[0]?.toLowerCase()}@example.com`
    const { id } = await owner.orgs.addMember({ email, password: ownerPassword })
    await pawl.as({ user: id }).auth.updateMe({ display_name: name })
    await allow('user', id, patterns, may)
  }
  for (const [name, patterns, may] of agents) {
    const { agent } = await ada.agents.create({ name })
    await allow('agent', agent.id, patterns, may)
  }
}

/** A day of an agent: reads, a refusal, payments within and above its limits. */
async function dayOf({ pawl, clock }: World, ada: Person, vault_id: string, agent_id: string): Promise<void> {
  const principal = { principal_type: 'agent', principal_id: agent_id } as const
  await ada.policies.create({ vault_id, secret_path_pattern: 'billing/**', ...principal, permissions: ['read'] })
  const { api_key } = await ada.agents.rotateKey({ agent_id })
  const { secrets, intents } = pawl.as(api_key.reveal())
  const pay = (to: string, value: string) => intents.submit({ agent_id: 'me', chain: 'base', to, value })
  const steps = [
    () => secrets.get({ vault_id, path: 'billing/ledger/token' }),
    () => pay('0x71C7656EC7ab88b098defB751B7401B5f6d8976F', '0.2'),
    () => secrets.get({ vault_id, path: 'db/production/password' }),
    () => secrets.get({ vault_id, path: 'billing/stripe/webhook' }),
    () => pay('0x2B5AD5c4795c026514f8317c7a215E218DcCD6cF', '0.35'),
    () => pay('0x2B5AD5c4795c026514f8317c7a215E218DcCD6cF', '9'),
  ]
  const dayMs = 86_400_000
  clock.advance(dayMs - (clock.now() % dayMs) + dayMs * 0.3)
  for (const [at, step] of steps.entries()) {
    // A refusal is a step too.
    await step().catch(() => null)
    clock.advance((7 + 11 * at) * 60_000)
  }
}

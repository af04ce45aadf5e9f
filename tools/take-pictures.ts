import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { tagged } from '@pawl/testkit/canary'
import type { World } from '@pawl/testkit/world'
import { chromium } from 'playwright-core'
import { exampleVault } from '../packages/server/test/dashboard/example.ts'
import { ownerEmail, ownerPassword, servedDashboard } from '../packages/server/test/dashboard/served.ts'
import { programAt } from './real-parts/index.ts'

// Takes the pictures of docs/dashboard.md, of a server with an example vault:
//
//   npx tsx --conditions=@pawl/source tools/take-pictures.ts

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
  const { vaultId, payerId } = await exampleVault(world)
  await others(world, vaultId)
  const browser = await chromium.launch({ executablePath: programAt('chromium') ?? '', args: ['--no-sandbox'] })
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 }, colorScheme: 'light' })
  await page.clock.setFixedTime(world.clock.now())
  const take = async (name: string, path: string, ready: string, height = 720) => {
    await page.setViewportSize({ width: 1280, height })
    await page.goto(url + path)
    await page.waitForSelector(ready)
    await page.screenshot({ path: `${folder}${name}.png` })
  }
  mkdirSync(folder, { recursive: true })
  await page.goto(url)
  await page.fill('#email', ownerEmail)
  await page.fill('#password', ownerPassword)
  await page.click('form button')
  await take('secret', `/vaults/${vaultId}?secret=db%2Fproduction%2Fpassword`, 'text=Who can read this?')
  await take('approvals', '/approvals', 'text=Sign a transaction', 800)
  await take('agent-day', `/agents/${payerId}?tab=day`, 'text=Play the day', 800)
  await take('reach', `/reach?vault=${vaultId}`, 'button.cell')
  await browser.close()
})

/** Others who work with the vault, so that Reach has something to show. */
async function others({ owner, pawl }: World, vault_id: string): Promise<void> {
  const { members } = await owner.orgs.listMembers()
  const ada = pawl.as({ user: members.find(({ email }) => email === ownerEmail)?.id ?? '' })
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

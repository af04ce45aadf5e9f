// How soon the dashboard answers a person: a browser that has nothing in its cache, in front of the real command with 10^4
// secrets and 1,000 agents. From the request for the page until the control that the page is for is there and takes a click.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'
import { programAt } from '../tools/real-parts/index.ts'
import { say } from './child.ts'
import { serve } from './served.ts'
import { fill, fullVault, median, partsIn, pathOf, person } from './vault.ts'

const rounds = 5
const secrets = 10_000
const agents = 1_000

const folder = await mkdtemp(join(tmpdir(), 'pawl-bench-'))
const vaultId = await filled()
const server = await serve(folder)
const browser = await chromium.launch({ executablePath: programAt('chromium') ?? '', args: ['--no-sandbox'] })
const pages: Readonly<Record<string, readonly [path: string, control: string]>> = {
  home: ['/', 'text=All events'],
  secrets: [`/vaults/${vaultId}`, '[role=treeitem]'],
  agents: ['/agents', 'a.row-link'],
  policies: [`/policies?vault=${vaultId}`, 'text=New policy'],
  reach: [`/reach?vault=${vaultId}`, 'button.cell'],
}
const times: Record<string, number> = {}
for (const [name, [path, control]] of Object.entries(pages)) {
  const taken: number[] = []
  for (let round = 0; round < rounds; round++) taken.push(await coldLoad(browser, path, control))
  times[name] = median(taken)
}
await browser.close()
await server.stop()
await rm(folder, { recursive: true })
say({ secrets, agents, times })

async function filled(): Promise<string> {
  const vault = await fullVault(secrets, partsIn(folder))
  await fill(agents - 1, async (at) => {
    const { agent } = await vault.owner.agents.create({ name: `agent-${at}` })
    await vault.owner.policies.create({
      ...{ vault_id: vault.vaultId, secret_path_pattern: pathOf(at), permissions: ['read'] },
      ...{ principal_type: 'agent', principal_id: agent.id },
    })
  })
  await vault.close()
  return vault.vaultId
}

/** A trial click waits until the control is shown, stands still and is covered by nothing. */
async function coldLoad(browser: Browser, path: string, control: string): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  const headers = { origin: server.url }
  const signedIn = await context.request.post(`${server.url}/login`, { form: person, headers, maxRedirects: 0 })
  if (signedIn.status() !== 303) throw new Error(`the sign-in answered ${signedIn.status()}`)
  const page = await context.newPage()
  const started = performance.now()
  await page.goto(server.url + path, { waitUntil: 'commit' })
  await page.locator(control).first().click({ trial: true, timeout: 60_000 })
  const taken = performance.now() - started
  await context.close()
  return taken
}

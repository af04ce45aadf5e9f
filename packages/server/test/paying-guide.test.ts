import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { systemClock } from '@pawl/core/ports/reference'
import { expect, test, vi } from 'vitest'
import { startAnvil } from '../../../tools/real-parts/anvil.ts'
import { pathWithPawl } from '../../../tools/real-parts/pawl.ts'
import { chainsOf } from '../src/host/chains.ts'
import { password, served } from './pages.ts'

// Goal: what docs/an-agent-that-pays.md says can be pasted, and money moves on a real node. Method: its commands are typed in
// the order of the guide, with anvil as the chain.

const guide = readFileSync(new URL('../../../docs/an-agent-that-pays.md', import.meta.url), 'utf8')
const blocks = [...guide.matchAll(/```sh\n(.*?)```/gs)].map(([, lines = '']) => lines)
const shop = '0x000000000000000000000000000000000000dEaD'

test('an agent pays, is stopped by its limit, pays with an approval, and the audit log has it', {
  timeout: 120_000,
}, async () => {
  await using node = await startAnvil({ chainId: 11_155_111 })
  // The node makes the block of a transaction shortly after it has taken it.
  const arrived = (amount: bigint) =>
    vi.waitFor(
      async () => expect(BigInt(String(await node.ask('eth_getBalance', shop, 'latest')))).toBe(amount),
      10_000,
    )
  const work: Parameters<typeof served>[0] = async (world, url) => {
    const folder = mkdtempSync(join(tmpdir(), 'pawl-paying-'))
    await world.owner.accounts.setPassword({ password, password_confirm: password })
    const { api_key } = await world.owner.auth.createApiKey({ name: 'owner' })
    const env: Record<string, string> = {
      ...{ PATH: pathWithPawl(), HOME: folder, PAWL_CONFIG_DIR: folder, PAWL_URL: url, NODE_URL: node.url },
      ...{ PAWL_API_KEY: api_key.reveal(), OWN_PASSWORD: password },
    }
    const run = async (script: string) => {
      const child = spawn('bash', ['-ec', `exec 2>&1\n${script}`], { env, stdio: ['ignore', 'pipe', 'inherit'] })
      const ended = once(child, 'close')
      const printed = await text(child.stdout)
      return { printed, status: (await ended)[0] as number }
    }
    const type = async (script: string) => {
      const { printed, status } = await run(script)
      expect([status, printed], script).toEqual([0, expect.anything()])
      return printed
    }
    const [
      create = '',
      key = '',
      fund = '',
      pay = '',
      list = '',
      over = '',
      raise = '',
      large = '',
      approve = '',
      audit = '',
    ] = blocks
    try {
      const made = await type(create)
      env.AGENT_KEY = /ocv_[\w-]+/.exec(made)?.[0] ?? ''
      env.AGENT_ID = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(made)?.[0] ?? ''
      env.ADDRESS = /0x[0-9a-fA-F]{40}\b/.exec(await type(key))?.[0] ?? ''
      await type(fund)

      expect(await type(pay)).toContain('broadcast')
      await arrived(5n * 10n ** 17n)
      expect(await type(list)).toContain(shop)

      const refused = await run(over)
      expect(refused.status).not.toBe(0)
      expect(refused.printed).toContain('tx_daily_limit')
      await type(raise)

      const waiting = JSON.parse(await type(large))
      expect(waiting).toMatchObject({ status: 'awaiting_approval' })
      env.APPROVAL_ID = waiting.approval_id
      await arrived(5n * 10n ** 17n)
      await type(approve)
      await world.pawl.runJobs()
      const paid = await world.owner.intents.get({ agent_id: env.AGENT_ID, tx_id: waiting.id })
      expect(paid).toMatchObject({ status: 'broadcast' })
      await arrived(25n * 10n ** 17n)

      const [events = '', check = ''] = audit.split('\n')
      expect(await type(events)).toContain('transaction.sign')
      await type(check)
    } finally {
      rmSync(folder, { recursive: true })
    }
  }
  await served(work, { clock: systemClock, chains: chainsOf({ PAWL_RPC_SEPOLIA: [node.url] }, []) })
})

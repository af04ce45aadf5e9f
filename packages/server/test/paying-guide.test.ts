import { readFileSync } from 'node:fs'
import { systemClock } from '@pawl/core/ports/reference'
import { privateKeyToAccount } from 'viem/accounts'
import { expect, test, vi } from 'vitest'
import { startAnvil } from '../../../tools/real-parts/anvil.ts'
import { deploySafe } from '../../../tools/real-parts/safe.ts'
import { isLong } from '../../../tools/test-run/index.ts'
import { chainsOf } from '../src/host/chains.ts'
import { guideShell } from './guide-shell.ts'
import { password, served } from './pages.ts'

// Goal: what docs/an-agent-that-pays.md and docs/treasury.md say can be pasted, and money moves on a real node. Method: their
// commands are typed in the order of the guides, with anvil as the chain.

function blocksOf(name: string): readonly string[] {
  const guide = readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8')
  return [...guide.matchAll(/```sh\n(.*?)```/gs)].map(([, lines = '']) => lines)
}
const shop = '0x000000000000000000000000000000000000dEaD'

const isFollowed = isLong('the guides to paying and to a treasury')

test.runIf(isFollowed)(
  'an agent pays, is stopped by its limit, pays with an approval, and signs for a treasury with a human',
  {
    timeout: 120_000,
  },
  async () => {
    await using node = await startAnvil({ chainId: 11_155_111 })
    // The node makes the block of a transaction shortly after it has taken it.
    const arrived = (amount: bigint) =>
      vi.waitFor(
        async () => expect(BigInt(String(await node.ask('eth_getBalance', shop, 'latest')))).toBe(amount),
        10_000,
      )
    const work: Parameters<typeof served>[0] = async (world, url) => {
      await world.owner.accounts.setPassword({ password, password_confirm: password })
      const { api_key } = await world.owner.auth.createApiKey({ name: 'owner' })
      const env: Record<string, string> = {
        NODE_URL: node.url,
        PAWL_API_KEY: api_key.reveal(),
        OWN_PASSWORD: password,
      }
      const { run, type, forget } = guideShell(url, env)
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
        shadow = '',
        enforce = '',
        freeze = '',
        audit = '',
      ] = blocksOf('an-agent-that-pays.md')
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
        await type(`printf %s "$OWN_PASSWORD" | ${approve}`)
        await world.pawl.runJobs()
        const paid = await world.owner.intents.get({ agent_id: env.AGENT_ID, tx_id: waiting.id })
        expect(paid).toMatchObject({ status: 'broadcast' })
        await arrived(25n * 10n ** 17n)

        const tried = await type(shadow)
        expect(tried).toMatch(/"outcome": ?"logged"/)
        expect(tried).toContain('tx_max_value')
        await arrived(3n * 10n ** 18n)
        expect(await type(enforce)).toMatch(/"would_refuse": ?[1-9]/)
        expect((await run(pay.split('\n').at(-2) ?? '')).printed).toContain('tx_max_value')
        await type(freeze)
        expect((await run(pay.split('\n').at(-2) ?? '')).printed).toContain('frozen')

        const [events = '', check = ''] = audit.split('\n')
        expect(await type(events)).toContain('transaction.sign')
        await type(check)

        const agent_id = env.AGENT_ID
        await world.owner.guardrails.unfreeze({ agent_id, auth_confirm: password })
        await world.owner.agents.update({ agent_id, tx_max_value: '1' })
        await treasuryGuide(node, env, type)
        await arrived(35n * 10n ** 17n)
      } finally {
        forget()
      }
    }
    await served(work, { clock: systemClock, chains: chainsOf({ PAWL_RPC_SEPOLIA: [node.url] }, []) })
  },
)

const human = privateKeyToAccount(`0x${'42'.repeat(32)}`)

/** The same agent is one of two owners of a Safe. */
async function treasuryGuide(
  node: Awaited<ReturnType<typeof startAnvil>>,
  env: Record<string, string>,
  type: (script: string) => Promise<string>,
): Promise<void> {
  const [register = '', owners = '', propose = '', sign = '', signAsAgent = '', look = ''] = blocksOf('treasury.md')
  const idIn = (printed: string) => /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(printed)?.[0] ?? ''
  const safe = await deploySafe(node, [human.address, env.ADDRESS ?? ''], 2)
  await node.ask('anvil_setBalance', safe, '0x8ac7230489e80000')
  Object.assign(env, { SAFE_ADDRESS: safe, OWNER_ADDRESS: human.address })
  env.TREASURY_ID = idIn(await type(register))
  await type(owners)
  const proposed = await type(propose)
  env.PROPOSAL_ID = idIn(proposed)
  const [hash] = /0x[0-9a-f]{64}/.exec(proposed) ?? []
  env.SIGNATURE = await human.sign({ hash: hash as `0x${string}` })
  expect(await type(sign)).toContain('pending')
  expect(await type(signAsAgent)).toContain('executing')
  expect(await type(look)).toMatch(/execut(ing|ed)/)
}

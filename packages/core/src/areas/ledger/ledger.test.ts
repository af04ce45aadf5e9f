import type { World } from '@pawl/testkit/world'
import { testPawl } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import { mint } from '../../../test/trial-mint.ts'

type Minting = Awaited<ReturnType<typeof open>>

const million = 1_000_000n
const code = (wanted: string) => expect.objectContaining({ code: wanted })

const open = () => testPawl({ areas: [mint] })

/** An account of the owner with so many USDC. */
async function funded({ owner }: Minting, usdc: bigint, name = 'Shop'): Promise<string> {
  const { id } = await owner.ledger.createAccount({ name })
  if (usdc > 0n) await owner.mint.credit({ account_id: id, asset: 'USDC', units: usdc * million })
  return id
}

const balanceOf = async ({ owner }: Pick<World, 'owner'>, id: string) =>
  (await owner.ledger.getAccount({ account_id: id })).balances

describe('a transfer between internal accounts', () => {
  it('moves exactly the amount, and both statements tell of it', async () => {
    await using world = await open()
    const { ledger } = world.owner
    const [from, to] = [await funded(world, 10n), await funded(world, 0n, 'Savings')]
    const ids = { from_account_id: from, to_account_id: to }
    const sent = await ledger.transfer({ ...ids, asset: 'USDC', amount: '2.500000', memo: 'October' })
    expect(sent).toMatchObject({ ...ids, amount: '2.5', status: 'completed', initiated_by: world.ownerId })
    expect(await balanceOf(world, from)).toEqual([{ asset: 'USDC', balance: '7.5' }])
    expect(await balanceOf(world, to)).toEqual([{ asset: 'USDC', balance: '2.5' }])
    const reason = { reference_type: 'transfer', reference_id: sent.id, memo: 'October', amount: '2.5', asset: 'USDC' }
    const debit = { ...reason, account_id: from, counterpart_account_id: to, direction: 'debit' }
    const { entries, total } = await ledger.listEntries({ account_id: from })
    expect(entries).toMatchObject([debit, { direction: 'credit', reference_type: 'deposit', amount: '10' }])
    expect(total).toBe(2)
    const credit = { ...reason, account_id: to, counterpart_account_id: from, direction: 'credit' }
    expect(await ledger.listEntries({ account_id: to })).toMatchObject({ entries: [credit], total: 1 })
    const { events } = await world.owner.audit.events({ action: 'internal_transfer.create' })
    expect(events[0]?.details).toMatchObject({ asset: 'USDC', amount: '2.5' })
  })

  it('of more than the account has moves nothing', async () => {
    await using world = await open()
    const [from, to] = [await funded(world, 10n), await funded(world, 0n)]
    const ids = { from_account_id: from, to_account_id: to }
    const refused = world.owner.ledger.transfer({ ...ids, asset: 'USDC', amount: '10.000001' })
    await expect(refused).rejects.toEqual(code('insufficient_balance'))
    await expect(world.owner.ledger.transfer({ ...ids, asset: 'ETH', amount: '1' })).rejects.toEqual(
      code('insufficient_balance'),
    )
    expect(await balanceOf(world, from)).toEqual([{ asset: 'USDC', balance: '10' }])
    expect(await world.owner.ledger.listEntries({ account_id: to })).toEqual({ entries: [], total: 0 })
    await world.owner.ledger.transfer({ ...ids, asset: 'USDC', amount: '10' })
    expect(await balanceOf(world, from)).toEqual([{ asset: 'USDC', balance: '0' }])
  })

  it.each(['', '0', '0.0', '-1', '+1', '1e3', '0x10', '1.', '.5', '01', '1.0000001', ' ', '1,5', '٣', '9'.repeat(90)])(
    'does not take the amount "%s"',
    async (amount) => {
      await using world = await open()
      const [from, to] = [await funded(world, 10n), await funded(world, 0n)]
      const wanted = { from_account_id: from, to_account_id: to, asset: 'USDC' as const, amount }
      const fields = { amount: expect.any(String) }
      await expect(world.owner.ledger.transfer(wanted)).rejects.toMatchObject({
        code: 'invalid_input',
        data: { fields },
      })
    },
  )

  it('goes only from an own account, to another one of the same organisation', async () => {
    await using world = await open()
    const { owner: stranger } = await world.otherOrg()
    const { as: member } = await world.member()
    const [from, to] = [await funded(world, 10n), await funded(world, 0n)]
    const { id: theirs } = await member.ledger.createAccount({ name: 'Hers' })
    const { id: foreign } = await stranger.ledger.createAccount({ name: 'Elsewhere' })
    const outside =
      (await world.owner.ledger.listEntries({ account_id: from })).entries[0]?.counterpart_account_id ?? ''
    const wanted = { from_account_id: from, to_account_id: to, asset: 'USDC', amount: '1' } as const
    const missing = code('internal_account_not_found')
    await expect(member.ledger.transfer(wanted)).rejects.toEqual(missing)
    await expect(stranger.ledger.transfer(wanted)).rejects.toEqual(missing)
    for (const to_account_id of [foreign, outside]) {
      await expect(world.owner.ledger.transfer({ ...wanted, to_account_id })).rejects.toEqual(missing)
    }
    for (const from_account_id of [theirs, outside]) {
      await expect(world.owner.ledger.transfer({ ...wanted, from_account_id })).rejects.toEqual(missing)
    }
    await expect(world.owner.ledger.transfer({ ...wanted, to_account_id: from })).rejects.toEqual(code('invalid_input'))
    await world.owner.ledger.transfer({ ...wanted, to_account_id: theirs })
    expect(await member.ledger.listAccounts()).toMatchObject({ accounts: [{ balances: [{ balance: '1' }] }] })
    await expect(member.ledger.getAccount({ account_id: from })).rejects.toEqual(missing)
    await expect(member.ledger.listEntries({ account_id: from })).rejects.toEqual(missing)
  })

  it('is made once for an Idempotency-Key, however many calls have it at once', async () => {
    await using world = await open()
    const [from, to] = [await funded(world, 10n), await funded(world, 0n)]
    const wanted = { from_account_id: from, to_account_id: to, asset: 'USDC', amount: '1' } as const
    const options = { idempotencyKey: 'rent-october' }
    const sent = await Promise.all(Array.from({ length: 20 }, () => world.owner.ledger.transfer(wanted, options)))
    expect(new Set(sent.map(({ id }) => id)).size).toBe(1)
    expect(await balanceOf(world, to)).toEqual([{ asset: 'USDC', balance: '1' }])
    const other = world.owner.ledger.transfer({ ...wanted, amount: '2' }, options)
    await expect(other).rejects.toEqual(code('idempotency_key_reused'))
  })

  it('is never refused for being one of 50 at once out of one account', async () => {
    await using world = await open()
    const [from, ...to] = [await funded(world, 50n), await funded(world, 0n), await funded(world, 0n)]
    const sent = await Promise.all(
      Array.from({ length: 50 }, (_, at) =>
        world.owner.ledger.transfer({
          from_account_id: from,
          to_account_id: to[at % 2] ?? '',
          asset: 'USDC',
          amount: '1',
        }),
      ),
    )
    expect(sent).toHaveLength(50)
    expect(await balanceOf(world, from)).toEqual([{ asset: 'USDC', balance: '0' }])
  })
})

describe('an internal account', () => {
  it('has a statement in pages, the newest first', async () => {
    await using world = await open()
    const account_id = await funded(world, 0n)
    for (let units = 1n; units <= 7n; units++) await world.owner.mint.credit({ account_id, asset: 'ETH', units })
    const page = async (limit: number, offset: number) => {
      const { entries, total } = await world.owner.ledger.listEntries({ account_id, limit, offset })
      expect(total).toBe(7)
      return entries.map(({ amount }) => Number(amount) * 1e18)
    }
    expect(await page(3, 0)).toEqual([7, 6, 5])
    expect(await page(3, 3)).toEqual([4, 3, 2])
    expect(await page(3, 6)).toEqual([1])
    expect(await page(3, 7)).toEqual([])
  })

  it('keeps its money when its owner is removed, and passes to the owner of the organisation', async () => {
    await using world = await open()
    const { id: user_id, as: member } = await world.member()
    const { id: account_id } = await member.ledger.createAccount({ name: 'Hers' })
    await world.owner.mint.credit({ account_id, asset: 'USDC', units: million })
    await world.owner.orgs.removeMember({ user_id })
    await world.pawl.runJobs()
    const { accounts } = await world.owner.ledger.listAccounts()
    expect(accounts).toMatchObject([{ id: account_id, user_id: world.ownerId, balances: [{ balance: '1' }] }])
  })

  it('of the organisation itself is the other side of every deposit, and only owners and admins see it', async () => {
    await using world = await open()
    const own = await funded(world, 3n)
    const { as: member } = await world.member()
    const { as: admin } = await world.member({ role: 'admin' })
    const outside = (await world.owner.ledger.listEntries({ account_id: own })).entries[0]?.counterpart_account_id ?? ''
    expect(await admin.ledger.getAccount({ account_id: outside })).toMatchObject({
      name: 'Outside',
      balances: [{ asset: 'USDC', balance: '-3' }],
    })
    await expect(member.ledger.getAccount({ account_id: outside })).rejects.toEqual(code('internal_account_not_found'))
    expect((await admin.ledger.listAccounts()).accounts).toEqual([])
  })

  it('is nothing for agents', async () => {
    await using world = await open()
    const { as: agent } = await world.agent()
    await expect(agent.ledger.createAccount({ name: 'Mine' })).rejects.toMatchObject({ kind: 'denied' })
    await expect(agent.ledger.listAccounts()).rejects.toMatchObject({ kind: 'denied' })
  })
})

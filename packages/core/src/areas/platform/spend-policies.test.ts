import { testPawl } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import { limitsOf, strictest } from './spend-policies.ts'

// Goal: of the spend policies of an app and of a user, the strictest holds, whatever their order. Method: the pure function
// with policies that widen and narrow each other, and the operations in a whole engine.

const of = (...given: Parameters<typeof limitsOf>[0][]) => strictest(given.map(limitsOf))

describe('the effective spend policy', () => {
  it.each([
    ['0.5', '0.05'],
    ['10', '9.999999999999999999999999999999999999'],
    ['100000000000000000000', '99999999999999999999'],
    ['1.10', '1.1'],
  ])('of %s and %s is the lower amount, compared without rounding', (high, low) => {
    const limits = [{ daily_limit_eth: high }, { daily_limit_eth: low }]
    const shown = of(...limits).dailyLimitEth
    expect([low, high].indexOf(shown ?? '') === 0 || Number(high) === Number(low)).toBe(true)
    expect(Number(of(...limits.toReversed()).dailyLimitEth)).toBe(Number(low))
  })

  it('allows what all lists allow, forbids what any list forbids, and an empty list says nothing', () => {
    expect(
      of(
        { to_allowlist: ['0xa', '0xb'], to_denylist: ['0xc'], allowed_chains: [], max_transactions_per_day: 5 },
        { to_allowlist: ['0xb', '0xd'], to_denylist: ['0xe'], allowed_tokens: ['USDC'] },
      ),
    ).toEqual({
      ...{ toAllowlist: ['0xb'], toDenylist: ['0xc', '0xe'], allowedChains: null, allowedTokens: ['USDC'] },
      ...{ maxValuePerTxEth: null, dailyLimitEth: null, maxTransactionsPerDay: 5 },
    })
  })

  it('allows nothing when no address is in both lists', () => {
    expect(of({ to_allowlist: ['0xa'] }, { to_allowlist: ['0xb'] }).toAllowlist).toEqual([])
  })
})

describe('spend policies', () => {
  it('are set for an app and for one user, and each user has one', async () => {
    await using world = await testPawl()
    const { id: app_id, api_key } = await world.owner.platform.createApp({ name: 'x', slug: 'my-defi' })
    const { platform } = world.pawl.as(api_key.reveal())
    const { connection_id, user_handle } = await platform.upsertUser({ email: 'user@example.com' })
    const ofApp = await platform.createSpendPolicy({ app_id, daily_limit_eth: '1' })
    const first = await platform.setUserSpendPolicy({ connection_id, daily_limit_eth: '2' })
    const second = await platform.setUserSpendPolicy({ connection_id, max_transactions_per_day: 3 })
    expect(second).toMatchObject({ id: first.id, user_id: user_handle, daily_limit_eth: null })
    expect((await platform.listSpendPolicies({ app_id })).policies.map(({ id }) => id).sort()).toEqual(
      [ofApp.id, first.id].sort(),
    )
    await platform.deleteSpendPolicy({ app_id, policy_id: ofApp.id })
    await expect(platform.deleteSpendPolicy({ app_id, policy_id: ofApp.id })).rejects.toMatchObject({
      code: 'spend_policy_not_found',
    })
    const bad = platform.createSpendPolicy({ app_id, daily_limit_eth: '1e3' })
    await expect(bad).rejects.toMatchObject({ data: { fields: { daily_limit_eth: expect.any(String) } } })
  })
})

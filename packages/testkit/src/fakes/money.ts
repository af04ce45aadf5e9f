import type { BankrWanted, MoneyServices, OfframpWanted, OnrampWanted, SwapQuote, SwapWanted } from '@pawl/core/ports'

export interface FakeMoney {
  /** The services, for the option `moneyServices` of `createPawl`. */
  readonly services: Required<MoneyServices>
  /** What was asked for, in order. */
  readonly asked: {
    readonly swaps: SwapWanted[]
    readonly onramps: OnrampWanted[]
    readonly offramps: OfframpWanted[]
    readonly leases: BankrWanted[]
  }
  /** The keys that are leased and not revoked. */
  readonly leased: Set<string>
  /** From then on, each call throws this. Null: they work. */
  failWith: Error | null
}

export interface FakeMoneyOptions {
  /** Changes quotes, such as to the calldata of a real exchange. */
  readonly quote?: (quote: SwapQuote, wanted: SwapWanted) => SwapQuote
}

/**
 * Services for wallets in memory. A swap costs one for one, and its call has no calldata. No money moves.
 *
 * @example
 * const money = fakeMoney()
 * await using world = await testPawl({ moneyServices: money.services })
 */
export function fakeMoney({ quote = (one) => one }: FakeMoneyOptions = {}): FakeMoney {
  const asked: FakeMoney['asked'] = { swaps: [], onramps: [], offramps: [], leases: [] }
  const leased = new Set<string>()
  const answer = async <T>(work: () => T): Promise<T> => {
    if (fake.failWith) throw fake.failWith
    return work()
  }
  const exchange = '0x00000000000000000000000000000000000E0001'
  const fake: FakeMoney = {
    asked,
    leased,
    failWith: null,
    services: {
      swaps: {
        quote: (wanted) =>
          answer(() => {
            asked.swaps.push(wanted)
            const { sellToken, sellAmount } = wanted
            const isNative = sellToken === null
            const call = { to: exchange, data: '0x', value: isNative ? sellAmount : 0n, gasLimit: 90_000n }
            return quote({ ...call, spender: isNative ? null : exchange, buyAmount: sellAmount }, wanted)
          }),
      },
      fiatRamp: {
        provider: 'fake',
        onramp: (wanted) =>
          answer(() => {
            asked.onramps.push(wanted)
            return { url: `https://ramp.example/buy/${asked.onramps.length}` }
          }),
        offramp: (wanted) =>
          answer(() => {
            const id = `offramp-${asked.offramps.push(wanted)}`
            return { id, url: `https://ramp.example/sell/${id}`, status: 'pending' }
          }),
      },
      bankr: {
        lease: (wanted) =>
          answer(() => {
            const number = asked.leases.push(wanted)
            leased.add(`key-${number}`)
            return { keyId: `key-${number}`, apiKey: `bk_usr_${'0'.repeat(16)}${number}` }
          }),
        revoke: ({ keyId }) => answer(() => void leased.delete(keyId)),
      },
    },
  }
  return fake
}

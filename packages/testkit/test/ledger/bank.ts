import { PawlError } from '@pawl/core'
import { memoryHsm } from '@pawl/core/ports/reference'
import { expect } from 'vitest'
import { nodeCrypto } from '../../../adapters/src/crypto/node.ts'
import { mint } from '../../../core/test/trial-mint.ts'
import type { AnyStorage } from '../../src/conformance/storage.ts'
import { mortal } from '../../src/faults/process.ts'
import { testPawl } from '../../src/world/index.ts'

const units = 1_000_000n

/** How the storage of each engine on one store is opened, first and after a crash. */
export interface Stores {
  readonly open: readonly [() => AnyStorage, ...(() => AnyStorage)[]]
}

export interface Move {
  /** Numbers of accounts. */
  readonly from: number
  readonly to: number
  /** In whole USDC. */
  readonly amount: bigint
  readonly key: string | null
}

/** Internal accounts of one owner, on one or several engines that can die. */
export interface Bank {
  /** The ID of the transfer. Null: the account has too little. */
  transfer(engine: number, move: Move): Promise<string | null>
  credit(engine: number, to: number, amount: bigint): Promise<void>
  /** Checks that every entry has its counterpart and every balance its entries. Answers the balances in whole USDC. */
  books(): Promise<bigint[]>
  /** Ends an engine in the middle of everything. Its calls get no answer. Another one goes on. */
  kill(engine: number): Promise<void>
  /** Resolves when this engine has died. */
  death(engine: number): Promise<void>
  close(): Promise<void>
}

/** Opens a bank with so many accounts. */
export async function openBank({ open }: Stores, accountCount = 3): Promise<Bank> {
  const hsm = memoryHsm()
  let lives = 0
  const start = async (storageOf: () => AnyStorage) => {
    const storage = storageOf()
    const process = mortal({ storage, hsm, keyStores: {}, mailer: { send: async () => {} } })
    const options = { storage: process.ports.storage, hsm, areas: [mint] as const, crypto: nodeCrypto() }
    const world = await testPawl({ ...options, seed: `engine ${lives++}` })
    return { storage, process, world }
  }
  const engines: Awaited<ReturnType<typeof start>>[] = []
  for (const one of open) engines.push(await start(one))
  const at = (engine: number) => engines[engine % engines.length] as (typeof engines)[number]
  const ids: string[] = []
  for (let made = 0; made < accountCount; made++) {
    ids.push((await at(0).world.owner.ledger.createAccount({ name: `Account ${made}` })).id)
  }
  const idOf = (account: number) => ids[account] ?? ''

  return {
    transfer: (engine, { from, to, amount, key }) => {
      const wanted = {
        from_account_id: idOf(from),
        to_account_id: idOf(to),
        asset: 'USDC',
        amount: `${amount}`,
      } as const
      const call = at(engine).world.owner.ledger.transfer(wanted, key === null ? {} : { idempotencyKey: key })
      return call.then(
        ({ id }) => id,
        (error: unknown) => {
          if (error instanceof PawlError && error.code === 'insufficient_balance') return null
          throw error
        },
      )
    },
    credit: async (engine, to, amount) => {
      await at(engine).world.owner.mint.credit({ account_id: idOf(to), asset: 'USDC', units: amount * units })
    },
    books: async () => {
      const { ledger } = at(0).world.owner
      const legs = new Map<string, bigint[]>()
      let outside: string | null = null
      const balanceOf = async (account_id: string) => {
        let sum = 0n
        for (let offset = 0; ; offset += 200) {
          const { entries, total } = await ledger.listEntries({ account_id, limit: 200, offset })
          for (const { amount, direction, reference_type, reference_id, counterpart_account_id } of entries) {
            const signed = (direction === 'credit' ? 1n : -1n) * BigInt(amount)
            sum += signed
            legs.set(reference_id, [...(legs.get(reference_id) ?? []), signed])
            if (reference_type === 'deposit' && account_id !== outside) outside = counterpart_account_id
          }
          if (offset + entries.length >= total) break
        }
        const { balances } = await ledger.getAccount({ account_id })
        expect(BigInt(balances[0]?.balance ?? '0')).toBe(sum)
        return sum
      }
      const balances: bigint[] = []
      for (const id of ids) balances.push(await balanceOf(id))
      for (const balance of balances) expect(balance).toBeGreaterThanOrEqual(0n)
      const total = balances.reduce((sum, one) => sum + one, outside === null ? 0n : await balanceOf(outside))
      expect(total).toBe(0n)
      for (const [one = 0n, other = 0n, ...more] of legs.values()) expect([one + other, more]).toEqual([0n, []])
      return balances
    },
    kill: async (engine) => {
      const place = engine % engines.length
      const { process, storage } = at(engine)
      process.die()
      await storage.close()
      const again = open[place]
      if (again) engines[place] = await start(again)
    },
    death: (engine) => at(engine).process.death,
    close: async () => {
      for (const { world } of engines) await world.close()
    },
  }
}

import { minute } from '../../kernel/time.ts'
import { sweepTask } from '../../operations/index.ts'
import type { ChainAccount } from '../../ports/chain.ts'
import { kind, type Unit } from '../../records/index.ts'

// Bitcoin and Cardano spend outputs. The engine locks the outputs of a signed transaction until nodes no longer report them as
// unspent. So two transactions of one address never spend the same output.

/** An output that a signed transaction spends. Global, because its name is the same for everyone. */
interface OutputLock {
  readonly id: string
  /** The chain and the address. */
  readonly owner: string
  readonly endsAt: number
}

export const outputLockKind = kind<OutputLock>('outputLock', {
  scope: 'global',
  indexes: { owner: { key: ({ owner }) => [owner] }, ends: { key: ({ endsAt }) => [endsAt] } },
})

export const outputLocksTask = sweepTask('output-locks.sweep', outputLockKind)

const lockMs = 5 * minute

/** The account without the outputs that other transactions spend. */
export function withoutLocked(
  { unit, now }: { readonly unit: Unit; readonly now: number },
  chain: string,
  address: string,
  account: ChainAccount | null,
): ChainAccount | null {
  if (account?.model !== 'outputs') return account
  const locks = unit.list(outputLockKind, 'owner', ownerOf(chain, address)).filter(({ endsAt }) => endsAt > now)
  const locked = new Set(locks.map(({ id }) => id))
  const isFree = ({ transactionId, index }: { readonly transactionId: string; readonly index: number }) =>
    !locked.has(lockId(chain, `${transactionId}:${index}`))
  return { ...account, outputs: account.outputs.filter(isFree) }
}

/** Stages that outputs are locked. Of two units that take the same output, one runs again. */
export function lockOutputs(
  { unit, now }: { readonly unit: Unit; readonly now: number },
  chain: string,
  address: string,
  outputs: readonly string[],
): void {
  for (const output of outputs) {
    const id = lockId(chain, output)
    // Read first, because an old lock can be there.
    unit.get(outputLockKind, id)
    unit.put(outputLockKind, { id, owner: ownerOf(chain, address), endsAt: now + lockMs })
  }
}

function ownerOf(chain: string, address: string): string {
  return `${chain} ${address}`
}

function lockId(chain: string, output: string): string {
  return `${chain} ${output}`
}

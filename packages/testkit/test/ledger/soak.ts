import { seededRandom } from '@pawl/core/ports/reference'
import { expect } from 'vitest'
import { testSeed } from '../../../../tools/test-run/index.ts'
import { type Bank, type Move, openBank, type Stores } from './bank.ts'

const accounts = 6
const atOnce = 40
/** One batch in so many is cut off. */
const killedEvery = 4

export interface Soaked {
  readonly moved: number
  readonly refused: number
  /** Calls that got no answer because their engine died. */
  readonly cutOff: number
}

/**
 * Moves money at random, many calls at once. Sometimes an engine dies in the middle, and every call is repeated with its key on
 * the next one. In the end, exactly the answered transfers have happened, each once.
 */
export async function soak(stores: Stores, operations: number): Promise<Soaked> {
  const bank = await openBank(stores, accounts)
  const draw = drawer()
  const balances = Array.from({ length: accounts }, () => 1_000n)
  for (const [to, amount] of balances.entries()) await bank.credit(0, to, amount)
  let [moved, refused, unheard] = [0, 0, 0]
  for (let done = 0; done < operations; done += atOnce) {
    const moves = Array.from({ length: Math.min(atOnce, operations - done) }, (_, at) =>
      moveOf(draw, `move-${done + at}`),
    )
    const isCut = (done / atOnce) % killedEvery === 0
    if (isCut) unheard += await cutOff(bank, moves, draw)
    // The first answer stays the answer, so after a kill everything is asked for again.
    const answers = await Promise.all(moves.map((one, at) => bank.transfer(at, one)))
    for (const [at, { from, to, amount }] of moves.entries()) {
      if (answers[at] === null) refused++
      else {
        moved++
        balances[from] = (balances[from] ?? 0n) - amount
        balances[to] = (balances[to] ?? 0n) + amount
      }
    }
  }
  expect(await bank.books()).toEqual(balances)
  await bank.close()
  return { moved, refused, cutOff: unheard }
}

/** Kills an engine after some turns of the event loop. Answers how many calls got no answer. */
async function cutOff(bank: Bank, moves: readonly Move[], draw: (below: number) => number): Promise<number> {
  const engine = draw(2)
  const heard = new Map<number, string | null>()
  const calls = moves.map(async (one, at) => {
    const death = bank.death(at).then(() => undefined)
    const answer = await Promise.race([bank.transfer(at, one), death])
    if (answer !== undefined) heard.set(at, answer)
  })
  for (let turns = draw(30); turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve))
  await bank.kill(engine)
  await Promise.all(calls)
  for (const [at, one] of moves.entries()) {
    const known = heard.get(at)
    if (known) expect(await bank.transfer(at, one)).toBe(known)
  }
  return moves.length - heard.size
}

function moveOf(draw: (below: number) => number, key: string): Move {
  const from = draw(accounts)
  const to = (from + 1 + draw(accounts - 1)) % accounts
  return { from, to, amount: BigInt(1 + draw(600)), key }
}

/** Whole numbers below a bound, the same in each run with the seed. */
function drawer(): (below: number) => number {
  const random = seededRandom(`soak ${testSeed}`)
  return (below) => {
    const [high = 0, low = 0] = random.bytes(2)
    return (high * 256 + low) % below
  }
}

import type { Effects } from '../../../families/index.ts'
import { allowed, effectsIn, foldedAddress, type Rule, refused, sameAddress } from '../rule.ts'

/**
 * Everyone who gets money, tokens or a right to tokens must be on every list, also inside of calldata. So must every contract
 * that is called, except the token of a transfer: that is a matter of the token lists.
 */
export const recipients: Rule = {
  name: 'tx_to_allowlist',
  judge: (facts) => {
    const effects = effectsIn(facts)
    const lists = facts.layers.flatMap(({ toAllowlist }) => (toAllowlist?.length ? [toAllowlist] : []))
    if (lists.length === 0 || !effects) return null
    const isListed = (address: string) => lists.every((list) => list.some((one) => sameAddress(one, address)))
    const stranger = reachedBy(effects).find((address) => !isListed(address))
    return stranger === undefined
      ? allowed('All recipients are on the list.')
      : refused('not_listed', `The agent may not send to ${stranger}.`, { attempted: stranger })
  },
}

function reachedBy({ transfers, approvals, calls }: Effects): string[] {
  const tokens = new Set(
    [...transfers, ...approvals].flatMap(({ token }) => (token === null ? [] : [foldedAddress(token)])),
  )
  return [
    ...transfers.map(({ to }) => to),
    ...approvals.map(({ spender }) => spender),
    ...calls.flatMap(({ to }) => (tokens.has(foldedAddress(to)) ? [] : [to])),
  ]
}

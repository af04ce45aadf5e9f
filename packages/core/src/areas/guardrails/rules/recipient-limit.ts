import { showAmount } from '../../../families/index.ts'
import { floorUnits, sumOf } from '../amounts.ts'
import { sumSince } from '../ledger.ts'
import { allowed, effectsIn, type Facts, foldedAddress, type Rule, refused } from '../rule.ts'

/** The native currency that one recipient gets in 24 hours. */
export const recipientLimit: Rule = {
  name: 'tx_recipient_daily_limit',
  judge: (facts) => {
    const limitText = facts.settings.tx_recipient_daily_limit
    if (limitText === undefined) return null
    const { decimals, currency } = facts.chain
    const limit = floorUnits(limitText, decimals)
    const over = nativeByRecipient(facts).find(
      ({ current, attempted }) => attempted > 0n && current + attempted > limit,
    )
    if (!over) return allowed('No recipient gets more than its limit.', { limit: showAmount(limit, decimals) })
    return refused('limit_exceeded', `One recipient may get at most ${limitText} ${currency} in 24 hours.`, {
      limit: showAmount(limit, decimals),
      current: showAmount(over.current, decimals),
      attempted: showAmount(over.attempted, decimals),
    })
  },
}

function nativeByRecipient(facts: Facts) {
  const native = (effectsIn(facts)?.transfers ?? []).filter(({ token }) => token === null)
  return [...new Set(native.map(({ to }) => foldedAddress(to)))].map((address) => ({
    current: sumSince(facts.recipients.get(address)?.moved ?? [], facts.now),
    attempted: sumOf(native.flatMap(({ to, amount }) => (foldedAddress(to) === address ? [amount ?? 0n] : []))),
  }))
}

import { effectsIn, type Rule, refused, sameAddress } from '../rule.ts'

/** A contract that may act for the signer (EIP-7702) passes every limit from then on. */
export const delegates: Rule = {
  name: 'tx_delegate_allowlist',
  judge: (facts) => {
    if (!facts.looksInside) return null
    const list = facts.settings.tx_delegate_allowlist ?? []
    const stranger = effectsIn(facts)?.delegates.find((one) => !list.some((listed) => sameAddress(listed, one)))
    return stranger === undefined
      ? null
      : refused('not_listed', 'The agent has limits, and this contract could act for it without them.', {
          attempted: stranger,
        })
  },
}

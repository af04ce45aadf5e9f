import { effectsIn, type Rule, refused } from '../rule.ts'

/** A transaction that the server cannot read is refused if any rule would look inside. */
export const readable: Rule = {
  name: 'readable',
  judge: (facts) => {
    const effects = effectsIn(facts)
    if (!facts.looksInside || !effects) return null
    if (effects.opaque !== null) {
      return refused(
        'unreadable',
        `The agent has limits, and the server cannot read the transaction: ${effects.opaque}`,
      )
    }
    const isUnknown = effects.transfers.some(({ token, amount }) => token === null && amount === null)
    return isUnknown
      ? refused('unreadable', 'The agent has limits, and the transaction moves an amount that it does not say.')
      : null
  },
}

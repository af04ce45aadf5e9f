import type { Call } from '../../../families/index.ts'
import { effectsIn, foldedAddress, type Rule, refused } from '../rule.ts'

/** A call of an unknown function could move anything. It is refused if any rule would look inside. */
export const knownCalls: Rule = {
  name: 'tx_unchecked_calls',
  judge: (facts) => {
    const unknown = effectsIn(facts)?.calls.find((call) => isUnknown(call) && !isTrusted(call)) ?? null
    if (!facts.looksInside || !unknown) return null
    return refused(
      'not_listed',
      'The agent has limits, and the server does not know what this call does. A human can add it to tx_unchecked_calls.',
      { attempted: nameOf(unknown) },
    )

    function isTrusted(call: Call): boolean {
      return (facts.settings.tx_unchecked_calls ?? []).some(
        (entry) => entry.toLowerCase() === nameOf(call).toLowerCase(),
      )
    }
  },
}

function isUnknown({ selector, function: known }: Call): boolean {
  return selector !== null && known === null
}

function nameOf({ to, selector }: Call): string {
  return `${foldedAddress(to)}:${selector}`
}

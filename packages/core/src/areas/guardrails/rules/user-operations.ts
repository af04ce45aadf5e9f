import { effectsIn, foldedAddress, type Rule, refused } from '../rule.ts'

/** The entry points of ERC-4337, versions 0.6 to 0.8. */
const entryPoints: ReadonlySet<string> = new Set([
  '0x5ff137d4b0fdcd49dca30c7cf57e578a026d2789',
  '0x0000000071727de22e5e9d8baf0edac6f37da032',
  '0x4337084d9e255ff0702461cf8895ce9e3b5ff108',
])

/** A user operation acts for another account, whose money no limit of this agent counts. */
export const userOperations: Rule = {
  name: 'tx_user_operations_enabled',
  judge: (facts) => {
    if (!facts.looksInside || facts.settings.tx_user_operations_enabled) return null
    const call = effectsIn(facts)?.calls.find(
      ({ to, function: known }) =>
        entryPoints.has(foldedAddress(to)) || /^handle(?:Aggregated)?Ops\(/.test(known ?? ''),
    )
    return call
      ? refused('not_enabled', 'The agent has limits, and may not sign ERC-4337 operations.', { attempted: call.to })
      : null
  },
}

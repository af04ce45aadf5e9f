import { type Rule, refused } from '../rule.ts'

export const orgIsFrozen = refused(
  'frozen',
  'The organisation is frozen. Pawl signs nothing for it until a human ends the freeze.',
)

/** Nothing is signed while the agent or its organisation is frozen. */
export const frozen: Rule = {
  name: 'frozen',
  isSwitch: true,
  judge: ({ ledger, orgFrozen }) => {
    if (orgFrozen) return orgIsFrozen
    if (ledger.frozen)
      return refused('frozen', 'The agent is frozen. Pawl signs nothing for it until a human ends the freeze.')
    return null
  },
}

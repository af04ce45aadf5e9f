import { allowed, effectsIn, type Rule, refused } from '../rule.ts'

/** Types that hand over an account. They must be listed. */
export const takeovers = ['SetRegularKey', 'SignerListSet', 'AccountSet', 'AccountDelete']

export const ledgerTypes: Rule = {
  name: 'xrpl_allowed_tx_types',
  judge: (facts) => {
    const effects = effectsIn(facts)
    if (facts.chain.family !== 'xrp' || !effects) return null
    const list = facts.settings.xrpl_allowed_tx_types ?? []
    const attempted = effects.ledgerType
    const isAllowed = list.length === 0 ? !takeovers.includes(attempted ?? '') : list.includes(attempted ?? '')
    return isAllowed && attempted !== null
      ? allowed('The type is allowed.', { attempted })
      : refused('not_listed', `The agent may not sign transactions of the type ${attempted ?? '(unknown)'}.`, {
          attempted,
        })
  },
}

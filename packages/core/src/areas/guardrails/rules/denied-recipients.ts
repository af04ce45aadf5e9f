import { effectsIn, type Rule, refused, sameAddress } from '../rule.ts'

/** Nobody on a list of denied addresses gets anything, is given a right or is called. No other list allows it. */
export const deniedRecipients: Rule = {
  name: 'to_denylist',
  judge: (facts) => {
    const effects = effectsIn(facts)
    const denied = facts.layers.flatMap(({ toDenylist = [] }) => toDenylist)
    if (denied.length === 0 || !effects) return null
    const reached = [
      ...effects.transfers.map(({ to }) => to),
      ...effects.approvals.map(({ spender }) => spender),
      ...effects.calls.map(({ to }) => to),
    ]
    const attempted = reached.find((address) => denied.some((one) => sameAddress(one, address)))
    return attempted === undefined ? null : refused('not_listed', `The address ${attempted} is denied.`, { attempted })
  },
}

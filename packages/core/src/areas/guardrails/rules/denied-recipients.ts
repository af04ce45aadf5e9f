import { effectsIn, type Rule, refused, sameAddress } from '../rule.ts'

/** Refuses transfers, approvals and calls to an address on a list of denied addresses. No other list overrides this. */
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

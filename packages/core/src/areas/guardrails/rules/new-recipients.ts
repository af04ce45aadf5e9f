import { effectsIn, foldedAddress, type Rule, refused } from '../rule.ts'

/** An address that the agent has not paid before. */
export const newRecipients: Rule = {
  name: 'tx_new_recipients',
  judge: (facts) => {
    const policy = facts.settings.tx_new_recipients
    if (policy === 'allow' || (policy === 'approve' && facts.isApproved)) return null
    const { transfers = [], approvals = [] } = effectsIn(facts) ?? {}
    const reached = [...transfers.map(({ to }) => to), ...approvals.map(({ spender }) => spender)]
    const stranger = reached.find((address) => !facts.recipients.has(foldedAddress(address)))
    if (stranger === undefined) return null
    const code = policy === 'approve' ? 'approval_required' : 'not_listed'
    return refused(code, `The agent has not paid ${stranger} before.`, { attempted: stranger })
  },
}

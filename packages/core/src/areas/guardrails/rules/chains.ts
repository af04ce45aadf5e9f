import { allowed, type Rule, refused } from '../rule.ts'

export const chains: Rule = {
  name: 'tx_allowed_chains',
  judge: ({ settings, chain }) => {
    const list = settings.tx_allowed_chains ?? []
    if (list.length === 0) return null
    return list.includes(chain.name)
      ? allowed('The chain is on the list.', { attempted: chain.name })
      : refused('not_listed', `The agent may not use the chain ${chain.name}.`, { attempted: chain.name })
  },
}

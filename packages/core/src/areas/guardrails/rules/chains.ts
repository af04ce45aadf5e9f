import { allowed, type Rule, refused } from '../rule.ts'

export const chains: Rule = {
  name: 'tx_allowed_chains',
  judge: ({ settings, layers, chain }) => {
    const given = [settings.tx_allowed_chains, ...layers.map((layer) => layer.chains)]
    const lists = given.flatMap((list) => (list?.length ? [list] : []))
    if (lists.length === 0) return null
    return lists.every((list) => list.includes(chain.name))
      ? allowed('The chain is on the list.', { attempted: chain.name })
      : refused('not_listed', `The agent may not use the chain ${chain.name}.`, { attempted: chain.name })
  },
}

import { effectsIn, foldedAddress, type Rule, refused } from '../rule.ts'

/** The tokens that a transaction moves, or gives a right to. */
function tokensIn(facts: Parameters<Rule['judge']>[0]): readonly string[] {
  const { transfers = [], approvals = [] } = effectsIn(facts) ?? {}
  return [...transfers, ...approvals].flatMap(({ token }) => (token === null ? [] : [token]))
}

export const tokens: Rule = {
  name: 'tx_token_allowlist',
  judge: (facts) => {
    const lists = facts.layers.flatMap(({ tokenAllowlist }) => (tokenAllowlist?.length ? [tokenAllowlist] : []))
    const isListed = (token: string) =>
      lists.every((list) => list.some((one) => one.toLowerCase() === token.toLowerCase()))
    const stranger = tokensIn(facts).find((token) => !isListed(token))
    return stranger === undefined
      ? null
      : refused('not_listed', `The agent may not move the token ${stranger}.`, { attempted: stranger })
  },
}

export const knownTokens: Rule = {
  name: 'tx_known_tokens_only',
  judge: (facts) => {
    if (!facts.settings.tx_known_tokens_only) return null
    const stranger = tokensIn(facts).find((token) => !facts.tokens.has(foldedAddress(token).toLowerCase()))
    return stranger === undefined
      ? null
      : refused('not_listed', `The token ${stranger} is not in the registry of tokens.`, { attempted: stranger })
  },
}

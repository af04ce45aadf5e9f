import { area } from '../../operations/index.ts'
import { chainOperations } from './operations/index.ts'
import { chainKind, tokenKind } from './records.ts'

export { builtInDecimals } from './built-in.ts'
export { enabledChain, type NamedChain } from './enabled.ts'
export { findChain, tokensOf } from './records.ts'
export type { RegisteredChain, Token } from './registered.ts'

export const chains = area({
  name: 'chains',
  summary: 'The chains and tokens that agents can use.',
  uses: ['orgs'],
  operations: chainOperations,
  kinds: [chainKind, tokenKind],
})

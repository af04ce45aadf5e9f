import { createChain } from './create-chain.ts'
import { createToken } from './create-token.ts'
import { deleteChain } from './delete-chain.ts'
import { deleteToken } from './delete-token.ts'
import { getChain } from './get-chain.ts'
import { listAllChains } from './list-all-chains.ts'
import { listChainTokens } from './list-chain-tokens.ts'
import { listChains } from './list-chains.ts'
import { listTokens } from './list-tokens.ts'
import { updateChain } from './update-chain.ts'

export const chainOperations = {
  list: listChains,
  get: getChain,
  listAll: listAllChains,
  create: createChain,
  update: updateChain,
  delete: deleteChain,
  listTokens,
  listTokensOf: listChainTokens,
  createToken,
  deleteToken,
}

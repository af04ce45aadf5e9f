import * as z from 'zod'
import { families, showAmount } from '../../../families/index.ts'
import { bytesOfHex } from '../../../kernel/bytes.ts'
import { invalidField } from '../../../kernel/errors.ts'
import { AfterCommit, type Engine, fields, operation } from '../../../operations/index.ts'
import { agentNamed, agentNotFound, agentOrMe, idOf } from '../../agents/index.ts'
import { findChain, type RegisteredChain, type Token, tokensOf } from '../../chains/index.ts'
import { askBalances, contractsIn } from '../balances.ts'
import { chainNotConfigured, chainUnavailable, signingKeyNotFound } from '../errors.ts'
import { activeKey } from '../provision.ts'

const BalanceBody = z
  .object({
    chain: z.string(),
    address: z.string(),
    balance_wei: z.string().describe('In the smallest unit of the chain.'),
    balance_display: z.string(),
    tokens: z
      .array(
        z.object({
          contract_address: z.string(),
          symbol: z.string().optional(),
          balance: z.string(),
          decimals: z.int().optional(),
        }),
      )
      .optional(),
  })
  .meta({ id: 'SigningKeyBalanceResponse' })

type BalanceBody = z.infer<typeof BalanceBody>

export const getSigningKeyBalance = operation({
  name: 'signers.balance',
  summary: 'Ask a node for the balance of a signing key. With two or more nodes, two must agree.',
  http: {
    method: 'GET',
    path: '/v1/agents/{agent_id}/signing-keys/{chain}/balance',
    status: 200,
    id: 'getSigningKeyBalance',
    tag: 'Signing Keys',
  },
  command: { name: 'key balance', columns: ['address', 'balance_display', 'balance_wei', 'tokens'] },
  effect: 'read',
  access: { permission: 'see', resource: ({ agent_id }) => agentNamed(agent_id) },
  audit: {
    action: 'signing_key.balance',
    resource: 'agent',
    about: ({ agent_id, chain }) => ({ id: agent_id, chain }),
  },
  input: z.object({
    agent_id: agentOrMe(),
    chain: fields.text(64, 1).describe('Name or number of a chain, such as base.'),
    tokens: fields.optional(fields.text(8_192)).describe('Contract addresses of tokens, comma-separated.'),
  }),
  output: BalanceBody,
  errors: [agentNotFound, signingKeyNotFound, chainNotConfigured, chainUnavailable],
  run: (context, { agent_id, chain: named, tokens = '' }) => {
    const chain = findChain(context.unit, named)
    const family = chain && families[chain.family]
    if (!chain || !family) throw invalidField('chain', 'is not a chain that Pawl can sign for')
    const key = activeKey(context, idOf(context, agent_id), family.keyChain)
    const address = family.address(bytesOfHex(key.publicKey), chain)
    const contracts = contractsIn(tokens, family, chain)
    const known = tokensOf(context.unit, chain.name)
    return new AfterCommit({}, (engine) => balances(engine, chain, address, contracts, known))
  },
})

async function balances(
  engine: Engine,
  chain: RegisteredChain,
  address: string,
  contracts: readonly string[],
  known: readonly Token[],
): Promise<BalanceBody> {
  const { native, tokens } = await askBalances(engine, chain, address, contracts, known)
  return {
    ...{ chain: chain.name, address, balance_wei: native.toString() },
    balance_display: showAmount(native, chain.decimals),
    ...(contracts.length > 0 && {
      tokens: tokens.map(({ contract, balance, known }) => ({
        ...{ contract_address: contract, balance: balance.toString() },
        ...(known && { symbol: known.symbol, decimals: known.decimals }),
      })),
    }),
  }
}

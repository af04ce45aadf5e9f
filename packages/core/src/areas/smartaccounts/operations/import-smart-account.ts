import * as z from 'zod'
import { bytesOfHex } from '../../../kernel/bytes.ts'
import { rfc3339 } from '../../../kernel/time.ts'
import { AfterCommit, type Engine, fields, operation, signedIn, unitContext } from '../../../operations/index.ts'
import { agentAt, agentKind, agentNotFound } from '../../agents/index.ts'
import type { RegisteredChain } from '../../chains/index.ts'
import {
  asked,
  chainNotConfigured,
  chainUnavailable,
  requireNodes,
  signingKeyKind,
  signingKeyNotFound,
} from '../../signers/index.ts'
import { notAnOwner } from '../errors.ts'
import { placeFields, placeOf, putAccount } from '../place.ts'

export const importSmartAccount = operation({
  name: 'smartaccounts.import',
  summary: 'Tell Pawl an existing Safe of an agent. A node says first whether the key of the agent is an owner.',
  http: {
    method: 'POST',
    path: '/v1/agents/{agent_id}/smart-accounts/import',
    status: 201,
    id: 'importSmartAccount',
    tag: 'Agents',
  },
  command: { name: 'smart-account import', positionals: ['agent_id', 'chain', 'safe_address'] },
  effect: 'write',
  access: { permission: 'run', resource: ({ agent_id }) => agentAt(agent_id), signedIn: ['user'] },
  audit: {
    action: 'smart_account.import',
    resource: 'agent',
    about: ({ agent_id, chain, safe_address }) => ({ id: agent_id, chain, safe_address }),
  },
  input: z.object({
    agent_id: fields.id(),
    ...placeFields,
    verify: fields
      .optional(z.boolean('must be true or false'))
      .describe('false: store the address without asking a node. Default: true.'),
  }),
  output: z.object({
    id: fields.id(),
    agent_id: fields.id(),
    chain: z.string(),
    chain_id: z.int(),
    safe_address: z.string(),
    nonce: z.int().nullable(),
    created_at: fields.shownTime(),
  }),
  errors: [agentNotFound, signingKeyNotFound, notAnOwner, chainNotConfigured, chainUnavailable],
  run: (context, { agent_id, verify = true, ...given }) => {
    context.unit.require(agentKind, agent_id, agentNotFound)
    const { chain, family, safeAddress } = placeOf(context, given)
    const key = context.unit.find(signingKeyKind, 'active', agent_id, family.keyChain)
    if (verify && !key) throw signingKeyNotFound({ chain: family.keyChain })
    const owner = verify && key ? family.address(bytesOfHex(key.publicKey), chain) : null
    const { org } = signedIn(context)
    return new AfterCommit({ chain: chain.name }, async (engine) => {
      if (owner !== null && !(await isOwner(engine, chain, safeAddress, owner))) throw notAnOwner({ safe: safeAddress })
      const account = await engine.records.transactIn(org, (unit) => {
        unit.require(agentKind, agent_id, agentNotFound)
        const place = { agentId: agent_id, chain: chain.name, chainId: given.chain_id, safeAddress }
        return putAccount(unitContext(engine, unit), { ...place, nonce: null, initData: null })
      })
      return {
        ...{ id: account.id, agent_id, chain: account.chain, chain_id: account.chainId, safe_address: safeAddress },
        ...{ nonce: null, created_at: rfc3339(account.createdAt) },
      }
    })
  },
})

/** `isOwner(address)` of a Safe. */
const isOwnerSelector = '2f54bf6e'

async function isOwner(engine: Engine, chain: RegisteredChain, safe: string, owner: string): Promise<boolean> {
  const nodes = requireNodes(engine, chain)
  const data = bytesOfHex(isOwnerSelector + owner.slice(2).toLowerCase().padStart(64, '0'))
  const call = { from: owner, to: safe, value: 0n, data }
  const [result] = (await asked(engine, chain, async () => nodes.simulate?.([call]))) ?? []
  // A word that is 1. An address without code returns nothing.
  return (
    result?.succeeded === true &&
    result.returned.length === 32 &&
    result.returned.every((byte, at) => byte === (at === 31 ? 1 : 0))
  )
}

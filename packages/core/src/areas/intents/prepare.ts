import {
  type AmountUnit,
  type Family,
  families,
  parseAmount,
  safeOperations,
  type TransactionRequest,
} from '../../families/index.ts'
import { invalidField } from '../../kernel/errors.ts'
import type { Json } from '../../kernel/json.ts'
import { type AgentCaller, type Context, contextAs, signedIn, type UnitContext } from '../../operations/index.ts'
import { type Agent, agentKind, agentNotFound, idOf } from '../agents/index.ts'
import { enabledChain, type NamedChain, type RegisteredChain, tokensOf } from '../chains/index.ts'
import { addressOf, keyUnusable, orInvalid, resolveSigner, type Signer } from '../signers/index.ts'
import { intentsDisabled } from './errors.ts'
import { type CallInput, fieldsOf } from './input.ts'
import { isOperation, operationFields, smartAccountOf } from './operation-request.ts'
import type { Transaction } from './records.ts'

/** A request that was read: who signs what, on which chain. */
export interface Prepared {
  readonly agent: Agent
  readonly chain: RegisteredChain
  readonly family: Family
  readonly signer: Signer
  readonly from: string
  readonly request: TransactionRequest
  readonly unit: AmountUnit
  readonly draft: unknown
}

/** The agent that signs. Throws `intents_disabled` if no human allowed that. */
export function signingAgent(context: Context, agentId: string): Agent {
  const agent = context.unit.require(agentKind, idOf(context, agentId), agentNotFound)
  if (!agent.intentsApiEnabled) throw intentsDisabled()
  return agent
}

/** Reads a request and checks all of it that needs no node. */
export function prepare(context: Context, agent: Agent, input: CallInput): Prepared {
  const operation = operationFields(input)
  const { chain, family } = familyOf(context, input, operation !== null)
  const asAgent = contextFor(context, agent, signedIn(context).org)
  const signer = resolveSigner(asAgent, agent, chain, family, input.signing_key_path)
  const from = operation ? smartAccountOf(context, agent, chain) : addressOf(family, signer, chain)
  const { base, unit, decimals } = orInvalid(() => amountOf(context, chain, input))
  const request = { to: input.to || null, value: base, fields: { ...fieldsOf(input), ...decimals, ...operation } }
  const draft = orInvalid(() => family.draft(request, chain, from))
  return { agent, chain, family, signer, from, request, unit, draft }
}

/** The chain of a request, and what signs for it. */
export function chainOf(
  context: Pick<Context, 'unit'>,
  named: NamedChain,
): { readonly chain: RegisteredChain; readonly family: Family } {
  const chain = enabledChain(context, named)
  const family = families[chain.family]
  if (!family) throw invalidField('chain', 'is of a family that Pawl cannot sign for yet')
  return { chain, family }
}

/** The same, where the Safe of an agent may make the call. */
function familyOf(context: Pick<Context, 'unit'>, named: NamedChain, isOperation: boolean) {
  const found = chainOf(context, named)
  if (!isOperation) return found
  if (found.chain.family !== 'evm')
    throw invalidField('mode', 'must be eoa on this chain: only EVM chains have smart accounts')
  return { ...found, family: safeOperations as Family }
}

/** Some families sign the decimal places of a token too, so they get those that the amount was read with. */
function amountOf({ unit }: Context, chain: RegisteredChain, { value, token_mint, token_decimals }: CallInput) {
  if (token_mint === undefined || token_mint === '') {
    const isWholeBase = chain.family === 'evm'
    return { decimals: {}, ...parseAmount(value, { decimals: chain.decimals, field: 'value', isWholeBase }) }
  }
  const known = tokensOf(unit, chain.name).find(({ contract }) => contract.toLowerCase() === token_mint.toLowerCase())
  if (known && token_decimals !== undefined && token_decimals !== known.decimals) {
    throw invalidField('token_decimals', `must be ${known.decimals} for this token`)
  }
  const decimals = known?.decimals ?? token_decimals ?? 6
  return {
    decimals: { token_decimals: decimals },
    ...parseAmount(value, { decimals, field: 'value', isWholeBase: false }),
  }
}

/** The stored request, parsed again. */
export function prepareAgain(context: UnitContext, agent: Agent, one: Transaction): Prepared {
  const { chain, family } = familyOf(context, { chain: one.chain, chain_id: undefined }, isOperation(one))
  const asAgent = contextFor(context, agent, context.unit.org ?? '')
  const signer = resolveSigner(asAgent, agent, chain, family, one.keyPath ?? undefined)
  const from = isOperation(one) ? smartAccountOf(context, agent, chain) : addressOf(family, signer, chain)
  if (from !== one.from) {
    throw keyUnusable({ reason: 'The agent has another key or Safe than when it asked for the transaction.' })
  }
  const { to, value, fields } = one.request
  const request = { to, value: BigInt(value), fields }
  const draft = family.draft(request, chain, one.from)
  return { agent, chain, family, signer, from: one.from, request, unit: one.unit, draft }
}

/** The agent as a caller. So the policies of the agent decide about its keys, even if another caller asked. */
export function contextFor(context: UnitContext, agent: Agent, org: string): Context {
  const caller: AgentCaller = {
    kind: 'agent',
    id: agent.id,
    org,
    authMethod: agent.authMethod,
    environment: agent.environment,
    scopes: agent.scopes,
    vaultIds: agent.vaultIds,
    readsKeys: !agent.intentsApiEnabled,
    session: null,
  }
  return contextAs(context, caller)
}

/** A request as its record holds it. */
export function storedRequest({ to, value, fields }: TransactionRequest): Transaction['request'] {
  return { to, value: value.toString(), fields: fields as { readonly [name: string]: Json } }
}

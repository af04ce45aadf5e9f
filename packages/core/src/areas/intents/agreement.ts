import type { Effects } from '../../families/index.ts'
import { invalidField } from '../../kernel/errors.ts'
import type { Json } from '../../kernel/json.ts'
import { auditEvent, type Context, type UnitContext } from '../../operations/index.ts'
import type { Agent } from '../agents/index.ts'
import type { RegisteredChain } from '../chains/index.ts'
import {
  type ConsensusRule,
  consensusRule,
  isPendingApproval,
  type PendingApproval,
  type Signature,
  submit,
  useConsensus,
} from '../consensus/index.ts'
import { keyPlace, type Signer } from '../signers/index.ts'
import type { TransactionInput } from './input.ts'

// Policies on a key can want several people to agree before it signs (web3.md 13).

/** The request to sign, and the agent. */
interface Wanted {
  readonly agent: Agent
  readonly chain: RegisteredChain
  readonly signer: Signer
  readonly intentType: string
  readonly to: string | null
  readonly data?: unknown
  /** Null: a message. */
  readonly effects: Effects | null
  /** Whether it is a message that can move money: a digest, typed data, or a text of 32 bytes. Default: false. */
  readonly isBlind?: boolean
}

type Asked = Partial<TransactionInput> & { readonly approval_id?: string | undefined }

/**
 * The approval that the request must wait for. Null: no approval is needed, or people have approved exactly this request. In the
 * second case, the function uses their approval.
 */
export function agreementNeeded(
  context: Context,
  wanted: Wanted,
  action: string,
  input: Asked,
): PendingApproval | null {
  const { agent } = wanted
  const rule = ruleOnKey(context, wanted)
  const approvalId = comesAgain(context, input) ? input.approval_id : undefined
  if (!rule && approvalId === undefined) return null
  const payload = payloadOf(agent, input)
  if (approvalId !== undefined) {
    if (useConsensus(context, approvalId, { action, payload, rule })) return null
    throw invalidField('approval_id', 'is not executed, is used, or is for another request')
  }
  if (!rule) return null
  const one = submit(context, rule, { agentId: agent.id, action, payload })
  const details = { policy_id: rule.policyId, agent_id: agent.id, approval_action: action }
  const resource = { type: 'pending_approval', id: one.id }
  context.unit.audit(auditEvent(context, { action: 'pending_approval.create', resource, details }))
  return one
}

/** What the policies on the key of the agent require of people before the key signs. Null: nothing. */
export function ruleOnKey(context: Pick<UnitContext, 'unit' | 'now'>, wanted: Wanted): ConsensusRule | null {
  const place = keyPlace(context, wanted.signer)
  return place && consensusRule(context, wanted.agent, place, subjectOf(wanted))
}

/** Whether the request comes again with what people have agreed to. */
export function comesAgain(context: Context, { approval_id }: Asked): boolean {
  return approval_id !== undefined && isPendingApproval(context, approval_id)
}

/** The request as people read it. */
function payloadOf({ id }: Agent, { approval_id, ...asked }: Asked): PendingApproval['payload'] {
  return JSON.parse(JSON.stringify({ ...asked, agent_id: id })) as { readonly [field: string]: Json }
}

/** `approveHash(bytes32)` of a Safe has the effect of a signature of the hash. */
const approveHash = '0xd4d9bdcd'

function subjectOf({ chain, intentType, to, data, effects, isBlind = false }: Wanted): Signature {
  const { native = 0n, transfers = [], approvals = [], calls = [], opaque = null } = effects ?? {}
  const recipients = transfers.map((one) => one.to)
  // What an unknown function moves is not known.
  const unknown = calls.filter((call) => call.selector !== null && call.function === null)
  const selector = typeof data === 'string' && data.length >= 10 ? [data.slice(0, 10)] : []
  return {
    chains: [chain.name, String(chain.chainId ?? chain.name)],
    intentType,
    value: native,
    outer: { to: to === null ? recipients : [to], selectors: selector },
    inner: {
      to: [...recipients, ...calls.map((one) => one.to)],
      selectors: calls.flatMap((one) => (one.selector === null ? [] : [one.selector])),
    },
    tokenAmounts: [
      ...[...transfers, ...approvals].flatMap(({ token, amount }) => (token === null ? [] : [amount])),
      ...unknown.map(() => null),
    ],
    isOpaque: opaque !== null,
    isBlind: isBlind || calls.some((call) => call.selector === approveHash),
  }
}

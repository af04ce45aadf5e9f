import * as z from 'zod'
import { BadTransaction, canonicalAddress } from '../../families/index.ts'
import { rfc3339 } from '../../kernel/time.ts'
import { agentFields, fields, type UnitContext } from '../../operations/index.ts'
import type { Unit } from '../../records/index.ts'
import {
  type AutoApproveRule,
  type Delegation,
  type Proposal,
  type Treasury,
  type TreasuryAccess,
  type TreasurySigner,
  treasurySignerKind,
  type Vote,
} from './records.ts'
import { stateOf } from './state.ts'

const statuses = ['pending', 'approved', 'executing', 'executed', 'rejected', 'expired'] as const

export function statusField() {
  return z.enum(statuses, `must be one of ${statuses.join(', ')}`)
}

/** An address of an EVM chain, with its checksum from then on. */
export function addressField() {
  return z
    .string('must be an address')
    .max(42, 'must be an address: 0x and 40 hexadecimal digits')
    .transform((given, context) => {
      try {
        return canonicalAddress(given, '')
      } catch (error) {
        if (!(error instanceof BadTransaction)) throw error
        context.addIssue(error.message)
        return z.NEVER
      }
    })
    .meta({ type: 'string' })
}

const list = (what: string) => fields.optional(z.array(addressField(), 'must be a list').max(1_000)).describe(what)
const ether = (what: string) => agentFields.decimal().describe(what)

const ruleInput = z.object({
  max_value_eth: ether('Maximum value of the transfer, in ether.'),
  to_allowlist: list('Recipients. Default: any address that the agent may send to.'),
  auto: fields.optional(z.boolean('must be true or false')).describe('Whether the rule is on. Default: true.'),
})

export const delegationFields = {
  delegation_mode: fields
    .optional(z.enum(['owner', 'delegated', 'both'], 'must be owner, delegated or both'))
    .describe(
      'owner: the agent proposes and votes as a signer. delegated: it proposes with mode treasury. Default: owner.',
    ),
  guardrails: fields
    .optional(
      z.object({
        to_allowlist: list('Recipients of what the agent proposes. Default: any address.'),
        max_value_eth: fields.optional(ether('Maximum value of what the agent proposes, in ether.')),
        allowed_chains: fields.optional(agentFields.words()).describe('Names of chains. Default: any chain.'),
      }),
    )
    .describe('Limits for proposals of the agent. The guardrails of the agent hold too.'),
  auto_approve_rules: fields
    .optional(z.array(ruleInput, 'must be a list').max(20))
    .describe('Plain transfers that the agent approves at once when it proposes them. It must be a signer.'),
}

type DelegationInput = { readonly [N in keyof typeof delegationFields]?: z.output<(typeof delegationFields)[N]> }

/** The given values, and the earlier values for the rest. */
export function delegationFrom(given: DelegationInput, before: Delegation | null): Delegation {
  const { delegation_mode: mode, guardrails, auto_approve_rules: rules } = given
  return {
    mode: mode ?? before?.mode ?? 'owner',
    toAllowlist: guardrails ? (guardrails.to_allowlist ?? null) : (before?.toAllowlist ?? null),
    maxValue: guardrails ? (guardrails.max_value_eth ?? null) : (before?.maxValue ?? null),
    allowedChains: guardrails ? (guardrails.allowed_chains ?? null) : (before?.allowedChains ?? null),
    autoApprove: rules ? rules.filter(({ auto }) => auto !== false).map(ruleFrom) : (before?.autoApprove ?? []),
  }
}

function ruleFrom({ max_value_eth, to_allowlist }: z.output<typeof ruleInput>): AutoApproveRule {
  return { maxValue: max_value_eth, toAllowlist: to_allowlist ?? null }
}

const signerType = z.enum(['user', 'agent'])

export const SignerBody = z
  .object({
    id: fields.id(),
    signer_type: signerType,
    signer_id: fields.id().describe('The user or agent. If only the address is known, the ID of the signer.'),
    signer_address: z.string(),
    added_at: fields.shownTime(),
  })
  .meta({ id: 'TreasurySignerResponse' })

export type SignerBody = z.infer<typeof SignerBody>

export function signerBody({ id, principal, address, addedAt }: TreasurySigner): SignerBody {
  const who = { signer_type: principal?.kind ?? 'user', signer_id: principal?.id ?? id } as const
  return { id, ...who, signer_address: address, added_at: rfc3339(addedAt) }
}

export const TreasuryBody = z
  .object({
    id: fields.id(),
    name: z.string(),
    safe_address: z.string(),
    safe_version: z.string(),
    chain: z.string(),
    chain_id: z.int(),
    threshold: z.int(),
    executor_agent_id: fields.id().optional().describe('The agent whose key pays the gas.'),
    created_by: fields.id(),
    signers: z.array(SignerBody),
    created_at: fields.shownTime(),
  })
  .meta({ id: 'TreasuryResponse' })

export type TreasuryBody = z.infer<typeof TreasuryBody>

export function treasuryBody(unit: Unit, treasury: Treasury): TreasuryBody {
  const { id, name, safeAddress, safeVersion, chain, chainId, threshold, executorId, createdBy, createdAt } = treasury
  return {
    ...{ id, name, safe_address: safeAddress, safe_version: safeVersion, chain, chain_id: chainId, threshold },
    ...(executorId !== null && { executor_agent_id: executorId }),
    ...{ created_by: createdBy, signers: unit.list(treasurySignerKind, 'treasury', id).map(signerBody) },
    created_at: rfc3339(createdAt),
  }
}

export const AccessBody = z
  .object({
    id: fields.id(),
    treasury_id: fields.id(),
    agent_id: fields.id(),
    status: z.enum(['pending', 'approved', 'denied']),
    reason: z.string().optional(),
    requested_at: fields.shownTime(),
    resolved_by: fields.id().optional(),
    resolved_at: fields.shownTime().optional(),
    delegation: z
      .object({
        mode: z.enum(['owner', 'delegated', 'both']),
        to_allowlist: z.array(z.string()).optional(),
        max_value_eth: z.string().optional(),
        allowed_chains: z.array(z.string()).optional(),
        auto_approve_rules: z.array(
          z.object({ max_value_eth: z.string(), to_allowlist: z.array(z.string()).optional(), auto: z.boolean() }),
        ),
      })
      .optional()
      .describe('What the agent may do. Its ID is the ID of the request. Absent: nothing, or it has ended.'),
  })
  .meta({ id: 'AccessRequestResponse' })

export type AccessBody = z.infer<typeof AccessBody>

export function accessBody(one: TreasuryAccess): AccessBody {
  const { id, treasuryId, agentId, status, reason, requestedAt, resolvedBy, resolvedAt, delegation } = one
  return {
    ...{ id, treasury_id: treasuryId, agent_id: agentId, status, requested_at: rfc3339(requestedAt) },
    ...(reason !== null && { reason }),
    ...(resolvedBy !== null && { resolved_by: resolvedBy }),
    ...(resolvedAt !== null && { resolved_at: rfc3339(resolvedAt) }),
    ...(delegation && { delegation: delegationBody(delegation) }),
  }
}

function delegationBody({ mode, toAllowlist, maxValue, allowedChains, autoApprove }: Delegation) {
  return {
    mode,
    ...(toAllowlist && { to_allowlist: [...toAllowlist] }),
    ...(maxValue !== null && { max_value_eth: maxValue }),
    ...(allowedChains && { allowed_chains: [...allowedChains] }),
    auto_approve_rules: autoApprove.map((rule) => ({
      max_value_eth: rule.maxValue,
      ...(rule.toAllowlist && { to_allowlist: [...rule.toAllowlist] }),
      auto: true,
    })),
  }
}

const SignatureBody = z
  .object({
    id: fields.id(),
    signer_id: fields.id(),
    signer_type: signerType,
    signer_address: z.string(),
    signature: z.string().describe('Empty for a rejection.'),
    decision: z.enum(['approve', 'reject']),
    created_at: fields.shownTime(),
  })
  .meta({ id: 'ProposalSignatureResponse' })

function signatureBody({ id, signerId, principal, address, decision, signature, at }: Vote) {
  const who = { signer_id: principal?.id ?? signerId, signer_type: principal?.kind ?? 'user' } as const
  const shown = signature === null ? '' : `0x${signature}`
  return { id, ...who, signer_address: address, signature: shown, decision, created_at: rfc3339(at) }
}

/** What the command line shows of a proposal. `--json` shows all. */
export const proposalColumns = [
  'id',
  'status',
  'to_address',
  'value_wei',
  'is_delegatecall',
  'safe_tx_hash',
  'expires_at',
]

export const ProposalBody = z
  .object({
    id: fields.id(),
    treasury_id: fields.id(),
    proposed_by: fields.id(),
    proposed_by_type: signerType,
    chain: z.string(),
    chain_id: z.int(),
    safe_address: z.string(),
    to_address: z.string(),
    value_wei: z.string(),
    data_hex: z.string(),
    operation: z.int().describe('0: a call. 1: a delegatecall.'),
    is_delegatecall: z
      .boolean()
      .describe(
        'The transaction runs foreign code as the Safe. It can take everything, so its execution needs a second confirmation.',
      ),
    safe_tx_hash: z.string(),
    nonce: z.int(),
    status: statusField(),
    threshold: z.int(),
    expires_at: fields.shownTime(),
    executed_tx_hash: z.string().optional(),
    executed_at: fields.shownTime().optional(),
    failure: z.string().optional().describe('Why it is not executed although it is approved.'),
    signatures: z.array(SignatureBody),
    created_at: fields.shownTime(),
  })
  .meta({ id: 'TreasuryProposalResponse' })

export type ProposalBody = z.infer<typeof ProposalBody>

export function proposalBody(context: Pick<UnitContext, 'unit' | 'now'>, proposal: Proposal): ProposalBody {
  const { id, treasuryId, proposedBy, safe, to, value, data, operation, executedAt } = proposal
  const { status, hash, failure } = stateOf(context, proposal)
  return {
    ...{ id, treasury_id: treasuryId, proposed_by: proposedBy.id, proposed_by_type: proposedBy.kind },
    ...{ chain: safe.chain, chain_id: safe.chainId, safe_address: safe.safeAddress, to_address: to, value_wei: value },
    ...{ data_hex: `0x${data}`, operation, is_delegatecall: operation === 1, safe_tx_hash: `0x${proposal.hash}` },
    ...{ nonce: proposal.nonce, status, threshold: proposal.threshold, expires_at: rfc3339(proposal.expiresAt) },
    ...(hash !== null && { executed_tx_hash: hash }),
    ...(executedAt !== null && { executed_at: rfc3339(executedAt) }),
    ...(failure !== null && { failure }),
    ...{ signatures: proposal.votes.map(signatureBody), created_at: rfc3339(proposal.createdAt) },
  }
}

export const treasuryRef = { treasury_id: fields.id() }
export const proposalRef = { ...treasuryRef, proposal_id: fields.id() }
export const accessRef = { ...treasuryRef, request_id: fields.id() }

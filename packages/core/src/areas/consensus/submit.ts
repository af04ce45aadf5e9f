import { hex, utf8 } from '../../kernel/bytes.ts'
import { compileGlob } from '../../kernel/globs.ts'
import type { Json } from '../../kernel/json.ts'
import { second } from '../../kernel/time.ts'
import {
  type AskedToAgree,
  type Context,
  principalOf,
  signedIn,
  tooManyOpen,
  triggerUnreadable,
  type UnitContext,
} from '../../operations/index.ts'
import { type Agent, findAgentKeysVault } from '../agents/index.ts'
import { type Policy, policyKind } from '../policies/index.ts'
import { stageExpiry } from './expire.ts'
import { type PendingApproval, pendingApprovalKind, statusOf } from './records.ts'
import { together } from './together.ts'
import { needsConsensus, type Rule, readTrigger, type Signature, type Subject, type Trigger } from './trigger.ts'

/** Where the key is that signs. */
export interface KeyPlace {
  readonly vaultId: string
  readonly path: string
}

/**
 * What the policies of the agent on its key require of people before it signs. Null: nothing. Throws
 * `consensus_trigger_unreadable` for a rule that cannot be read, because it must not ignore a rule.
 *
 * @example
 * const rule = consensusRule(context, agent, place, subject)
 * if (rule) return submit(context, rule, { agentId: agent.id, action: 'transaction.submit', payload })
 */
export function consensusRule(
  { unit, now }: Pick<UnitContext, 'unit' | 'now'>,
  agent: Agent,
  { vaultId, path }: KeyPlace,
  subject: Signature,
): Rule | null {
  const own = unit.list(policyKind, 'principal', 'agent', agent.id, vaultId)
  const onKey = own.filter((policy) => isInForce(policy, now) && compileGlob(policy.pattern)?.matches(path))
  return together(onKey.flatMap((policy) => ruleOf(policy, subject) ?? []))
}

/**
 * What policies require of people before a change of the organisation. Every policy in the vault of agent keys counts, for
 * every caller, because only owners and admins manage that vault. About a vault, its own policies count too.
 */
export function changeRule(
  { unit, now }: Pick<UnitContext, 'unit' | 'now'>,
  { action, vaultId }: AskedToAgree['actions'][number],
): Rule | null {
  const vaults = new Set([findAgentKeysVault(unit)?.id, vaultId].filter((id) => id != null))
  const governing = [...vaults].flatMap((id) => unit.list(policyKind, 'governs', id))
  const inForce = governing.filter((policy) => isInForce(policy, now))
  // A policy with an unreadable trigger can still be mended.
  const mends = action === 'policy.update' || action === 'policy.delete'
  const readable = mends ? inForce.filter((policy) => readTrigger(policy.consensusTrigger ?? null)) : inForce
  return together(readable.flatMap((policy) => ruleOf(policy, { change: action }) ?? []))
}

function ruleOf({ id, consensusTrigger }: Policy, subject: Subject): Rule | null {
  if (consensusTrigger === undefined) return null
  const trigger = readTrigger(consensusTrigger)
  if (!trigger) throw triggerUnreadable({ policy_id: id })
  return needsConsensus(trigger, subject) ? { policyId: id, trigger } : null
}

/** A policy that denies grants no signature, so it needs no agreement. */
function isInForce({ effect, expiresAt, isPending = false }: Policy, now: number): boolean {
  return effect === 'allow' && !isPending && (expiresAt === null || now < expiresAt)
}

const openMax = 100

interface Submission {
  readonly agentId: string | null
  readonly action: string
  readonly payload: PendingApproval['payload']
}

/** Stages what people decide about. */
export function submit(context: Context, { policyId, trigger }: Rule, wanted: Submission): PendingApproval {
  const { unit, now, newId } = context
  if (openOf(context, wanted.agentId).length >= openMax) throw tooManyOpen({ max: openMax })
  const one: PendingApproval = {
    ...{ id: newId(), policyId, ...wanted, payloadHash: payloadHash(context, wanted.payload) },
    ...{ submittedBy: principalOf(signedIn(context)), status: 'pending', approval: trigger.approval },
    ...{ selfApprovalAllowed: trigger.self_approval_allowed, votes: [], createdAt: now, updatedAt: now },
    ...{ expiresAt: now + trigger.expiry_secs * second, executedAt: null, usedAt: null },
  }
  unit.put(pendingApprovalKind, one)
  stageExpiry(context, one)
  return one
}

/** What waits for people and is about this agent. Null: what the caller asked for and is about no agent. */
export function openOf(context: Context, agentId: string | null): PendingApproval[] {
  const { unit, now } = context
  const page = { limit: openMax, reverse: true }
  const newest =
    agentId === null
      ? unit.page(pendingApprovalKind, 'submitter', { tuple: [signedIn(context).id], ...page })
      : unit.page(pendingApprovalKind, 'agent', { tuple: [agentId], ...page })
  return newest.filter((one) => statusOf(one, now) === 'pending')
}

/**
 * Stages the one use of an agreement. False: the agreement was not executed, is used, has expired, belongs to another caller, is
 * for another request, or people agreed to it under a weaker rule.
 */
export function useConsensus(
  context: Context,
  id: string,
  { action, payload, rule }: Pick<Submission, 'action' | 'payload'> & { readonly rule: Rule | null },
): boolean {
  const { unit, now } = context
  const one = unit.get(pendingApprovalKind, id)
  const { kind, id: callerId } = signedIn(context)
  const fits =
    one?.status === 'executed' &&
    one.usedAt === null &&
    one.expiresAt > now &&
    one.submittedBy.kind === kind &&
    one.submittedBy.id === callerId &&
    one.action === action &&
    one.payloadHash === payloadHash(context, payload) &&
    (rule === null || isUnder(context, one, rule))
  if (!one || !fits) return false
  unit.put(pendingApprovalKind, { ...one, usedAt: now, updatedAt: now })
  return true
}

/** Whether people agreed under the rule as it is now. A caller can ask under any policy about itself. */
function isUnder(context: Context, one: PendingApproval, { policyId, trigger }: Rule): boolean {
  const hashOf = (approval: Trigger['approval']) => payloadHash(context, approval as Json)
  return (
    one.policyId === policyId &&
    one.selfApprovalAllowed === trigger.self_approval_allowed &&
    hashOf(one.approval) === hashOf(trigger.approval)
  )
}

/** Whether this is the ID of a pending approval, and not of an approval. */
export function isPendingApproval({ unit }: Pick<UnitContext, 'unit'>, id: string): boolean {
  return unit.get(pendingApprovalKind, id) !== null
}

/** SHA-256 of canonical JSON, which approvers compute too. */
export function payloadHash({ crypto }: Pick<UnitContext, 'crypto'>, payload: Json): string {
  return hex(crypto.sha256(utf8(JSON.stringify(sorted(payload)))))
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(entries.map(([name, member]) => [name, sorted(member)]))
}

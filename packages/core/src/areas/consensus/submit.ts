import { hex, utf8 } from '../../kernel/bytes.ts'
import { compileGlob } from '../../kernel/globs.ts'
import type { Json } from '../../kernel/json.ts'
import { second } from '../../kernel/time.ts'
import { type Context, principalOf, signedIn, type UnitContext } from '../../operations/index.ts'
import type { Agent } from '../agents/index.ts'
import { type Policy, policyKind } from '../policies/index.ts'
import { tooManyOpen, triggerUnreadable } from './errors.ts'
import { type PendingApproval, pendingApprovalKind, statusOf } from './records.ts'
import { needsConsensus, readTrigger, type Subject, type Trigger } from './trigger.ts'

/** Where the key is that signs. */
export interface KeyPlace {
  readonly vaultId: string
  readonly path: string
}

/** A rule under which people must agree first. */
export interface Rule {
  readonly policyId: string
  readonly trigger: Trigger
}

/**
 * The first policy of the agent on its key that requires the agreement of people. Null: no policy does. Throws
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
  subject: Subject,
): Rule | null {
  const own = unit.list(policyKind, 'principal', 'agent', agent.id, vaultId)
  for (const policy of own) {
    if (policy.consensusTrigger === undefined || !isInForce(policy, now)) continue
    if (!compileGlob(policy.pattern)?.matches(path)) continue
    const trigger = readTrigger(policy.consensusTrigger)
    if (!trigger) throw triggerUnreadable({ policy_id: policy.id })
    if (needsConsensus(trigger, subject)) return { policyId: policy.id, trigger }
  }
  return null
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
  requireRoom(context, wanted.agentId)
  const one: PendingApproval = {
    ...{ id: newId(), policyId, ...wanted, payloadHash: payloadHash(context, wanted.payload) },
    ...{ submittedBy: principalOf(signedIn(context)), status: 'pending', approval: trigger.approval },
    ...{ selfApprovalAllowed: trigger.self_approval_allowed, votes: [], createdAt: now, updatedAt: now },
    ...{ expiresAt: now + trigger.expiry_secs * second, executedAt: null, usedAt: null },
  }
  unit.put(pendingApprovalKind, one)
  return one
}

function requireRoom({ unit, now }: UnitContext, agentId: string | null): void {
  if (agentId === null) return
  const newest = unit.page(pendingApprovalKind, 'agent', { tuple: [agentId], limit: openMax, reverse: true })
  if (newest.filter((one) => statusOf(one, now) === 'pending').length >= openMax) throw tooManyOpen({ max: openMax })
}

/**
 * Stages the one use of an agreement. False: the agreement was not executed, is used, has expired, belongs to another caller, or
 * is for another request.
 */
export function useConsensus(context: Context, id: string, payload: PendingApproval['payload']): boolean {
  const { unit, now } = context
  const one = unit.get(pendingApprovalKind, id)
  const { kind, id: callerId } = signedIn(context)
  const fits =
    one?.status === 'executed' &&
    one.usedAt === null &&
    one.expiresAt > now &&
    one.submittedBy.kind === kind &&
    one.submittedBy.id === callerId &&
    one.payloadHash === payloadHash(context, payload)
  if (!one || !fits) return false
  unit.put(pendingApprovalKind, { ...one, usedAt: now, updatedAt: now })
  return true
}

/** Whether this is the ID of a pending approval, and not of an approval. */
export function isPendingApproval({ unit }: Pick<UnitContext, 'unit'>, id: string): boolean {
  return unit.get(pendingApprovalKind, id) !== null
}

/** SHA-256 of canonical JSON, which approvers compute too. */
function payloadHash({ crypto }: Pick<UnitContext, 'crypto'>, payload: Json): string {
  return hex(crypto.sha256(utf8(JSON.stringify(sorted(payload)))))
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(entries.map(([name, member]) => [name, sorted(member)]))
}

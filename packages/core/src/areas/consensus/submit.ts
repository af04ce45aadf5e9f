import { equalBytes, hex, utf8 } from '../../kernel/bytes.ts'
import { compileGlob } from '../../kernel/globs.ts'
import { canonicalJson, type Json } from '../../kernel/json.ts'
import type { Secret } from '../../kernel/secret.ts'
import { second } from '../../kernel/time.ts'
import {
  type AskedToAgree,
  type Context,
  denied,
  principalOf,
  type RuleOn,
  signedIn,
  triggerUnreadable,
  type UnitContext,
} from '../../operations/index.ts'
import { type Agent, agentKind, findAgentKeysVault } from '../agents/index.ts'
import { type Policy, policyKind } from '../policies/index.ts'
import { isCredentialLive } from './credential.ts'
import { stageExecuted } from './execute.ts'
import { stageOpen } from './open.ts'
import { type PendingApproval, pendingApprovalKind } from './records.ts'
import { holdApprovers, isEnough } from './tally.ts'
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
  context: Pick<UnitContext, 'unit' | 'now'>,
  { action, vaultId }: AskedToAgree['actions'][number],
): Rule | null {
  const inForce = governing(context, vaultId)
  // A policy with an unreadable trigger can still be mended.
  const mends = action === 'policy.update' || action === 'policy.delete'
  const policies = mends ? inForce.filter(isReadable) : inForce
  return together(policies.flatMap((policy) => ruleOf(policy, { change: action }) ?? []))
}

/** A text that identifies the current rule about a change. Null: no policy has a rule. */
export const ruleOn: RuleOn = (context, action) => {
  if (!governing(context, null).every(isReadable)) return 'unreadable'
  const rule = changeRule(context, { action, vaultId: null })
  if (!rule) return null
  const { approval, self_approval_allowed } = rule.trigger
  return `${rule.policyId} ${self_approval_allowed} ${payloadHash(context, approval as Json)}`
}

function governing({ unit, now }: Pick<UnitContext, 'unit' | 'now'>, vaultId: string | null): readonly Policy[] {
  const vaults = new Set([findAgentKeysVault(unit)?.id, vaultId].filter((id) => id != null))
  const all = [...vaults].flatMap((id) => unit.list(policyKind, 'governs', id))
  return all.filter((policy) => isInForce(policy, now))
}

function isReadable({ consensusTrigger = null }: Policy): boolean {
  return readTrigger(consensusTrigger) !== null
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

interface Submission {
  readonly agentId: string | null
  readonly action: string
  readonly payload: PendingApproval['payload']
  /** The secrets of the request, which people do not see. Default: it has none. */
  readonly secrets?: Secret<string> | null
  readonly request?: PendingApproval['request']
  readonly submittersCredential?: PendingApproval['submittersCredential']
}

/** Stages what people decide about. */
export function submit(context: Context, { policyId, trigger }: Rule, wanted: Submission): PendingApproval {
  const { unit, now, newId } = context
  const { secrets = null, ...shown } = wanted
  const one: PendingApproval = {
    ...{ id: newId(), policyId, ...shown, payloadHash: payloadHash(context, shown.payload) },
    ...{ submittedBy: principalOf(signedIn(context)), submittersHuman: humanBehind(context, wanted) },
    ...{ secrets: secrets ? boundTo(context, secrets) : undefined },
    ...{ status: 'pending', approval: trigger.approval },
    ...{ selfApprovalAllowed: trigger.self_approval_allowed, votes: [], createdAt: now, updatedAt: now },
    ...{ expiresAt: now + trigger.expiry_secs * second, executedAt: null, usedAt: null },
  }
  unit.put(pendingApprovalKind, one)
  stageOpen(context, one)
  return one
}

/** The creator of an agent can approve its signatures, but not a change of the organisation that the agent submits. */
function humanBehind(context: Context, { agentId }: Submission): string | undefined {
  const { kind, id } = signedIn(context)
  const creator = kind === 'agent' && agentId === null ? context.unit.get(agentKind, id)?.createdBy : undefined
  return creator?.kind === 'user' ? creator.id : undefined
}

/**
 * Stages the one use of an agreement. A call of an executor also executes it. False: the agreement was not executed, is used, has
 * expired, belongs to another caller, is for another request, or people agreed to it under a weaker rule.
 */
export function useConsensus(
  context: Context,
  id: string,
  { action, payload, secrets = null, rule }: Omit<Submission, 'agentId'> & { readonly rule: Rule | null },
): boolean {
  const { unit, now } = context
  const one = unit.get(pendingApprovalKind, id)
  const { kind, id: callerId } = signedIn(context)
  const fits =
    one?.usedAt === null &&
    one.expiresAt > now &&
    one.status === (context.origin.executor ? 'approved' : 'executed') &&
    one.submittedBy.kind === kind &&
    one.submittedBy.id === callerId &&
    one.action === action &&
    one.payloadHash === payloadHash(context, payload) &&
    hasSecrets(context, one, secrets) &&
    (rule === null || isUnder(context, one, rule)) &&
    isEnough(context, one)
  if (!one || !fits) return false
  holdApprovers(context, one)
  const used = { ...one, usedAt: now, updatedAt: now }
  const { executor } = context.origin
  if (executor) {
    if (!isCredentialLive(context, one)) throw denied({ reason: credentialEnded })
    return stageExecuted(context, used, executor)
  }
  unit.put(pendingApprovalKind, used)
  return true
}

const credentialEnded =
  'The session or API key that submitted the change has ended. Its submitter must submit it again.'

/** The key is random and stays in the record, so that the hash of a short secret cannot be searched for. */
function boundTo(context: Context, secrets: Secret<string>): PendingApproval['secrets'] {
  const key = hex(context.random.bytes(32))
  return { key, mac: macOf(context, key, secrets) }
}

/** Whether these are the secrets of the request that people decide about. */
export function hasSecrets(
  context: Context,
  { secrets: bound }: PendingApproval,
  secrets: Secret<string> | null,
): boolean {
  if (!bound || !secrets) return !bound && !secrets
  return equalBytes(utf8(bound.mac), utf8(macOf(context, bound.key, secrets)))
}

function macOf({ crypto }: Context, key: string, secrets: Secret<string>): string {
  return hex(crypto.hmacSha256(utf8(key), utf8(secrets.reveal())))
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
  return hex(crypto.sha256(utf8(canonicalJson(payload))))
}

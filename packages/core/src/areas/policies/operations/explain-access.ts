import * as z from 'zod'
import { invalidField, PawlError } from '../../../kernel/errors.ts'
import { addressShape, parseAddress } from '../../../kernel/ip.ts'
import {
  type AgentCaller,
  type Caller,
  type Context,
  denied,
  fields,
  notAuthenticated,
  operation,
  type Principal,
  perEngine,
  principalOf,
  signedIn,
  type UserCaller,
} from '../../../operations/index.ts'
import { directoryKind } from '../../orgs/index.ts'
import { checkKeyMaterial, pathField, secretKind } from '../../secrets/index.ts'
import { governs, type Vault, vaultAt, vaultKind, vaultNotFound } from '../../vaults/index.ts'
import { type Access, accessTo, policiesOf } from '../access.ts'
import { explain } from '../explain.ts'
import { type Permission, permissions } from '../policy.ts'
import { policyKind } from '../records.ts'
import type { Asking } from '../second-opinion.ts'

const StepBody = z.object({ about: z.string(), passed: z.boolean(), sentence: z.string() })

const AnswerBody = z.object({
  principal_type: z.enum(['user', 'agent']),
  principal_id: fields.id(),
  permission: z.enum(permissions),
  allowed: z.boolean(),
  because: z.string(),
  policy_id: fields.id().optional(),
  policies: z.array(
    z.object({ policy_id: fields.id(), applies: z.boolean(), decides: z.boolean(), steps: z.array(StepBody) }),
  ),
})

type Answer = z.infer<typeof AnswerBody>

export const explainAccess = operation({
  name: 'policies.explain',
  summary:
    'Explain who may access a path, and which policy decides. Only managers of the vault may ask about other callers.',
  http: { method: 'POST', path: '/v1/policies/explain', status: 200, id: 'explainAccess', tag: 'Policies' },
  command: { positionals: ['path'] },
  effect: 'read',
  access: { permission: 'see', resource: ({ vault_id }) => vaultAt(vault_id) },
  audit: {
    action: 'policy.explain',
    resource: 'vault',
    about: ({ vault_id, path, principal_id }) => ({ id: vault_id, path, principal_id }),
  },
  input: z.object({
    vault_id: fields.id(),
    path: pathField(),
    permission: fields
      .optional(z.enum(permissions, `must be one of ${permissions.join(', ')}`))
      .describe('Permission to explain. Default: all.'),
    principal_type: fields.optional(z.enum(['user', 'agent'], 'must be user or agent')),
    principal_id: fields.optional(fields.id()).describe('ID of the user or agent to explain. Default: all.'),
    at: fields
      .optional(fields.time())
      .describe('Time to evaluate the policies at. Default: now. Only managers of the vault may set it.'),
    ip: fields
      .optional(z.string('must be a string').meta(addressShape))
      .describe('IP address of the caller to evaluate. Default: yours. Only managers of the vault may set it.'),
  }),
  output: z.object({ vault_id: fields.id(), path: z.string(), answers: z.array(AnswerBody) }),
  errors: [vaultNotFound],
  run: (context, { vault_id, path, permission, principal_type, principal_id, at, ip }) => {
    const vault = context.unit.require(vaultKind, vault_id, vaultNotFound)
    const asked = principal_type && principal_id ? { kind: principal_type, id: principal_id } : null
    const question = {
      vault,
      path,
      needs: permission ? [permission] : permissions,
      ...situation(context, vault, at, ip),
    }
    const answers: Answer[] = []
    for (const principal of subjects(context, vault, asked)) {
      answers.push(...answersFor(context, question, principal))
    }
    return { vault_id, path, answers }
  },
})

interface Question {
  readonly vault: Vault
  readonly path: string
  readonly needs: readonly Permission[]
  readonly now: number
  readonly origin: Context['origin']
}

/** The time and the address to evaluate. Default: those of the request. Others would tell an agent when its limits open. */
function situation(
  context: Context,
  vault: Vault,
  at: number | undefined,
  ip: string | undefined,
): Pick<Question, 'now' | 'origin'> {
  if ((at !== undefined || ip !== undefined) && !governs(context, vault.id)) {
    throw denied({ reason: 'Only callers who manage the vault may ask about another time or address.' })
  }
  const address = ip === undefined ? (context.origin.ip ?? null) : parseAddress(ip)
  if (ip !== undefined && address === null) throw invalidField('ip', 'must be an IP address')
  return { now: at ?? context.now, origin: { ip: address } }
}

/** Everybody may ask about themselves; about others, only who governs the vault. */
function subjects(context: Context, vault: Vault, asked: Principal | null): Principal[] {
  const self = principalOf(signedIn(context))
  if (asked && asked.kind === self.kind && asked.id === self.id) return [self]
  const isGovernor = governs(context, vault.id)
  if (!isGovernor && asked) throw denied({ reason: 'Only callers who manage the vault may ask about others.' })
  if (asked) return [asked]
  if (!isGovernor) return [self]
  const named = context.unit.list(policyKind, 'vault', vault.id).map(({ principal }) => principal)
  const everybody = [vault.createdBy, self, ...named].map((one) => [`${one.kind} ${one.id}`, one] as const)
  return [...new Map(everybody).values()]
}

function answersFor(context: Context, question: Question, principal: Principal): Answer[] {
  const answer = (permission: Permission, allowed: boolean, because: string, rest: Partial<Answer> = {}): Answer => ({
    principal_type: principal.kind,
    principal_id: principal.id,
    permission,
    allowed,
    because,
    policies: [],
    ...rest,
  })
  const no = (because: string) => question.needs.map((need) => answer(need, false, because))
  const caller = callerOf(context, principal, question.now)
  if (!caller) return no('The principal is not active in this organisation.')
  const { unit, policyEngine, log } = context
  const asking: Asking = { unit, policyEngine, log, caller, now: question.now, origin: question.origin }
  const access = accessOrReason(asking, question.vault.id)
  if (typeof access === 'string') return no(access)
  const answers: Answer[] = []
  for (const need of question.needs) {
    const { allowed, because, ...rest } = judged(asking, access, caller, need, question)
    answers.push(answer(need, allowed, because, rest))
  }
  return answers
}

/** The reason, when the caller has no access at all. */
function accessOrReason(asking: Asking, vaultId: string): Access | string {
  try {
    return accessTo(asking, vaultId)
  } catch (error) {
    if (error instanceof PawlError && denied.is(error)) return error.message
    throw error
  }
}

/** As `access` judges it, with the questions that led there; then come a block on keys and the policy engine. */
function judged(
  asking: Asking,
  access: Access,
  caller: UserCaller | AgentCaller,
  need: Permission,
  { vault, path }: Question,
) {
  const { allowed, because, request } = access.judge(need, path)
  const blocked = allowed ? blockOf(asking, access, caller, need, { vault, path }) : null
  if (request === null) return { allowed: allowed && !blocked, because: blocked ?? because, policies: [] }
  const { decision, sentence, policies } = explain(policiesOf(asking, caller, vault.id), request)
  return {
    allowed: allowed && !blocked,
    because: blocked ?? sentence,
    policy_id: decision.policy?.id,
    policies: policies.map(({ policy, applies, decides, steps }) => ({
      policy_id: policy.id,
      applies,
      decides,
      steps: [...steps],
    })),
  }
}

/** What keeps the caller away whom the rules of the vault would let in. */
function blockOf(
  asking: Asking,
  access: Access,
  caller: UserCaller | AgentCaller,
  need: Permission,
  { vault, path }: Pick<Question, 'vault' | 'path'>,
): string | null {
  const keys = need === 'read' ? keyBlock(asking, caller, vault, path) : null
  if (keys !== null) return keys
  const opinion = access.secondOpinion(need, path)
  return opinion.allowed ? null : opinion.because
}

function keyBlock({ unit }: Asking, caller: Caller, vault: Vault, path: string): string | null {
  const secret = unit.find(secretKind, 'path', vault.id, path)
  if (!secret) return null
  try {
    checkKeyMaterial(caller, secret.newest.type)
    return null
  } catch (error) {
    if (error instanceof PawlError) return error.message
    throw error
  }
}

/** Makes a caller of a principal, as if it asked now. */
const identify = perEngine(({ authenticate }) => authenticate)

function callerOf(context: Context, { kind, id }: Principal, now: number): UserCaller | AgentCaller | null {
  const entry = context.unit.get(directoryKind, id)
  if (entry?.kind !== kind || entry.org !== context.unit.org) return null
  const trusted = kind === 'user' ? { user: id } : { agent: id }
  try {
    const caller = identify(context)(context.unit, { trusted }, now)
    return caller.kind === kind ? (caller as UserCaller | AgentCaller) : null
  } catch (error) {
    if (notAuthenticated.is(error)) return null
    throw error
  }
}

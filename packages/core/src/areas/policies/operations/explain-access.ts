import * as z from 'zod'
import {
  type AgentCaller,
  type Context,
  fields,
  operation,
  type Principal,
  type UserCaller,
} from '../../../operations/index.ts'
import { pathField } from '../../secrets/index.ts'
import { vaultAt, vaultKind, vaultNotFound } from '../../vaults/index.ts'
import { type Access, policiesOf } from '../access.ts'
import { explain } from '../explain.ts'
import { type Permission, permissions } from '../policy.ts'
import {
  type Known,
  keyBlock,
  knownAs,
  ofTime,
  type Situation,
  situation,
  situationFields,
  subjects,
} from '../principals.ts'
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
    ...situationFields,
  }),
  output: z.object({ vault_id: fields.id(), path: z.string(), answers: z.array(AnswerBody) }),
  errors: [vaultNotFound],
  run: (context, { vault_id, path, permission, principal_type, principal_id, at, ip }) => {
    const vault = context.unit.require(vaultKind, vault_id, vaultNotFound)
    const asked = principal_type && principal_id ? { kind: principal_type, id: principal_id } : null
    const question = {
      path,
      needs: permission ? [permission] : permissions,
      ...situation(context, vault, at, ip),
    }
    const answers: Answer[] = []
    for (const principal of subjects(context, question, asked)) {
      answers.push(...answersFor(context, question, principal))
    }
    return { vault_id, path, answers }
  },
})

interface Question extends Situation {
  readonly path: string
  readonly needs: readonly Permission[]
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
  const known = knownAs(context, principal, question)
  if (typeof known === 'string') return no(known)
  const answers: Answer[] = []
  for (const need of question.needs) {
    const { allowed, because, ...rest } = judged(known, need, question)
    answers.push(answer(need, allowed, because, rest))
  }
  return answers
}

/** As `access` judges it, with the questions that led there; then come a block on keys and the policy engine. */
function judged({ asking, access, caller }: Known, need: Permission, { vault, path, then }: Question) {
  const { allowed, because, request } = access.judge(need, path)
  const blocked = allowed ? blockOf(asking, access, caller, need, { vault, path }) : null
  if (request === null) return { allowed: allowed && !blocked, because: blocked ?? because, policies: [] }
  const { decision, sentence, policies } = explain(
    ofTime(then, caller)(() => policiesOf(asking, caller, vault.id)),
    request,
  )
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

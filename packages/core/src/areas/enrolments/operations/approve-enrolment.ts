import * as z from 'zod'
import { invalidField } from '../../../kernel/errors.ts'
import {
  agreementField,
  auditEvent,
  type Context,
  created,
  denied,
  fields,
  hasScope,
  notAuthenticated,
  operation,
  type Resource,
  signedIn,
  tierLimitReached,
} from '../../../operations/index.ts'
import { makeAgent } from '../../agents/index.ts'
import { currentUser } from '../../auth/index.ts'
import { stageMail } from '../../mail/index.ts'
import { newPolicy, patternField, ruleFields } from '../../policies/index.ts'
import { vaultAt, vaultNotFound } from '../../vaults/index.ts'
import { enrolmentNotFound } from '../errors.ts'
import { keyLetter } from '../letters.ts'
import { approvePairing, checkFingerprint, fingerprintField } from '../pairing.ts'
import { decidable, type Enrolment, endEnrolment, enrolmentRef } from '../pending.ts'

const grantFields = {
  vault_id: fields.optional(fields.id()).describe('Vault to grant. Default: the agent can read nothing yet.'),
  secret_path_pattern: fields.optional(patternField()).describe('Paths of the vault to grant. Default: all, **.'),
  permissions: fields.optional(ruleFields.permissions).describe('Permissions to grant. Default: read.'),
}

export const approveEnrolment = operation({
  name: 'enrolments.approve',
  summary:
    'Allow an agent that asked for an identity. You become its creator. The answer shows its API key, once, unless the agent collects it.',
  http: { method: 'POST', path: '/v1/agents/enroll/approve', status: 201, id: 'approveEnrollment', tag: 'Agents' },
  command: {
    name: 'agent allow',
    flags: { enrollment_id: 'request', secret_path_pattern: 'path' },
    columns: ['agent_id', 'name', 'api_key'],
  },
  effect: 'write',
  access: { permission: 'allow', resource: (input) => grantOf(input), signedIn: ['user'] },
  governed: [
    { action: 'agent.create', about: (context, input) => ({ agent: shownAgent(context, input) }) },
    { action: 'policy.create', vault: ({ vault_id }) => vault_id },
  ],
  audit: {
    action: 'agent.enroll_allow',
    resource: 'agent',
    about: (_, made) => (made ? { id: made.agent_id, name: made.name } : {}),
  },
  input: z.object({
    approval_id: agreementField(),
    ...enrolmentRef,
    ...grantFields,
    fingerprint: fingerprintField(),
    mail_key: fields
      .optional(z.boolean('must be true or false'))
      .describe('Whether the API key also goes to your mailbox. Default: true.'),
  }),
  output: z
    .object({
      agent_id: fields.id(),
      name: z.string(),
      api_key: fields.shownSecret().optional().meta({ description: 'Not there if the agent collects it.' }),
      policy_id: fields.id().optional(),
      mailed: z.boolean().describe('Whether the API key also goes to your mailbox.'),
    })
    .meta({ id: 'ApprovedEnrollment' }),
  reveals: ['api_key'],
  errors: [notAuthenticated, enrolmentNotFound, vaultNotFound, denied, tierLimitReached],
  run: (context, { mail_key = true, ...input }) => {
    const { unit, settings } = context
    const user = currentUser(context)
    const enrolment = chosen(context, input)
    const { pairing } = enrolment
    endEnrolment(context, enrolment)
    const { name, description } = enrolment
    const { agent, key } = makeAgent(context, { name, description, auth_method: 'api_key', environment: undefined })
    if (!key) throw enrolmentNotFound()
    created(context, 'agent', agent.id)
    unit.audit(
      auditEvent(context, { action: 'agent.register', resource: { type: 'agent', id: agent.id }, details: { name } }),
    )
    const policy_id = grant(context, agent.id, input)
    if (pairing) {
      approvePairing(context, pairing, agent)
      return { agent_id: agent.id, name, policy_id, mailed: false }
    }
    const mailed = mail_key && settings.mail
    if (mailed) stageMail(context, keyLetter(settings, user.email, { id: agent.id, name, key: key.reveal() }))
    return { agent_id: agent.id, name, api_key: key, policy_id, mailed }
  },
})

type Chosen = Parameters<typeof decidable>[1] & { readonly fingerprint?: string | undefined }

function chosen(context: Context, input: Chosen): Enrolment {
  const enrolment = decidable(context, input)
  checkFingerprint(enrolment.pairing, input.fingerprint)
  return enrolment
}

/** The agent, as people see it who must agree. The token of its link says nothing to them. */
function shownAgent(context: Context, input: Chosen) {
  const { name, description, pairing } = chosen(context, input)
  return { name, description, fingerprint: pairing?.fingerprint ?? null }
}

/** Decided before people are asked to agree, so that a refusal tells nothing about the policies of a vault. */
function grantOf({ vault_id }: { readonly vault_id?: string | undefined }): Resource<'allow'> {
  return {
    type: 'enrolment',
    about: { vault_id },
    authorize: (context) => {
      requireScopes(context, vault_id !== undefined)
      if (vault_id !== undefined) vaultAt(vault_id).authorize(context, 'govern')
    },
  }
}

/** A key with scopes does here no more than it could do with `agents.create` and `policies.create` (M9). */
function requireScopes(context: Context, grants: boolean): void {
  const caller = signedIn(context)
  if (caller.kind !== 'user') return
  for (const scope of ['agents:write', ...(grants ? ['policies:write'] : [])]) {
    if (!hasScope(caller.keyScopes, scope)) throw denied({ reason: `The API key does not have the scope ${scope}.` })
  }
}

type Granted = { readonly [Name in keyof typeof grantFields]: z.output<(typeof grantFields)[Name]> }

function grant(
  context: Context,
  agentId: string,
  { vault_id, secret_path_pattern, permissions }: Granted,
): string | undefined {
  if (vault_id === undefined) {
    if (secret_path_pattern ?? permissions) throw invalidField('vault_id', 'is missing')
    return undefined
  }
  const wanted = { vault_id, secret_path_pattern: secret_path_pattern ?? '**', permissions: permissions ?? ['read'] }
  const { id, pattern } = newPolicy(context, { kind: 'agent', id: agentId }, wanted)
  const details = { vault_id, pattern, principal: `agent:${agentId}`, permissions: [...wanted.permissions] }
  context.unit.audit(auditEvent(context, { action: 'policy.create', resource: { type: 'policy', id }, details }))
  return id
}

import * as z from 'zod'
import { nilUuid } from '../../../kernel/ids.ts'
import { Secret } from '../../../kernel/secret.ts'
import { day } from '../../../kernel/time.ts'
import { auditEvent, type Context, fields, operation, quotas, rateLimited, rates } from '../../../operations/index.ts'
import { agentFields } from '../../agents/index.ts'
import { stageMailIf } from '../../mail/index.ts'
import { type Account, accountByEmail, emailField } from '../../orgs/index.ts'
import { approvalUrl, requestLetter } from '../letters.ts'
import { newPairing, publicKeyField } from '../pairing.ts'
import { newEnrolment, newEnrolmentFor, takePlaceOfAddress, type Wanted } from '../pending.ts'

/** When to try again while too many wait. */
const laterSeconds = 600

export const enroll = operation({
  name: 'enrolments.enroll',
  summary:
    'Request an identity as an agent. A user must allow it. The answer has no key. The user gets it, or with a public key, the agent collects it.',
  http: { method: 'POST', path: '/v1/agents/enroll', status: 201, id: 'enrollAgent', tag: 'Agents' },
  command: {
    name: 'agent enroll',
    positionals: ['name'],
    // Without agent_id, which is the nil UUID.
    columns: ['message', 'approval_url', 'pairing_id', 'fingerprint', 'poll_token'],
    flags: { human_email: 'email', description: 'description d' },
  },
  effect: 'write',
  access: 'public',
  // Whose trail the request belongs in is known only here, so it stages its own event.
  audit: 'none',
  input: z.object({
    name: agentFields.name,
    human_email: fields
      .optional(z.union([z.literal(''), emailField()]))
      .describe('E-mail address of the user who decides. Default: the answer has a link for a user.'),
    description: fields.optional(agentFields.description),
    public_key: fields.optional(publicKeyField()),
  }),
  output: z
    .object({
      agent_id: fields.id().describe('The nil UUID. The agent gets its ID when it is allowed.'),
      message: z.string(),
      approval_url: z.string().meta({ format: 'uri' }).optional(),
      pairing_id: fields.id().optional(),
      fingerprint: z.string().optional().meta({
        description: 'Fingerprint of this request. Show it to the user, who must type it to allow you.',
      }),
      poll_token: fields
        .shownSecret()
        .optional()
        .meta({ description: 'For X-Poll-Token of the status. Keep it secret.' }),
    })
    .meta({ id: 'AgentEnrollment' }),
  reveals: ['poll_token'],
  limits: [
    { per: 'address', rate: rates.signIn },
    { per: 'value', of: ({ human_email }) => human_email || null, quota: quotas.enrolments },
  ],
  errors: [rateLimited],
  run: (context, { name, human_email: email, description = '', public_key }) => {
    const pairing = public_key === undefined ? null : newPairing(context, public_key)
    const wanted = { name, description, pairing }
    // The record of the pairing takes a place too, also for an unknown address.
    if (pairing && email && !takePlaceOfAddress(context)) throw tooMany()
    const answer = email ? byEmail(context, email, wanted) : byLink(context, wanted)
    if (!pairing) return { agent_id: nilUuid, ...answer }
    const { id: pairing_id, fingerprint, pollToken } = pairing
    return { agent_id: nilUuid, ...answer, pairing_id, fingerprint, poll_token: Secret.of(pollToken) }
  },
})

/** The answer and the work are the same for each address. Only a known user gets a mail and sees the request. */
function byEmail(context: Context, email: string, wanted: Wanted): { message: string } {
  const { settings } = context
  const account = accountByEmail(context, email, ({ status }) => status === 'active')
  if (account) ask(context, account, email, wanted)
  const where = settings.mail ? 'by mail and ' : ''
  const unsent = settings.mail ? '' : ' This server sends no mail, so tell the user about the request.'
  return {
    message: `If this address has an account, its user was asked ${where}at ${settings.publicUrl}/account.${unsent} The user gets the API key and can give it to you.`,
  }
}

function ask(context: Context, account: Account, email: string, wanted: Wanted): void {
  const { unit, now, settings } = context
  const holder = { org: account.org, user: account.id, isKnown: account.user !== null }
  const { id, token, isSeen } = newEnrolmentFor(context, holder, wanted)
  if (settings.mail) stageMailIf(context, isSeen, requestLetter(settings, email, wanted, token, now + day))
  const resource = { type: 'enrollment', id }
  const details = { name: wanted.name, ...(!isSeen && { outcome: 'denied' }) }
  unit.audit(auditEvent(context, { action: 'agent.enroll', resource, details }), account.org)
}

function tooMany() {
  return rateLimited({ retryAfterSeconds: laterSeconds })
}

function byLink(context: Context, wanted: Wanted): { message: string; approval_url: string } {
  const made = newEnrolment(context, wanted)
  if (!made) throw tooMany()
  return {
    message: 'Give the link to a user. The user signs in, allows the agent, and gets its API key.',
    approval_url: approvalUrl(context.settings, made.token),
  }
}

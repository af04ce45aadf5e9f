import * as z from 'zod'
import { equalBytes } from '../../../kernel/bytes.ts'
import { fields, operation, perEngine, signedIn } from '../../../operations/index.ts'
import { trustedKeys } from '../signing-keys.ts'
import { trailOf } from '../trail.ts'
import { type Verdict, verifyWindow } from '../verify-window.ts'

const defaultEvents = 1_000
const eventsMax = 10_000

const scheme = {
  algorithm: 'HMAC-SHA256',
  chain_structure:
    'One chain of blocks per engine and organisation. The MAC of a block is over its events, its place, its time and the ' +
    'MAC of the block before it. The hash of an event follows from the MAC of its block and its number. ' +
    'The ends of the chains are signed with Ed25519 by a key of the HSM.',
  hash_field: 'integrity_hash',
  link_field: 'prev_event_id',
  documentation: 'https://www.rfc-editor.org/rfc/rfc2104',
}

const auditKeys = perEngine(({ auditKey }) => auditKey)

export const verifyEvents = operation({
  name: 'audit.verify',
  summary: 'Verify that no audit event in a time range was changed or removed, and that the trail is complete.',
  http: { method: 'GET', path: '/v1/audit/verify', status: 200, id: 'verifyAuditChain', tag: 'Audit' },
  command: {
    name: 'audit check',
    columns: ['chain_valid', 'events_verified', 'events_checked', 'broken_at_event_id', 'problem'],
  },
  effect: 'read',
  access: { signedIn: ['user'], admin: true },
  audit: { action: 'audit.verify', resource: 'audit' },
  input: z.object({
    from: fields.optional(fields.time()).describe('Only events at or after this time.'),
    to: fields.optional(fields.time()).describe('Only events at or before this time.'),
    limit: fields.optional(fields.count(eventsMax, 1)).describe('Maximum number of events. Default: 1000.'),
  }),
  output: z
    .object({
      chain_valid: z.boolean(),
      events_verified: fields.count(),
      events_checked: fields.count(),
      broken_at_event_id: fields.id().nullable(),
      problem: z.string().optional(),
      scheme: z.object({
        algorithm: z.string(),
        chain_structure: z.string(),
        hash_field: z.string(),
        link_field: z.string(),
        documentation: z.string(),
      }),
    })
    .meta({ id: 'AuditVerifyResponse' }),
  errors: [],
  run: (context, { from, to, limit = defaultEvents }) => {
    const { org } = signedIn(context)
    const { crypto, hsm, unit, reading, log } = context
    const keysNow = () => trustedKeys(crypto, hsm, reading())
    const verify = async (signingKeys: readonly Uint8Array[]): Promise<Verdict> => {
      const checking = { crypto, key: auditKeys(context)(org), signingKeys }
      const verdict = await verifyWindow(checking, trailOf(context, org), { from, to, limit })
      if (!verdict.finding) return verdict
      // A key that was made meanwhile signed what this found.
      const keys = await keysNow()
      return sameKeys(keys, signingKeys) ? verdict : verify(keys)
    }
    const { checked, verified, finding } = unit.waitFor(async () => verify(await keysNow()))
    if (finding) log('error', 'the audit trail failed verification', { org, ...finding })
    return {
      chain_valid: finding === null,
      events_verified: verified,
      events_checked: checked,
      broken_at_event_id: finding?.eventId ?? null,
      problem: finding?.problem,
      scheme,
    }
  },
})

function sameKeys(one: readonly Uint8Array[], other: readonly Uint8Array[]): boolean {
  return one.length === other.length && one.every((key, at) => equalBytes(key, other[at] as Uint8Array))
}

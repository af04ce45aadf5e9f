import * as z from 'zod'
import { invalidField } from '../../../kernel/errors.ts'
import { Secret } from '../../../kernel/secret.ts'
import { rfc3339, second } from '../../../kernel/time.ts'
import {
  AfterCommit,
  actorOf,
  auditEvent,
  type Engine,
  fields,
  operation,
  serviceFailed,
  serviceNotConfigured,
  signedIn,
} from '../../../operations/index.ts'
import { agentAt, agentKind, agentNotFound } from '../../agents/index.ts'
import { askService, requireService } from '../../wallets/index.ts'
import { endLease, revokeJob } from '../end.ts'
import { leaseNotFound, leasesFull, partnerKeyMissing } from '../errors.ts'
import { type BankrLease, bankrConfigKind, bankrLeaseKind, takePlace } from '../records.ts'
import { walletIdField } from '../schemas.ts'

const ttlSecondsDefault = 3_600

const flag = (what: string) => fields.optional(z.boolean('must be true or false')).describe(what)

export const leaseBankrKey = operation({
  name: 'bankr.lease',
  summary: 'Lease a short-lived key of a Bankr wallet for an agent. The key is shown once and not stored.',
  http: {
    method: 'POST',
    path: '/v1/agents/{agent_id}/bankr-keys/lease',
    status: 201,
    id: 'leaseBankrKey',
    tag: 'Bankr Keys',
  },
  command: { name: 'bankr lease' },
  effect: 'write',
  access: { permission: 'run', resource: ({ agent_id }) => agentAt(agent_id), signedIn: ['user'] },
  audit: {
    action: 'bankr_key.lease',
    resource: 'agent',
    about: ({ agent_id, wallet_id }) => ({ id: agent_id, wallet_id }),
    settled: 'bankr_key.leased',
  },
  input: z.object({
    agent_id: fields.id(),
    wallet_id: fields.optional(walletIdField()).describe('Wallet at Bankr. Default: the one of the organisation.'),
    ttl_seconds: fields.optional(fields.count(86_400, 60)).describe(`Default: ${ttlSecondsDefault}.`),
    permissions: fields
      .optional(
        z.object({
          llm_gateway_enabled: flag('Default: true.'),
          agent_api_enabled: flag('Default: false.'),
          read_only: flag('Default: true.'),
        }),
      )
      .describe('What the key can do at Bankr.'),
  }),
  output: z.object({
    lease_id: fields.id(),
    api_key: fields.shownSecret(),
    wallet_id: z.string(),
    expires_at: fields.shownTime(),
  }),
  reveals: ['api_key'],
  errors: [agentNotFound, partnerKeyMissing, leasesFull, leaseNotFound, serviceNotConfigured, serviceFailed],
  run: (context, { agent_id, wallet_id, ttl_seconds = ttlSecondsDefault, permissions = {} }) => {
    const { unit, now } = context
    requireService(context, 'bankr')
    unit.require(agentKind, agent_id, agentNotFound)
    const config = unit.get(bankrConfigKind, 'org')
    if (!config) throw partnerKeyMissing()
    const walletId = wallet_id ?? config.defaultWalletId
    if (walletId === null) throw invalidField('wallet_id', 'is missing, and the organisation has no default wallet')
    const { org } = signedIn(context)
    const lease: BankrLease = {
      ...{ id: context.newId(), org, agentId: agent_id, walletId, keyId: null, partnerKey: config.partnerKey },
      permissions: {
        llmGateway: permissions.llm_gateway_enabled ?? true,
        agentApi: permissions.agent_api_enabled ?? false,
        readOnly: permissions.read_only ?? true,
      },
      ...{ createdAt: now, endsAt: now + ttl_seconds * second },
    }
    takePlace(context, lease)
    unit.put(bankrLeaseKind, lease)
    const by = actorOf(context)
    return new AfterCommit({ lease: lease.id, wallet_id: walletId }, async (engine) => ({
      lease_id: lease.id,
      api_key: await made(engine, lease, ttl_seconds, by),
      ...{ wallet_id: walletId, expires_at: rfc3339(lease.endsAt) },
    }))
  },
})

async function made(
  engine: Engine,
  lease: BankrLease,
  ttlSeconds: number,
  by: ReturnType<typeof actorOf>,
): Promise<Secret<string>> {
  const { id, org, agentId, partnerKey, walletId, permissions } = lease
  const answer = await askService(engine, 'bankr', (bankr) =>
    bankr.lease({ partnerKey, walletId, ttlSeconds, permissions }),
  ).catch(async (error: unknown) => {
    await engine.records.transactIn(org, (unit) => {
      const known = unit.get(bankrLeaseKind, id)
      if (known) endLease(engine.jobs, unit, known)
    })
    throw error
  })
  const { keyId } = answer
  const isKept = await engine.records.transactIn(org, (unit) => {
    const known = unit.get(bankrLeaseKind, id)
    // What allowed it is gone meanwhile.
    if (!known) {
      engine.jobs.stage(unit, revokeJob, { partnerKey, keyId })
      return false
    }
    unit.put(bankrLeaseKind, { ...known, keyId })
    const details = { lease: id, wallet_id: walletId, bankr_key_id: keyId }
    unit.audit(auditEvent(by, { action: 'bankr_key.leased', resource: { type: 'agent', id: agentId }, details }))
    return true
  })
  if (!isKept) throw leaseNotFound()
  return Secret.of(answer.apiKey)
}

import * as z from 'zod'
import { type Engine, operation, perEngine } from '../../../operations/index.ts'
import type { Reading } from '../../../records/index.ts'
import { installationKind, orgKind } from '../../orgs/index.ts'
import { promptStatus } from '../../vaults/index.ts'
import { version } from '../version.ts'

export const getHealth = operation({
  name: 'health.get',
  summary: 'Report whether the server is healthy.',
  http: { method: 'GET', path: '/v1/health', status: 200, id: 'healthCheck', tag: 'Health' },
  command: { name: 'health', succeeds: { status: 'healthy' } },
  effect: 'read',
  access: 'public',
  whileSealed: true,
  audit: 'none',
  input: z.object({}),
  output: z
    .object({
      status: z.enum(['healthy', 'degraded']),
      service: z.literal('pawl'),
      version: z.string(),
      audit_sync: z
        .literal('os')
        .optional()
        .describe('Present when a power failure can lose the audit events of the last reads (PAWL_AUDIT_SYNC).'),
      key_stores_unavailable: z
        .int()
        .optional()
        .describe(
          'Present when key stores of organisations are not available: how many. The vaults in them are sealed.',
        ),
    })
    .meta({ id: 'HealthResponse' }),
  errors: [],
  run: (context) => {
    const { unit, hsm, keyStores, reading, settings } = context
    const works = unit.waitFor(
      async () => (await hsm.status()) === 'ok' && (await canRead(reading())) && (await canWrite(engineOf(context))),
    )
    const status = works ? ('healthy' as const) : ('degraded' as const)
    const { auditSync } = settings
    const statuses = unit.waitFor(() => Promise.all([...keyStores.keys()].map((name) => promptStatus(context, name))))
    const away = statuses.filter((one) => one !== 'ok').length
    return {
      status,
      service: 'pawl' as const,
      version,
      ...(auditSync === 'os' ? { audit_sync: auditSync } : {}),
      ...(away > 0 ? { key_stores_unavailable: away } : {}),
    }
  },
})

const engineOf = perEngine((engine) => engine)

/** After a batch that the store refused, writes a record as it is, to see whether the disk has room again. */
async function canWrite({ records }: Engine): Promise<boolean> {
  if (!records.refusesWrites) return true
  const rewritten = records.transact((unit) => {
    const installed = unit.get(installationKind, 'main')
    if (installed) unit.put(installationKind, installed)
  })
  return rewritten.then(
    () => !records.refusesWrites,
    () => false,
  )
}

/** Asks the store itself, not what is remembered of it. */
function canRead(reading: Reading): Promise<boolean> {
  return reading.page(orgKind, 'created', { limit: 1 }).then(
    () => true,
    () => false,
  )
}

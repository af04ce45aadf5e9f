import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import type { HsmStatus } from '../../../ports/hsm.ts'

export const getHsmHealth = operation({
  name: 'health.hsm',
  summary: 'Report whether the key store (HSM) works.',
  http: { method: 'GET', path: '/v1/health/hsm', status: 200, id: 'healthHsm', tag: 'Health' },
  effect: 'read',
  access: 'public',
  whileSealed: true,
  audit: 'none',
  input: z.object({}),
  output: z
    .object({ status: z.enum(['ok', 'degraded', 'unavailable']), hsm_provider: z.string(), connected: z.boolean() })
    .meta({ id: 'HsmHealthResponse' }),
  errors: [],
  run: ({ unit, hsm }) => {
    const status = unit.waitFor(() => hsm.status())
    return { status: shown[status], hsm_provider: hsm.provider, connected: status !== 'unavailable' }
  },
})

/** Sealed keys cannot be used, in any key store. */
const shown = {
  ok: 'ok',
  degraded: 'degraded',
  sealed: 'unavailable',
  unavailable: 'unavailable',
} as const satisfies Record<HsmStatus, string>

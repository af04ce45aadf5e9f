import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { appAt } from '../access.ts'
import { countsOf } from '../counts.ts'
import { appNotFound } from '../errors.ts'
import { aboutApp } from '../events.ts'

export const appStats = operation({
  name: 'platform.appStats',
  summary: 'Count the connections, bootstraps and grants of an app.',
  http: {
    method: 'GET',
    path: '/v1/platform/apps/{app_id}/stats',
    status: 200,
    id: 'getPlatformAppStats',
    tag: 'Platform',
  },
  command: { name: 'app stats' },
  effect: 'read',
  access: { permission: 'use', resource: ({ app_id }) => appAt(app_id), signedIn: ['user', 'app'] },
  audit: { action: 'platform_app.stats', resource: 'platform_app', about: ({ app_id }) => aboutApp(app_id) },
  input: z.object({ app_id: fields.id() }),
  output: z.object({
    total_connections: fields.count(),
    active_connections: fields.count(),
    claimed_connections: fields.count(),
    total_bootstraps: fields.count(),
    total_grants: fields.count(),
  }),
  errors: [appNotFound],
  run: ({ unit }, { app_id }) => {
    const { connections, active, claimed, bootstraps, grants } = countsOf(unit, app_id)
    return {
      total_connections: connections,
      active_connections: active,
      claimed_connections: claimed,
      total_bootstraps: bootstraps,
      total_grants: grants,
    }
  },
})

import * as z from 'zod'
import { operation, signedIn } from '../../../operations/index.ts'
import { appKind } from '../records.ts'
import { AppBody, appBody } from '../schemas.ts'

export const listApps = operation({
  name: 'platform.listApps',
  summary: 'List the platform apps of the organisation.',
  http: { method: 'GET', path: '/v1/platform/apps', status: 200, id: 'listPlatformApps', tag: 'Platform' },
  command: { name: 'app list', columns: ['id', 'slug', 'name', 'connected_users', 'is_active'] },
  effect: 'read',
  access: { signedIn: ['user'], admin: true },
  audit: { action: 'platform_app.list', resource: 'platform_app' },
  input: z.object({}),
  output: z.object({ apps: z.array(AppBody) }),
  errors: [],
  run: (context) => {
    const apps = context.unit.list(appKind, 'org', signedIn(context).org)
    return { apps: apps.map((app) => appBody(context, app)) }
  },
})

import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { appAt } from '../access.ts'
import { appNotFound } from '../errors.ts'
import { aboutApp } from '../events.ts'
import { appKind } from '../records.ts'
import { AppBody, appBody } from '../schemas.ts'

export const getApp = operation({
  name: 'platform.getApp',
  summary: 'Get a platform app.',
  http: { method: 'GET', path: '/v1/platform/apps/{app_id}', status: 200, id: 'getPlatformApp', tag: 'Platform' },
  command: { name: 'app get' },
  effect: 'read',
  access: { permission: 'use', resource: ({ app_id }) => appAt(app_id), signedIn: ['user', 'app'] },
  audit: { action: 'platform_app.read', resource: 'platform_app', about: ({ app_id }) => aboutApp(app_id) },
  input: z.object({ app_id: fields.id() }),
  output: AppBody,
  errors: [appNotFound],
  run: (context, { app_id }) => appBody(context, context.unit.require(appKind, app_id, appNotFound)),
})

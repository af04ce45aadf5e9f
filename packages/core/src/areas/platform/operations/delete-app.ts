import * as z from 'zod'
import { rfc3339 } from '../../../kernel/time.ts'
import { cascadeAndWait, fields, operation } from '../../../operations/index.ts'
import { setAppWebhook } from '../../webhooks/index.ts'
import { appAt } from '../access.ts'
import { appNotFound } from '../errors.ts'
import { aboutApp } from '../events.ts'
import { appKind } from '../records.ts'

export const deleteApp = operation({
  name: 'platform.deleteApp',
  summary: 'Delete an app with its keys, templates and connections. What it made for users stays theirs.',
  http: { method: 'DELETE', path: '/v1/platform/apps/{app_id}', status: 200, id: 'deletePlatformApp', tag: 'Platform' },
  command: { name: 'app delete' },
  effect: 'write',
  access: { permission: 'own', resource: ({ app_id }) => appAt(app_id), signedIn: ['user'] },
  audit: { action: 'platform.app_deleted', resource: 'platform_app', about: ({ app_id }) => aboutApp(app_id) },
  input: z.object({ app_id: fields.id() }),
  output: z.object({
    id: fields.id(),
    slug: z.string(),
    former_slug: z.string(),
    deleted: z.boolean(),
    soft_delete: z.boolean(),
    deleted_at: fields.shownTime(),
    slug_released: z.boolean(),
  }),
  errors: [appNotFound],
  run: (context, { app_id }) => {
    const app = context.unit.require(appKind, app_id, appNotFound)
    setAppWebhook(context, { appId: app.id, url: null })
    context.unit.delete(appKind, app)
    cascadeAndWait(context, 'removed', 'app', app_id)
    const { slug } = app
    const deleted_at = rfc3339(context.now)
    return { id: app_id, slug, former_slug: slug, deleted: true, soft_delete: false, deleted_at, slug_released: true }
  },
})

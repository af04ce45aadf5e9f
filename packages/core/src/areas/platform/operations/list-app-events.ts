import * as z from 'zod'
import { fields, knownCaller, operation } from '../../../operations/index.ts'
import { appAt } from '../access.ts'
import { appNotFound } from '../errors.ts'
import { aboutApp } from '../events.ts'
import { AppEventBody, appEventBody, pageOfEvents, trailPage } from '../trail.ts'

export const listAppEvents = operation({
  name: 'platform.listEvents',
  summary: 'List what happened to an app, its templates and its connections, newest first.',
  http: {
    method: 'GET',
    path: '/v1/platform/apps/{app_id}/audit',
    status: 200,
    id: 'listPlatformEvents',
    tag: 'Platform',
  },
  command: { name: 'app audit', columns: ['created_at', 'action', 'actor_type', 'actor_id'] },
  effect: 'read',
  access: { permission: 'use', resource: ({ app_id }) => appAt(app_id), signedIn: ['user', 'app'] },
  audit: { action: 'platform_app.list_events', resource: 'platform_app', about: ({ app_id }) => aboutApp(app_id) },
  input: z.object({ app_id: fields.id(), ...trailPage }),
  output: z.object({
    events: z.array(AppEventBody),
    total: fields.count().describe('Number of events, counted up to 10000.'),
  }),
  errors: [appNotFound],
  run: (context, { app_id, ...page }) => {
    const { org } = knownCaller(context)
    const found = pageOfEvents(
      context,
      { org, terms: { resource: app_id }, isOpen: ({ action }) => action.startsWith('platform.') },
      page,
    )
    return { events: found.events.map(appEventBody), total: found.counted }
  },
})

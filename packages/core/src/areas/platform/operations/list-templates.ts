import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { appAt } from '../access.ts'
import { appNotFound } from '../errors.ts'
import { aboutApp } from '../events.ts'
import { templateKind } from '../records.ts'
import { TemplateBody, templateBody } from '../templates.ts'

export const listTemplates = operation({
  name: 'platform.listTemplates',
  summary: 'List the templates of an app, oldest first.',
  http: {
    method: 'GET',
    path: '/v1/platform/apps/{app_id}/templates',
    status: 200,
    id: 'listPlatformTemplates',
    tag: 'Platform',
  },
  command: { name: 'template list', columns: ['id', 'name', 'version', 'is_active'] },
  effect: 'read',
  access: { permission: 'use', resource: ({ app_id }) => appAt(app_id), signedIn: ['user', 'app'] },
  audit: { action: 'platform_template.list', resource: 'platform_app', about: ({ app_id }) => aboutApp(app_id) },
  input: z.object({ app_id: fields.id() }),
  output: z.object({ templates: z.array(TemplateBody) }),
  errors: [appNotFound],
  run: ({ unit }, { app_id }) => ({ templates: unit.list(templateKind, 'app', app_id).map(templateBody) }),
})

import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { appAt } from '../access.ts'
import { appNotFound, templateNotFound } from '../errors.ts'
import { aboutTemplate } from '../events.ts'
import { findTemplate, TemplateBody, templateBody, templatePlace } from '../templates.ts'

export const getTemplate = operation({
  name: 'platform.getTemplate',
  summary: 'Get a template of an app.',
  http: {
    method: 'GET',
    path: '/v1/platform/apps/{app_id}/templates/{template_id}',
    status: 200,
    id: 'getPlatformTemplate',
    tag: 'Platform',
  },
  command: { name: 'template get' },
  effect: 'read',
  access: { permission: 'use', resource: ({ app_id }) => appAt(app_id), signedIn: ['user', 'app'] },
  audit: {
    action: 'platform_template.read',
    resource: 'platform_app',
    about: ({ app_id, template_id }) => aboutTemplate(app_id, template_id),
  },
  input: z.object(templatePlace),
  output: TemplateBody,
  errors: [appNotFound, templateNotFound],
  run: (context, place) => templateBody(findTemplate(context, place)),
})

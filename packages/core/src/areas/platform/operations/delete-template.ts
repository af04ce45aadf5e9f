import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { appAt } from '../access.ts'
import { appNotFound, templateNotFound } from '../errors.ts'
import { aboutTemplate } from '../events.ts'
import { templateKind } from '../records.ts'
import { findTemplate, templatePlace } from '../templates.ts'

export const deleteTemplate = operation({
  name: 'platform.deleteTemplate',
  summary: 'Delete a template. What was made from it stays.',
  http: {
    method: 'DELETE',
    path: '/v1/platform/apps/{app_id}/templates/{template_id}',
    status: 204,
    id: 'deletePlatformTemplate',
    tag: 'Platform',
  },
  command: { name: 'template delete' },
  effect: 'write',
  access: { permission: 'use', resource: ({ app_id }) => appAt(app_id), signedIn: ['user', 'app'] },
  audit: {
    action: 'platform.template_deleted',
    resource: 'platform_app',
    about: ({ app_id, template_id }) => aboutTemplate(app_id, template_id),
  },
  input: z.object(templatePlace),
  output: z.undefined(),
  errors: [appNotFound, templateNotFound],
  run: (context, place) => {
    context.unit.delete(templateKind, findTemplate(context, place))
    return undefined
  },
})

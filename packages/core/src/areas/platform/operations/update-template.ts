import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { appAt } from '../access.ts'
import { appNotFound, templateNotFound } from '../errors.ts'
import { aboutTemplate } from '../events.ts'
import { templateKind } from '../records.ts'
import { checkSpec, specField } from '../template-spec.ts'
import { descriptionField, findTemplate, TemplateBody, templateBody, templatePlace } from '../templates.ts'

export const updateTemplate = operation({
  name: 'platform.updateTemplate',
  summary: 'Update the given fields of a template. A new spec is a new version. What was made before stays as it is.',
  http: {
    method: 'PATCH',
    path: '/v1/platform/apps/{app_id}/templates/{template_id}',
    status: 200,
    id: 'updatePlatformTemplate',
    tag: 'Platform',
  },
  command: { name: 'template update', flags: { description: 'description d', is_active: 'active' } },
  effect: 'write',
  access: { permission: 'use', resource: ({ app_id }) => appAt(app_id), signedIn: ['user', 'app'] },
  audit: {
    action: 'platform.template_updated',
    resource: 'platform_app',
    about: ({ app_id, template_id, ...named }) =>
      aboutTemplate(app_id, template_id, { fields: Object.keys(named).sort() }),
  },
  input: z.object({
    ...templatePlace,
    name: fields.optional(fields.name()).describe('Name of the template.'),
    description: fields.clearable(descriptionField()),
    spec: fields.optional(specField()),
    is_active: z.boolean('must be true or false').optional().describe('Whether a bootstrap can use the template.'),
  }),
  output: TemplateBody,
  errors: [appNotFound, templateNotFound],
  run: (context, { name, description, spec, is_active, ...place }) => {
    const { unit, now, areas } = context
    if (spec) checkSpec(spec, areas)
    const before = findTemplate(context, place)
    const isNewSpec = spec !== undefined && JSON.stringify(spec) !== JSON.stringify(before.spec)
    const template = {
      ...before,
      name: name ?? before.name,
      description: description === undefined ? before.description : (description ?? ''),
      spec: spec ?? before.spec,
      version: before.version + (isNewSpec ? 1 : 0),
      isActive: is_active ?? before.isActive,
      updatedAt: now,
    }
    unit.put(templateKind, template)
    return templateBody(template)
  },
})

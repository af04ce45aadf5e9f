import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { appAt } from '../access.ts'
import { appNotFound, templatesFull } from '../errors.ts'
import { aboutTemplate } from '../events.ts'
import { type Template, templateKind } from '../records.ts'
import { checkSpec, specField } from '../template-spec.ts'
import { descriptionField, TemplateBody, templateBody } from '../templates.ts'

const templatesMax = 100

export const createTemplate = operation({
  name: 'platform.createTemplate',
  summary: 'Create a template: what a bootstrap makes for each user of the app.',
  http: {
    method: 'POST',
    path: '/v1/platform/apps/{app_id}/templates',
    status: 201,
    id: 'createPlatformTemplate',
    tag: 'Platform',
  },
  command: { name: 'template create', positionals: ['app_id', 'name'], flags: { description: 'description d' } },
  effect: 'write',
  access: { permission: 'use', resource: ({ app_id }) => appAt(app_id), signedIn: ['user', 'app'] },
  audit: {
    action: 'platform.template_created',
    resource: 'platform_app',
    about: ({ app_id, name }, made) => aboutTemplate(app_id, made?.id, { name }),
  },
  input: z.object({
    app_id: fields.id(),
    name: fields.name(),
    description: fields.optional(descriptionField()),
    spec: specField(),
  }),
  output: TemplateBody,
  errors: [appNotFound, templatesFull],
  run: (context, { app_id, name, description = '', spec }) => {
    const { unit, now, newId, areas } = context
    checkSpec(spec, areas)
    if (unit.list(templateKind, 'app', app_id).length >= templatesMax) throw templatesFull({ max: templatesMax })
    const template: Template = {
      id: newId(),
      appId: app_id,
      name,
      description,
      version: 1,
      spec,
      isActive: true,
      createdAt: now,
      updatedAt: now,
    }
    unit.put(templateKind, template)
    return templateBody(template)
  },
})

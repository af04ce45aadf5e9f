import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { appAt } from '../access.ts'
import { appNotFound, templateNotFound } from '../errors.ts'
import { aboutTemplate } from '../events.ts'
import { fillSpec, readSpec, shownSpec } from '../template-spec.ts'
import { findTemplate, templatePlace } from '../templates.ts'

const word = () => fields.optional(fields.text(512))

export const previewTemplate = operation({
  name: 'platform.previewTemplate',
  summary: 'Show what a bootstrap would make from a template: every default, and every placeholder replaced.',
  http: {
    method: 'POST',
    path: '/v1/platform/apps/{app_id}/templates/{template_id}/preview',
    status: 200,
    id: 'previewPlatformTemplate',
    tag: 'Platform',
  },
  command: { name: 'template preview' },
  effect: 'read',
  access: { permission: 'use', resource: ({ app_id }) => appAt(app_id), signedIn: ['user', 'app'] },
  audit: {
    action: 'platform_template.preview',
    resource: 'platform_app',
    about: ({ app_id, template_id }) => aboutTemplate(app_id, template_id),
  },
  input: z.object({
    ...templatePlace,
    parameters: fields.optional(fields.freeObject()).describe('What {{params.name}} stands for.'),
    subject: fields
      .optional(
        z.object({
          user_id: word(),
          external_subject: word(),
          wallet_address: word(),
          email: word(),
          display_name: word(),
        }),
      )
      .describe('What {{subject.email}} and the like stand for.'),
  }),
  output: z.object({ resolved_spec: fields.shownObject() }),
  errors: [appNotFound, templateNotFound],
  run: (context, { parameters: params = {}, subject = {}, ...place }) => {
    const { spec } = findTemplate(context, place)
    return { resolved_spec: shownSpec(readSpec(fillSpec(spec, { params, subject }), context.areas)) }
  },
})

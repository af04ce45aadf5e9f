import * as z from 'zod'
import { limits } from '../../kernel/limits.ts'
import { rfc3339 } from '../../kernel/time.ts'
import { type Context, fields } from '../../operations/index.ts'
import { templateInactive, templateNotFound } from './errors.ts'
import { type Template, templateKind } from './records.ts'

export const TemplateBody = z
  .object({
    id: fields.id(),
    platform_app_id: fields.id(),
    name: z.string(),
    description: z.string(),
    version: fields.count(),
    spec: fields.shownObject(),
    is_active: z.boolean(),
    created_at: fields.shownTime(),
    updated_at: fields.shownTime(),
  })
  .meta({ id: 'PlatformTemplate' })

export function templateBody(template: Template): z.infer<typeof TemplateBody> {
  const { id, appId, name, description, version, spec, isActive, createdAt, updatedAt } = template
  return {
    id,
    platform_app_id: appId,
    name,
    description,
    version,
    spec,
    is_active: isActive,
    created_at: rfc3339(createdAt),
    updated_at: rfc3339(updatedAt),
  }
}

export const templatePlace = { app_id: fields.id(), template_id: fields.id() }

export function descriptionField() {
  return fields.text(limits.descriptionCharactersMax).describe('Purpose, in your own words.')
}

/** The template, if it is one of this app. */
export function findTemplate(
  { unit }: Pick<Context, 'unit'>,
  { app_id, template_id }: { readonly app_id: string; readonly template_id: string },
): Template {
  const template = unit.require(templateKind, template_id, templateNotFound)
  if (template.appId !== app_id) throw templateNotFound()
  return template
}

/** The template of a bootstrap. Without a name, the newest active one. Null: the app has none. */
export function templateFor(
  context: Pick<Context, 'unit'>,
  appId: string,
  wanted: { readonly id?: string | undefined; readonly name?: string | undefined },
): Template | null {
  if (wanted.id !== undefined) {
    const template = context.unit.get(templateKind, wanted.id)
    if (template?.appId !== appId || !template.isActive) throw templateInactive({ field: 'template_id' })
    return template
  }
  const active = context.unit.list(templateKind, 'app', appId).filter(({ isActive }) => isActive)
  if (wanted.name === undefined) return active.at(-1) ?? null
  const named = active.findLast(({ name }) => name === wanted.name)
  if (!named) throw templateInactive({ field: 'template_name' })
  return named
}

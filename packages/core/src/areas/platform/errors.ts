import { defineError } from '../../kernel/errors.ts'

export const appNotFound = defineError(
  'platform_app_not_found',
  'not_found',
  'The platform app does not exist, or you do not run it.',
)

export const slugTaken = defineError(
  'slug_taken',
  'conflict',
  'Another platform app has this slug. Choose another one.',
)

export const templateNotFound = defineError(
  'platform_template_not_found',
  'not_found',
  'The app has no template with this ID.',
)

export const tooManyUsers = defineError<{ max: number }>(
  'platform_users_exceeded',
  'denied',
  ({ max }) => `The app has its ${max} connected users (max_connected_users). The app can raise the limit.`,
)

export const connectionNotFound = defineError(
  'platform_connection_not_found',
  'not_found',
  'The connection does not exist, has ended, or is not yours.',
)

export const templateInactive = defineError<{ field: string }>(
  'platform_template_unknown',
  'invalid',
  ({ field }) => `${field}: must name an active template of the app`,
)

export const templatesFull = defineError<{ max: number }>(
  'platform_templates_exceeded',
  'denied',
  ({ max }) => `An app can have at most ${max} templates. Delete one first.`,
)

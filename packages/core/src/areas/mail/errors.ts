import { defineError } from '../../kernel/errors.ts'

export const mailNotConfigured = defineError<{ setting: string }>(
  'mail_not_configured',
  'unavailable',
  ({ setting }) => `This operation sends mail, and mail is not configured. Set ${setting}.`,
)

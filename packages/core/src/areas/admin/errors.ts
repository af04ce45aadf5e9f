import { defineError } from '../../kernel/errors.ts'

export const unknownSetting = defineError<{ known: string; guess: string }>(
  'unknown_setting',
  'not_found',
  ({ known, guess }) => `There is no setting with this key${guess} The settings are: ${known}.`,
)

export const orgNotFound = defineError('org_not_found', 'not_found', 'There is no organisation with this ID.')

export const userNotFound = defineError('user_not_found', 'not_found', 'The user does not exist.')

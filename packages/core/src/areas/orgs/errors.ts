import { defineError } from '../../kernel/errors.ts'

export const memberNotFound = defineError(
  'member_not_found',
  'not_found',
  'The organisation has no member with this ID.',
)

export const lastOwner = defineError(
  'last_owner',
  'conflict',
  'The organisation has no other owner. Give another member the role owner first.',
)

export const emailTaken = defineError('email_taken', 'conflict', 'Another user already has this e-mail address.')

/** Does not tell whether the invitation was used, expired, was revoked or never existed. */
export const invitationInvalid = defineError(
  'invitation_invalid',
  'not_found',
  'The invitation does not exist, has expired or was used. Ask for a new one.',
)

/** A policy added or changed the rule about invitations after this invitation was sent. */
export const invitationNotAgreed = defineError(
  'invitation_not_agreed',
  'denied',
  'The rule about invitations changed, so this invitation is not valid. Ask an owner or admin for a new one.',
)

/** A sign-in or a platform app would add a member, and neither sends a request that people can agree to. */
export const memberNotAgreed = defineError(
  'member_not_agreed',
  'denied',
  'A policy requires the agreement of several people for each new member. Ask an owner or admin to add or invite this user.',
)

export const invitationNotFound = defineError(
  'invitation_not_found',
  'not_found',
  'The organisation has no invitation with this ID.',
)

export const settingNotFound = defineError<{ known: string }>(
  'setting_not_found',
  'not_found',
  ({ known }) => `There is no setting with this name. The settings are: ${known}.`,
)

/** The agent has created as many as the server and the organisation allow. The message names the setting. */
export const agentQuotaReached = defineError<{ what: string; max: number; setting: string }>(
  'resource_limit_exceeded',
  'denied',
  ({ what, max, setting }) =>
    `An agent can create at most ${max} ${what}. ${setting.startsWith('PAWL_') ? 'An operator' : 'An admin'} can change the limit (${setting}).`,
)

import { decide } from './decide.ts'
import { getConsent } from './get-consent.ts'
import { listConsents } from './list-consents.ts'
import { metadata } from './metadata.ts'
import { revoke } from './revoke.ts'
import { revokeConsent } from './revoke-consent.ts'
import { token } from './token.ts'
import { userInfo } from './user-info.ts'

export const oauthOperations = {
  consent: getConsent,
  decide,
  token,
  userInfo,
  revoke,
  consents: listConsents,
  revokeConsent,
  metadata,
}

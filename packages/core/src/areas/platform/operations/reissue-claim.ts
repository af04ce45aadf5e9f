import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { claimBody, newClaim, returnToOf } from '../claims.ts'
import { appConnection } from '../connections.ts'
import { claimUsed, connectionNotFound, notBootstrapped } from '../errors.ts'
import { tell } from '../events.ts'
import { connectionKind } from '../records.ts'
import { ClaimBody } from '../schemas.ts'

export const reissueClaim = operation({
  name: 'platform.reissueClaim',
  summary: 'Get a new claim link for a user. The link before stops working. Nothing is made again.',
  http: {
    method: 'POST',
    path: '/v1/platform/connections/{connection_id}/reissue-claim',
    status: 200,
    id: 'reissuePlatformClaim',
    tag: 'Platform',
  },
  command: { name: 'app reissue-claim', columns: ['claim_url', 'expires_in'] },
  effect: 'write',
  access: { signedIn: ['user', 'app'] },
  // The events stand in the trails of the user and of the app.
  audit: 'none',
  input: z.object({
    connection_id: fields.id(),
    return_to: fields.optional(fields.text(2_048, 1)).describe('Where the user goes after the claim.'),
  }),
  output: ClaimBody,
  reveals: ['claim_url', 'claim_token'],
  errors: [connectionNotFound, notBootstrapped, claimUsed],
  run: (context, { connection_id, return_to }) => {
    const { app, connection } = appConnection(context, connection_id)
    const before = connection.claim
    if (!before) throw notBootstrapped()
    if (before.redeemedAt !== null) throw claimUsed()
    const returnTo = return_to === undefined ? before.returnTo : returnToOf(app, return_to)
    const { claim, token } = newClaim(context, { returnTo, needsSignIn: before.needsSignIn })
    context.unit.put(connectionKind, { ...connection, claim })
    tell(context, connection, 'platform.claim.reissued')
    return claimBody(context, app, connection.id, token)
  },
})

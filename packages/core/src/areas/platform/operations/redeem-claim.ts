import * as z from 'zod'
import { fields, operation, rates } from '../../../operations/index.ts'
import { findClaim } from '../claims.ts'
import { countStatus } from '../counts.ts'
import { claimExpired, claimNeedsSignIn, claimNotFound, claimUsed } from '../errors.ts'
import { tell } from '../events.ts'
import { appKind, connectionKind } from '../records.ts'
import { claimTokenField } from '../schemas.ts'

export const redeemClaim = operation({
  name: 'platform.redeemClaim',
  summary: 'Claim what an app made. Works once. With auth_mode user_signin, the user must be signed in.',
  http: { method: 'POST', path: '/v1/platform/claim/{token}', status: 200, id: 'redeemPlatformClaim', tag: 'Platform' },
  command: null,
  effect: 'write',
  access: 'public',
  // Whose trail it belongs in is known only here.
  audit: 'none',
  input: z.object({ token: claimTokenField() }),
  output: z.object({
    status: z.literal('claimed'),
    connection_id: fields.id(),
    vault_ids: z.array(fields.id()),
    agent_ids: z.array(fields.id()),
    return_to: z.string().nullable(),
    dashboard_url: z.string(),
  }),
  limits: [{ per: 'address', rate: rates.signIn }],
  errors: [claimNotFound, claimUsed, claimExpired, claimNeedsSignIn],
  run: (context, { token }) => {
    const { unit, now, caller, settings } = context
    const found = findClaim(context, token)
    if (!found || !unit.get(appKind, found.appId)) throw claimNotFound()
    const { claim, ...connection } = found
    if (claim.redeemedAt !== null) throw claimUsed()
    if (claim.expiresAt <= now) throw claimExpired()
    const isUser = caller.kind === 'user' && caller.id === found.userId
    if (claim.needsSignIn && !isUser) throw claimNeedsSignIn()
    unit.enter(found.org)
    unit.put(connectionKind, { ...connection, status: 'claimed', claimedAt: now, claim: { ...claim, redeemedAt: now } })
    countStatus(unit, found.appId, found.status, 'claimed')
    tell(context, found, 'platform.user.claimed')
    return {
      status: 'claimed' as const,
      connection_id: found.id,
      vault_ids: [...found.vaultIds],
      agent_ids: [...found.agentIds],
      return_to: claim.returnTo,
      dashboard_url: `${settings.publicUrl.replace(/\/$/, '')}/account`,
    }
  },
})

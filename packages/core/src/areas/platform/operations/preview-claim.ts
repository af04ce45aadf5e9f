import * as z from 'zod'
import { fields, operation, rates } from '../../../operations/index.ts'
import { findClaim } from '../claims.ts'
import { claimNotFound } from '../errors.ts'
import { appKind } from '../records.ts'
import { claimTokenField } from '../schemas.ts'

export const previewClaim = operation({
  name: 'platform.previewClaim',
  summary: 'Show what a claim link is for. Also for a link that was used or has expired.',
  http: { method: 'GET', path: '/v1/platform/claim/{token}', status: 200, id: 'previewPlatformClaim', tag: 'Platform' },
  command: null,
  effect: 'read',
  access: 'public',
  audit: 'none',
  input: z.object({ token: claimTokenField() }),
  output: z.object({
    app_name: z.string(),
    app_slug: z.string(),
    app_logo_url: z.string().nullable(),
    auth_mode: z.enum(['silent', 'user_signin']),
    vault_ids: z.array(fields.id()),
    agent_ids: z.array(fields.id()),
    policy_count: fields.count(),
    status: z.enum(['pending', 'active', 'claimed', 'disconnected']),
    already_claimed: z.boolean(),
    expired: z.boolean(),
    return_to: z.string().nullable(),
  }),
  limits: [{ per: 'address', rate: rates.signIn }],
  errors: [claimNotFound],
  run: (context, { token }) => {
    const { unit, now } = context
    const found = findClaim(context, token)
    const app = found && unit.get(appKind, found.appId)
    if (!app) throw claimNotFound()
    const { claim } = found
    return {
      app_name: app.name,
      app_slug: app.slug,
      app_logo_url: app.logoUrl,
      auth_mode: claim.needsSignIn ? 'user_signin' : 'silent',
      vault_ids: [...found.vaultIds],
      agent_ids: [...found.agentIds],
      policy_count: found.policyIds.length,
      status: found.status,
      already_claimed: claim.redeemedAt !== null,
      expired: claim.redeemedAt === null && claim.expiresAt <= now,
      return_to: claim.returnTo,
    } as const
  },
})

import { invalidField } from '../../kernel/errors.ts'
import type { Secret } from '../../kernel/secret.ts'
import { day } from '../../kernel/time.ts'
import { type Context, created, denied, type Principal, principalOf, signedIn } from '../../operations/index.ts'
import { agentKind, isLive } from '../agents/index.ts'
import { passkeyNeeded } from '../credentials/index.ts'
import { agentQuotaReached, hashPassword, userKind } from '../orgs/index.ts'
import {
  checkKeyMaterial,
  currentVersion,
  keyMaterialDenied,
  type SecretEntry,
  secretGone,
  secretNotFound,
} from '../secrets/index.ts'
import { vaultNotFound } from '../vaults/index.ts'
import { agentShares } from './agent-quota.ts'
import { recipientNotFound } from './errors.ts'
import { shareMailJob } from './mail.ts'
import { type Recipient, type RecipientType, type Share, shareKind, shareRef } from './records.ts'
import { mayShareByLink } from './share.ts'

const defaultUsesMax = 5
const defaultLifetimeMs = day
const agentDaysMax = 7
const agentUsesMax = 100

/** The input fields of a share, without the secret. */
export interface WantedShare {
  readonly recipient_type: RecipientType
  readonly recipient_id?: string | undefined
  readonly email?: string | undefined
  readonly max_access_count?: number | undefined
  readonly expires_at?: number | undefined
  readonly passphrase?: Secret<string> | undefined
  readonly ip_allowlist?: readonly string[] | undefined
}

/** The errors of every operation that makes a share of a secret. */
export const newShareErrors = [
  secretNotFound,
  vaultNotFound,
  secretGone,
  keyMaterialDenied,
  recipientNotFound,
  agentQuotaReached,
  passkeyNeeded,
]

/** Stages a share of a secret. The caller must have read permission. */
export function newShare(context: Context, secret: SecretEntry, wanted: WantedShare): Share {
  const { unit, now, newId, jobs } = context
  const caller = signedIn(context)
  const { expiresAt, usesMax } = limitsOf(context, wanted)
  if (expiresAt <= now) throw invalidField('expires_at', 'must be in the future')
  const recipient = recipientOf(context, wanted)
  checkKeyMaterial(caller, currentVersion(context, secret).type)
  const linkId = newId()
  const { passphrase } = wanted
  const passphraseHash = passphrase ? unit.waitFor(() => hashPassword(context, passphrase.reveal())) : null
  const share: Share = {
    id: shareRef(linkId),
    linkId,
    org: caller.org,
    vaultId: secret.vaultId,
    secretId: secret.id,
    deletions: secret.deletions,
    recipientType: wanted.recipient_type,
    recipient,
    acceptedBy: null,
    createdBy: principalOf(caller),
    createdAt: now,
    expiresAt,
    usesMax,
    uses: 0,
    passphraseHash,
    failures: 0,
    ipAllowlist: wanted.ip_allowlist ?? [],
  }
  if (caller.kind === 'agent') agentShares.take(context, caller.id, share.id)
  unit.put(shareKind, share)
  created(context, 'share', share.id)
  if (recipient.kind === 'email') {
    jobs.stage(unit, shareMailJob, { share: share.id, about: 'invitation', uses: 0 })
  }
  return share
}

function recipientOf(context: Context, wanted: WantedShare): Recipient {
  const { recipient_type: type, recipient_id: id, email } = wanted
  const isNamed = type === 'user' || type === 'agent'
  if (isNamed !== (id !== undefined)) {
    throw invalidField('recipient_id', isNamed ? `must be the ${type}` : `must not be set for shares of type ${type}`)
  }
  if ((type === 'external_email') !== (email !== undefined)) {
    throw invalidField('email', type === 'external_email' ? 'is missing' : `must not be set for shares of type ${type}`)
  }
  if (type === 'anyone_with_link') return anyone(context)
  if (type === 'creator') return humanBehind(context)
  if (email !== undefined) return addressee(context, email)
  return livePrincipal(context, { kind: type === 'agent' ? 'agent' : 'user', id: id ?? '' })
}

/** The expiry and the read limit of a share. */
function limitsOf({ caller, now }: Context, wanted: WantedShare): Pick<Share, 'expiresAt' | 'usesMax'> {
  const { expires_at: expiresAt = now + defaultLifetimeMs, max_access_count: usesMax = defaultUsesMax } = wanted
  if (caller.kind !== 'agent') return { expiresAt, usesMax }
  // An agent cannot leave behind a share that lives on for years, or one without a read limit.
  const latest = now + agentDaysMax * day
  if (usesMax === 0 || usesMax > agentUsesMax)
    throw invalidField('max_access_count', `must be from 1 to ${agentUsesMax} for an agent`)
  // The lifetime of a share with the creator of the agent is shortened instead (seed 004).
  if (wanted.recipient_type !== 'creator' && expiresAt > latest)
    throw invalidField('expires_at', `must be at most ${agentDaysMax} days from now for an agent`)
  return { expiresAt: Math.min(expiresAt, latest), usesMax }
}

function anyone({ caller, unit }: Context): Recipient {
  if (caller.kind === 'agent') {
    const agent = unit.get(agentKind, caller.id)
    if (!agent || !mayShareByLink(agent))
      throw denied({ reason: 'This agent cannot share by link. A human can allow it (link_shares_enabled).' })
    unit.check(agentKind, agent)
  }
  return { kind: 'anyone' }
}

/** Agents cannot send mail to any address, because that would allow phishing. */
function addressee({ caller }: Context, email: string): Recipient {
  if (caller.kind === 'agent')
    throw denied({ reason: 'Agents cannot share with an e-mail address. A human must create this share.' })
  return { kind: 'email', email }
}

function livePrincipal({ unit, now }: Context, { kind, id }: Principal): Principal {
  if (kind === 'user') {
    if (unit.get(userKind, id)?.status === 'active') return { kind, id }
  } else {
    const agent = unit.get(agentKind, id)
    if (agent && isLive(agent, now)) return { kind, id }
  }
  throw recipientNotFound()
}

/** The human who created the agent, directly or through other agents. */
function humanBehind(context: Context): Principal {
  const { caller, unit } = context
  if (caller.kind !== 'agent')
    throw invalidField('recipient_type', 'must not be creator. Only agents can share with their creator')
  let maker: Principal = principalOf(caller)
  for (const seen = new Set<string>(); maker.kind === 'agent'; ) {
    const agent = seen.has(maker.id) ? null : unit.get(agentKind, maker.id)
    if (!agent) throw recipientNotFound()
    seen.add(maker.id)
    maker = agent.createdBy
  }
  return livePrincipal(context, maker)
}

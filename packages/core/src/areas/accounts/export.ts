import * as z from 'zod'
import type { Tuple } from '../../kernel/keys.ts'
import { rfc3339 } from '../../kernel/time.ts'
import { type Engine, fields } from '../../operations/index.ts'
import { type Kind, type Reading, type Recorded, walk } from '../../records/index.ts'
import { agentKind } from '../agents/index.ts'
import { apiKeyKind, passkeyKind, totpKind } from '../credentials/index.ts'
import { destinationKind } from '../deposits/index.ts'
import { deviceKind } from '../devices/index.ts'
import { identityKind } from '../identities/index.ts'
import { accountKind } from '../ledger/index.ts'
import { consentKind } from '../oauth/index.ts'
import type { User } from '../orgs/index.ts'
import { policyKind } from '../policies/index.ts'
import { recoveryRequestKind } from '../recovery/index.ts'
import { secretKind } from '../secrets/index.ts'
import { type Share, shareKind } from '../sharing/index.ts'
import { treasuryKind } from '../treasury/index.ts'
import { vaultKind } from '../vaults/index.ts'
import { walletKind } from '../wallets/index.ts'

const made = { created_at: fields.shownTime() }
const lastUsed = { last_used_at: fields.shownTime().nullable() }
const Named = z.object({ id: fields.id(), name: z.string(), ...made })
const shareReceived = {
  recipient_type: z.string(),
  recipient_email: z.string().optional(),
  max_access_count: z.int(),
  expires_at: fields.shownTime(),
  ...made,
}
const shareSent = { ...shareReceived, vault_id: fields.id(), secret_id: fields.id(), access_count: z.int() }

export const ExportBody = z
  .object({
    export_version: z.literal('1.0'),
    exported_at: fields.shownTime(),
    user: z.object({
      id: fields.id(),
      org_id: fields.id(),
      email: z.string(),
      email_verified: z.boolean(),
      display_name: z.string(),
      role: z.string(),
      auth_method: z.string(),
      marketing_emails: z.boolean(),
      totp_enabled: z.boolean(),
      ...made,
    }),
    vaults: z.array(Named),
    agents: z.array(Named),
    secrets_metadata: z.array(
      z.object({ vault_id: fields.id(), path: z.string(), type: z.string(), version: z.int(), ...made }),
    ),
    policies: z.array(
      z.object({
        id: fields.id(),
        vault_id: fields.id(),
        principal_type: z.string(),
        principal_id: z.string(),
        secret_path_pattern: z.string(),
        permissions: z.array(z.string()),
        ...made,
      }),
    ),
    wallets: z.array(
      z.object({ id: fields.id(), chain: z.string(), address: z.string(), is_active: z.boolean(), ...made }),
    ),
    api_keys: z.array(
      z.object({
        id: fields.id(),
        name: z.string(),
        key_prefix: z.string(),
        scopes: z.array(z.string()),
        is_active: z.boolean(),
        expires_at: fields.shownTime().nullable(),
        ...made,
        ...lastUsed,
      }),
    ),
    passkeys: z.array(z.object({ id: fields.id(), name: z.string(), ...made, ...lastUsed })),
    devices: z.array(z.object({ id: fields.id(), name: z.string(), platform: z.string(), ...made, ...lastUsed })),
    identities: z.array(z.object({ provider: z.string(), subject: z.string(), email: z.string(), ...made })),
    connected_apps: z.array(z.object({ app_id: fields.id(), scopes: z.array(z.string()), ...made })),
    shares_sent: z.array(z.object(shareSent)),
    shares_received: z.array(z.object(shareReceived)),
    recovery_requests: z.array(z.object({ id: fields.id(), recovery_type: z.string(), reason: z.string(), ...made })),
    treasuries: z.array(Named),
    internal_accounts: z.array(Named),
    deposit_destinations: z.array(z.object({ id: fields.id(), chain: z.string(), address: z.string(), ...made })),
  })
  .meta({ id: 'UserDataExport' })

type Body = z.infer<typeof ExportBody>
type Made = Recorded & { readonly createdAt: number }
type Read = () => Reading

/** The records that belong to a user. Values of secrets and keys are not part of it. */
export async function exportOf({ records }: Engine, org: string, user: User): Promise<Body> {
  const read = () => records.reading(org)
  const all = <T extends Made, B>(kind: Kind<T>, index: string, tuple: Tuple, shown: (record: T) => B) =>
    allOf(read, kind, index, tuple, shown)
  const { id } = user
  const vaults = await all(vaultKind, 'creator', ['user', id], named)
  return {
    export_version: '1.0',
    exported_at: rfc3339(records.now()),
    user: await profileOf(read, org, user),
    vaults,
    agents: await all(agentKind, 'creator', ['user', id], named),
    secrets_metadata: await secretsIn(read, vaults),
    policies: await all(policyKind, 'principal', ['user', id], (policy) => ({
      ...{ id: policy.id, vault_id: policy.vaultId, principal_type: 'user', principal_id: id },
      ...{ secret_path_pattern: policy.pattern, permissions: [...policy.permissions] },
    })),
    wallets: await all(walletKind, 'user', [id], (wallet) => ({ ...placed(wallet), is_active: wallet.isActive })),
    api_keys: await all(
      apiKeyKind,
      'principal',
      [org, 'user', id],
      ({ prefix, scopes, isActive, expiresAt, ...key }) => ({
        ...{ ...used(key), key_prefix: prefix, scopes: [...scopes], is_active: isActive },
        expires_at: expiresAt === null ? null : rfc3339(expiresAt),
      }),
    ),
    passkeys: await all(passkeyKind, 'user', [org, id], used),
    devices: await all(deviceKind, 'user', [id], (device) => ({ ...used(device), platform: device.platform })),
    identities: await all(identityKind, 'user', [org, id], ({ provider, subject, email }) => ({
      ...{ provider, subject, email },
    })),
    connected_apps: await all(consentKind, 'user', [org, id], ({ appId, scopes }) => ({
      ...{ app_id: appId, scopes: [...scopes] },
    })),
    shares_sent: await all(shareKind, 'creator', [org, 'user', id], sent),
    shares_received: [
      ...(await all(shareKind, 'recipient', [org, 'user', id], received)),
      ...(user.emailVerified ? await all(shareKind, 'email', [user.email], received) : []),
    ],
    recovery_requests: await all(recoveryRequestKind, 'user', [id], ({ id: request, type, reason }) => ({
      ...{ id: request, recovery_type: type, reason },
    })),
    treasuries: await all(treasuryKind, 'creator', [id], named),
    internal_accounts: await all(accountKind, 'creator', ['user', id], named),
    deposit_destinations: await all(destinationKind, 'creator', ['user', id], placed),
  }
}

async function allOf<T extends Made, B>(
  read: Read,
  kind: Kind<T>,
  index: string,
  tuple: Tuple,
  shown: (record: T) => B,
) {
  const found: (B & { created_at: string })[] = []
  for await (const record of walk(read, kind, index, { tuple })) {
    found.push({ ...shown(record), created_at: rfc3339(record.createdAt) })
  }
  return found
}

async function profileOf(read: Read, org: string, { email, role, createdAt, ...user }: User): Promise<Body['user']> {
  const totp = await read().get(totpKind, user.id)
  return {
    ...{ id: user.id, org_id: org, email, email_verified: user.emailVerified, display_name: user.displayName, role },
    ...{ auth_method: user.authMethod, marketing_emails: user.marketingEmails },
    totp_enabled: totp !== null && totp.secret !== null,
    created_at: rfc3339(createdAt),
  }
}

async function secretsIn(read: Read, vaults: readonly { readonly id: string }[]): Promise<Body['secrets_metadata']> {
  const found = []
  for (const { id: vault_id } of vaults) {
    for await (const { path, newest, deletedAt } of walk(read, secretKind, 'path', { tuple: [vault_id] })) {
      const { type, number: version, createdAt } = newest
      if (deletedAt === null) found.push({ vault_id, path, type, version, created_at: rfc3339(createdAt) })
    }
  }
  return found
}

function named({ id, name }: { readonly id: string; readonly name: string }) {
  return { id, name }
}

function used({ lastUsedAt, ...record }: { id: string; name: string; lastUsedAt: number | null }) {
  return { ...named(record), last_used_at: lastUsedAt === null ? null : rfc3339(lastUsedAt) }
}

function placed({ id, chain, address }: { readonly id: string; readonly chain: string; readonly address: string }) {
  return { id, chain, address }
}

/** A share without its ID, because the ID opens it. */
function received({ recipient, ...share }: Share) {
  return {
    recipient_type: share.recipientType,
    ...(recipient.kind === 'email' && { recipient_email: recipient.email }),
    ...{ max_access_count: share.usesMax, expires_at: rfc3339(share.expiresAt) },
  }
}

/** Also what only the sender sees. */
function sent(share: Share) {
  const { vaultId, secretId, uses } = share
  return { ...received(share), vault_id: vaultId, secret_id: secretId, access_count: uses }
}

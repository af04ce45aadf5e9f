import * as z from 'zod'
import type { Secret } from '../../../kernel/secret.ts'
import {
  CommitThenThrow,
  type Context,
  denied,
  fields,
  notAuthenticated,
  operation,
} from '../../../operations/index.ts'
import { passkeyNeeded, passkeyTokenField, passkeyTokenHeader, requireUnlocked } from '../../credentials/index.ts'
import { isPassword } from '../../orgs/index.ts'
import {
  clientShareField,
  currentVersion,
  keyMaterialDenied,
  readValue,
  secretGone,
  secretKind,
} from '../../secrets/index.ts'
import { clientShareMissing, clientShareWrong, vaultKind } from '../../vaults/index.ts'
import { passphraseMissing, passphraseWrong, shareGone, shareNotAccepted, shareNotFound } from '../errors.ts'
import { shareMailJob } from '../mail.ts'
import { type Share, shareKind, shareRef } from '../records.ts'
import { passphraseField, shareId } from '../schemas.ts'
import { checkRecipient, checkSharer, checkUsable, findShare, isAllowedFrom, isSame } from '../share.ts'
import { shareEvent } from '../share-event.ts'

export const accessShare = operation({
  name: 'sharing.access',
  summary: 'Read a shared secret. A link share needs only its ID. For other shares, the recipient must sign in.',
  http: {
    method: 'GET',
    path: '/v1/share/{share_id}',
    status: 200,
    id: 'accessShare',
    tag: 'Sharing',
    headers: passkeyTokenHeader,
    aliases: [
      { method: 'POST', path: '/v1/share/{share_id}', status: 200 },
      { method: 'POST', path: '/v1/shares/{share_id}/access', status: 200 },
    ],
  },
  command: { name: 'share open', columns: ['value'] },
  effect: 'write',
  access: 'public',
  audit: {
    action: 'share.access',
    resource: 'share',
    about: ({ share_id }, shared) => ({ id: shareRef(share_id), path: shared?.path }),
  },
  input: z.object({
    ...shareId,
    passphrase: fields.optional(passphraseField()),
    client_share: clientShareField(),
    passkey_token: passkeyTokenField(),
  }),
  output: z
    .object({
      id: fields.id(),
      path: z.string(),
      type: z.string(),
      value: fields.shownSecret(),
      access_count: fields.count(),
      max_access_count: fields.count(),
    })
    .meta({ id: 'SharedSecretResponse' }),
  reveals: ['value'],
  errors: [
    shareNotFound,
    shareGone,
    secretGone,
    keyMaterialDenied,
    notAuthenticated,
    denied,
    shareNotAccepted,
    passphraseMissing,
    passphraseWrong,
    clientShareMissing,
    clientShareWrong,
    passkeyNeeded,
  ],
  run: (context, { share_id, passphrase, client_share: clientShare, passkey_token }) => {
    const { unit, now, origin } = context
    const share = findShare(unit, share_id)
    unit.enter(share.org)
    checkReader(context, share)
    // A link needs no session, so a passkey of its reader would protect nothing. Its creator needed one.
    if (share.recipient.kind !== 'anyone') requireUnlocked(context, passkey_token)
    if (!isAllowedFrom(share, origin.ip ?? null)) throw denied({ reason: 'The share does not allow your IP address.' })
    checkUsable(share, now)
    if (share.passphraseHash !== null) {
      if (!passphrase) throw passphraseMissing()
      if (!unit.waitFor(() => isPassword(context, passphrase.reveal(), share.passphraseHash))) {
        // Kept although the answer is an error: of many guesses at once, each is counted.
        unit.put(shareKind, { ...share, failures: share.failures + 1 })
        return new CommitThenThrow(passphraseWrong())
      }
    }
    return { ...readSecret(context, share, clientShare), ...useUp(context, share) }
  },
})

function checkReader(context: Context, share: Share): void {
  const { caller } = context
  if (share.recipient.kind === 'anyone') return
  if (caller.kind === 'anonymous') {
    throw notAuthenticated({ reason: 'This share is for one recipient. Sign in as that recipient.' })
  }
  checkRecipient(context, share)
  if (share.acceptedBy === null || !isSame(share.acceptedBy, caller)) {
    throw shareNotAccepted()
  }
}

/** The current version, whichever that is by now; one of the reads it allows is taken in the same commit. */
function readSecret(context: Context, share: Share, clientShare: Secret<string> | undefined) {
  const { unit } = context
  const secret = unit.get(secretKind, share.secretId)
  // The keys of a vault go before its records do.
  if (!secret || secret.deletions !== share.deletions || !unit.get(vaultKind, share.vaultId))
    throw secretGone({ reason: 'deleted' })
  const version = currentVersion(context, secret)
  checkSharer(context, share, { path: secret.path, type: version.type })
  const value = readValue(context, secret, version, clientShare)
  const { path, vaultId } = secret
  shareEvent(
    context,
    share,
    'secret.read',
    { type: 'secret', id: secret.id },
    { vault_id: vaultId, path, version: version.number },
  )
  return { path, type: version.type, value }
}

function useUp({ unit, jobs }: Context, share: Share) {
  const uses = share.uses + 1
  unit.put(shareKind, { ...share, uses })
  if (share.createdBy.kind === 'user') {
    jobs.stage(unit, shareMailJob, { share: share.id, about: 'access', uses })
  }
  return { id: share.linkId, access_count: uses, max_access_count: share.usesMax }
}

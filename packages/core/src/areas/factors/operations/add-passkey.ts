import * as z from 'zod'
import { invalidField } from '../../../kernel/errors.ts'
import {
  CommitThenThrow,
  confirmField,
  confirmHeader,
  fields,
  notAuthenticated,
  operation,
} from '../../../operations/index.ts'
import { currentUser } from '../../auth/index.ts'
import { type Passkey, passkeyKind, passkeysOf, spendVoucher } from '../../credentials/index.ts'
import { base64urlField, challengeOf } from '../ceremonies.ts'
import { passkeyExists, passkeyFailed, passkeysFull } from '../errors.ts'
import { passkeysMax } from '../limits.ts'
import { passkeysUnavailable, relyingParty } from '../relying-party.ts'
import { bringsCertificates, checkMade } from '../webauthn.ts'

const transportsMax = 8
const transportCharactersMax = 32

export const addPasskey = operation({
  name: 'factors.addPasskey',
  summary: 'Register the passkey that a browser made. It signs you in without a password.',
  http: {
    method: 'POST',
    path: '/v1/auth/passkeys/register/complete',
    status: 201,
    id: 'passkeyRegisterComplete',
    tag: 'Authentication',
    headers: confirmHeader,
  },
  command: null,
  effect: 'write',
  access: { signedIn: ['user'] },
  // A passkey of a thief would be a way in that outlives the stolen token.
  confirms: { purpose: 'security.passkey.register' },
  audit: { action: 'passkey.register', resource: 'passkey', about: (_, made) => ({ id: made?.passkey_id }) },
  input: z.object({
    credential_id: base64urlField(),
    attestation_object: base64urlField(),
    client_data_json: base64urlField(),
    transports: fields.optional(z.array(fields.text(transportCharactersMax, 1)).max(transportsMax)),
    name: fields.optional(fields.name()),
    auth_confirm: confirmField(),
  }),
  output: z.object({ passkey_id: fields.id(), credential_id: z.string() }),
  errors: [notAuthenticated, passkeyFailed, passkeyExists, passkeysFull, passkeysUnavailable],
  run: (context, input) => {
    const { unit, now, newId, settings } = context
    const user = currentUser(context)
    const own = passkeysOf(unit, user.id)
    if (own.length >= passkeysMax) throw passkeysFull()
    const challenge = challengeOf(context, 'register', input.client_data_json)
    if (challenge?.voucher.user !== user.id) return new CommitThenThrow(passkeyFailed())
    const { credential_id: credentialId, attestation_object: attestationObject, client_data_json } = input
    if (unit.waitFor(() => bringsCertificates(attestationObject))) {
      throw invalidField('attestation_object', 'must have the format none. Create the passkey with attestation none')
    }
    const answer = { credentialId, attestationObject, clientDataJson: client_data_json }
    const made = unit.waitFor(() => checkMade(answer, challenge.text, relyingParty(settings)))
    if (!made) return new CommitThenThrow(passkeyFailed())
    if (unit.find(passkeyKind, 'credential', credentialId)) throw passkeyExists()
    spendVoucher(context, challenge.voucher)
    const { transports = [], name = `Passkey ${own.length + 1}` } = input
    const passkey: Passkey = {
      ...{ id: newId(), org: unit.org ?? '', user: user.id, credentialId, ...made },
      ...{ transports, name, createdAt: now, lastUsedAt: null },
    }
    unit.put(passkeyKind, passkey)
    return { passkey_id: passkey.id, credential_id: credentialId }
  },
})

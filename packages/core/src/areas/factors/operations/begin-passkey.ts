import * as z from 'zod'
import { base64url, utf8 } from '../../../kernel/bytes.ts'
import { fields, notAuthenticated, operation } from '../../../operations/index.ts'
import { currentUser } from '../../auth/index.ts'
import { passkeysOf } from '../../credentials/index.ts'
import { CredentialRef, challengeLifeMs, newChallenge, refOf } from '../ceremonies.ts'
import { passkeysFull } from '../errors.ts'
import { passkeysMax } from '../limits.ts'
import { passkeysUnavailable, relyingParty } from '../relying-party.ts'

export const beginPasskey = operation({
  name: 'factors.beginPasskey',
  summary: 'Begin to register a passkey. A browser makes it from the answer.',
  http: {
    method: 'POST',
    path: '/v1/auth/passkeys/register/begin',
    status: 200,
    id: 'passkeyRegisterBegin',
    tag: 'Authentication',
  },
  command: null,
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: { action: 'passkey.register_begin', resource: 'passkey' },
  input: z.object({}),
  output: z.object({
    challenge: z.string(),
    rp_id: z.string(),
    rp_name: z.string(),
    user_id: z.string(),
    user_name: z.string(),
    user_display_name: z.string(),
    attestation: z.literal('none'),
    authenticator_selection: fields.shownObject(),
    exclude_credentials: z.array(CredentialRef),
    timeout: z.int(),
  }),
  errors: [notAuthenticated, passkeysUnavailable, passkeysFull],
  run: (context) => {
    const user = currentUser(context)
    const own = passkeysOf(context.unit, user.id)
    if (own.length >= passkeysMax) throw passkeysFull()
    const site = relyingParty(context.settings)
    return {
      challenge: newChallenge(context, { ceremony: 'register', user: user.id }),
      rp_id: site.id,
      rp_name: site.name,
      user_id: base64url(utf8(user.id)),
      user_name: user.email,
      user_display_name: user.displayName || user.email,
      attestation: 'none' as const,
      // Found without a name, so that nothing has to tell which accounts have one. As the browser spells it.
      authenticator_selection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
      exclude_credentials: own.map(refOf),
      timeout: challengeLifeMs,
    }
  },
})

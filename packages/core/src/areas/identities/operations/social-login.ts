import * as z from 'zod'
import { invalidField } from '../../../kernel/errors.ts'
import { AfterCommit, CommitThenThrow, fields, operation } from '../../../operations/index.ts'
import { provisionField, walletsFull } from '../../wallets/index.ts'
import { providerNamed } from '../code-flow.ts'
import { entryRefusals } from '../enter.ts'
import { EnteredBody, enteredBody } from '../schemas.ts'
import { enterWithDiscord, enterWithIdToken } from '../social.ts'

export const socialLogin = operation({
  name: 'identities.socialLogin',
  summary: 'Sign in with an ID token of Google or Apple, or with a code of Discord.',
  http: {
    method: 'POST',
    path: '/v1/auth/social-login',
    status: 200,
    createdIf: 'is_new',
    id: 'socialLogin',
    tag: 'Authentication',
  },
  command: null,
  effect: 'write',
  access: 'public',
  // Whose trail an attempt belongs in is known only here, so it stages its own events.
  audit: 'none',
  input: z.object({
    provider: z.enum(['google', 'apple', 'discord'], 'must be google, apple or discord'),
    id_token: fields.secretText(16_384).describe('ID token of Google or Apple, or the authorization code of Discord.'),
    oauth_redirect_uri: fields
      .optional(fields.text(2_048))
      .describe('The redirect URI that the code was issued for. Required for Discord.'),
    auto_provision_chains: provisionField(),
  }),
  output: EnteredBody,
  reveals: ['access_token', 'mfa_token'],
  limits: [{ per: 'credential', field: 'id_token', by: 'person' }],
  errors: [...entryRefusals, walletsFull],
  run: (context, { provider: name, id_token, oauth_redirect_uri: redirectUri, auto_provision_chains: chains = [] }) => {
    const provider = providerNamed(context, name)
    if (name === 'discord') {
      if (redirectUri === undefined) throw invalidField('oauth_redirect_uri', 'is missing. Discord requires it')
      const given = { code: id_token.reveal(), redirectUri, chains }
      return new AfterCommit({}, (engine) => enterWithDiscord(engine, context.origin, provider, given))
    }
    const entered = enterWithIdToken(context, provider, id_token.reveal())
    return 'refused' in entered ? new CommitThenThrow(entered.refused) : enteredBody(context, entered, chains)
  },
})

import * as z from 'zod'
import { Secret } from '../../../kernel/secret.ts'
import { fields, operation, signedIn } from '../../../operations/index.ts'
import { currentUser } from '../../auth/index.ts'
import { tooManyUsers } from '../../platform/index.ts'
import { giveConsent } from '../consents.ts'
import { oauthRefused, redirectRefused, unknownClient } from '../errors.ts'
import { newGrant } from '../grants.ts'
import { answerUrl, requestFields, requestOf } from '../request.ts'

export const decide = operation({
  name: 'oauth.decide',
  summary: 'Allow or deny what an app asks for. The answer is the URL that the browser goes to.',
  http: { method: 'POST', path: '/v1/oauth/authorize', status: 200, id: 'submitOAuthConsent', tag: 'OAuth' },
  command: null,
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: {
    action: 'oauth.consent',
    resource: 'platform_app',
    about: ({ client_id, approve, scope }, answer) => ({
      client_id,
      approved: approve,
      scope,
      connection_id: answer?.connection_id,
    }),
  },
  input: z.object({
    approve: z.boolean('must be true or false').describe('Whether the user allows it.'),
    ...requestFields,
  }),
  output: z.object({
    redirect_url: fields.shownSecret().meta({ format: 'uri' }).describe('Has the code, so it is a secret.'),
    connection_id: fields.id().optional().describe('The connection that the scope link made.'),
  }),
  reveals: ['redirect_url'],
  errors: [unknownClient, redirectRefused, oauthRefused, tooManyUsers],
  run: (context, { approve, ...given }) => {
    const asked = requestOf(context, given)
    if (!approve) {
      const error_description = 'The user denied the request.'
      return { redirect_url: Secret.of(answerUrl(context, asked, { error: 'access_denied', error_description })) }
    }
    const user = currentUser(context)
    const consent = giveConsent(context, signedIn(context).org, user, asked)
    const code = newGrant(context, user, consent, asked).reveal()
    const isLink = asked.scopes.includes('link')
    const connection = isLink && consent.connectionId !== null ? { connection_id: consent.connectionId } : {}
    const linked = isLink ? { linked: 'true' } : {}
    const redirect_url = Secret.of(answerUrl(context, asked, { code, ...linked, ...connection }))
    return { redirect_url, ...connection }
  },
})

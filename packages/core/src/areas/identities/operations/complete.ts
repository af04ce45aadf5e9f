import * as z from 'zod'
import { AfterCommit, CommitThenThrow, fields, operation } from '../../../operations/index.ts'
import { type User, userKind } from '../../orgs/index.ts'
import { providerNamed, redeemCode, useFlow } from '../code-flow.ts'
import { enter, entryRefusals, link } from '../enter.ts'
import { identityTaken, signInFailed } from '../errors.ts'
import { enterAfter } from '../in-second-unit.ts'
import { personIn } from '../person.ts'
import { EnteredBody, providerField } from '../schemas.ts'

export const completeSignIn = operation({
  name: 'identities.complete',
  summary: 'Complete the sign-in with an identity provider, with the code that it sent to the browser.',
  http: {
    method: 'POST',
    path: '/v1/auth/oidc/{provider}/complete',
    status: 200,
    id: 'completeOidcSignIn',
    tag: 'Authentication',
  },
  command: null,
  effect: 'write',
  access: 'public',
  // Whose trail it belongs in is known only afterwards, so the second unit stages the events.
  audit: 'none',
  input: z.object({
    provider: providerField(),
    code: fields.secretText(4_096),
    state: fields.secretText(200),
    browser_secret: fields.secretText(200),
    iss: fields.optional(fields.text(2_048)).describe('The issuer that the answer to the browser names.'),
  }),
  output: EnteredBody.extend({ next: z.string().nullable() }),
  reveals: ['access_token', 'mfa_token'],
  limits: [{ per: 'credential', field: 'state', by: 'person' }],
  errors: [...entryRefusals, identityTaken],
  run: (context, { provider: name, code, state, browser_secret, iss = null }) => {
    const provider = providerNamed(context, name)
    const { origin, caller } = context
    const flow = useFlow(context, provider, state.reveal(), browser_secret.reveal())
    const linking = flow?.linkTo ?? null
    // A link is made in the session that asked for it.
    const linker = caller.kind === 'user' && caller.id === linking ? caller : null
    if (!flow || (linking !== null && !linker)) return new CommitThenThrow(signInFailed())
    return new AfterCommit({}, async (engine) => {
      const claims = await redeemCode(engine, provider, { code: code.reveal(), flow, issuer: iss })
      const person = personIn(provider, claims)
      const entered = await enterAfter(engine, origin, (second) => {
        if (!linker) return enter(second, provider, person)
        second.unit.enter(linker.org)
        const user: User | null = second.unit.get(userKind, linker.id)
        return user?.status === 'active' ? link(second, provider, person, user) : { refused: signInFailed() }
      })
      return { ...entered, next: flow.next }
    })
  },
})

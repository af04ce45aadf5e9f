import { tagged } from '../../canary/index.ts'
import { exampleIdToken } from '../../fakes/example-issuer.ts'
import type { World } from '../world.ts'
import type { ExamplesOf } from './example.ts'

const anybody = { bearer: null }
const provider = 'example'

type Flow = Awaited<ReturnType<World['owner']['identities']['begin']>>

/** A flow of the visitor, and a code that the issuer would send back. */
const begun = async ({ pawl, clock }: World, flow: Flow | null = null, sub = 'ada') => {
  const { authorization_url, browser_secret } = flow ?? (await pawl.as(anybody).identities.begin({ provider }))
  const { searchParams } = new URL(authorization_url)
  const code = exampleIdToken(clock.now(), { nonce: searchParams.get('nonce') }, sub)
  return { provider, code, state: searchParams.get('state') ?? '', browser_secret: browser_secret.reveal() }
}

/** A user who signed in with the provider. */
const member = async (world: World) => {
  const { user_id } = await world.pawl.as(anybody).identities.complete(await begun(world))
  return { user: user_id }
}

export const identitiesExamples: ExamplesOf<'identities'> = {
  begin: async () => ({ who: anybody, input: { provider, next: '/account' } }),
  complete: async (world) => ({
    who: anybody,
    input: await begun(world),
    isShortLived: true,
    separately: ['oneTime gone'],
  }),
  google: async ({ clock }) => ({
    who: anybody,
    input: { id_token: exampleIdToken(clock.now()) },
    isShortLived: true,
  }),
  socialLogin: async ({ clock }) => ({
    who: anybody,
    input: { provider: 'google', id_token: exampleIdToken(clock.now()) },
    isShortLived: true,
  }),
  link: async (world) => {
    const password = tagged('Correct-Horse-7')
    const { id } = await world.owner.orgs.addMember({ email: 'linking@example.com', password })
    return { who: { user: id }, input: { provider, auth_confirm: password } }
  },
  signOutUrl: async () => ({ who: anybody, input: { provider } }),
  list: async (world) => ({ who: await member(world), input: {} }),
  unlink: async (world) => {
    const who = await member(world)
    const [first] = (await world.pawl.as(who).identities.list()).identities
    // With the first one alone, the account would have no way in.
    await world.pawl
      .as(who)
      .identities.complete(await begun(world, await world.pawl.as(who).identities.link({ provider }), 'ada-2'))
    return { who, input: { identity_id: first?.id } }
  },
}

import { operation } from '@pawl/core'
import { tagged } from '@pawl/testkit/canary'
import { testPawl, type World } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { internalError } from '../../kernel/errors.ts'
import { type User, userKind } from '../orgs/index.ts'

// Goal: a user who is not active can do nothing, whatever they hold and whatever their role (D1, D2). Method: an
// operation of the test's own, performed like any other, puts them into that state.

const setStatus = operation({
  name: 'test.setStatus',
  summary: 'Put a user into a state.',
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: 'none',
  input: z.object({ user_id: z.string(), status: z.enum(['active', 'invited', 'disabled']) }),
  output: z.undefined(),
  errors: [],
  run: ({ unit }, { user_id, status }: { user_id: string; status: User['status'] }) => {
    const user = unit.require(userKind, user_id, internalError)
    unit.put(userKind, { ...user, status })
    return undefined
  },
})

const email = 'ada@example.com'
const password = tagged('Correct-Horse-7')

async function put(world: World, user_id: string, status: User['status']) {
  await world.pawl.perform(setStatus, { user_id, status }, { trusted: { user: world.ownerId } })
}

describe.each(['invited', 'disabled'] as const)('a user who is %s', (status) => {
  it('is nobody, with a token, a key, a password and inside the process, as an owner too (D1)', async () => {
    await using world = await testPawl()
    const { id } = await world.owner.orgs.addMember({ email, password, role: 'owner' })
    const as = world.pawl.as({ user: id })
    const key = (await as.auth.createApiKey({ name: 'laptop' })).api_key.reveal()
    const token = (await world.pawl.as({}).auth.token({ email, password })).access_token.reveal()
    const exchanged = (await world.pawl.as({}).auth.apiKeyToken({ api_key: key })).access_token.reveal()
    const shown = [{ user: id }, key, token, exchanged]
    for (const who of shown) await expect(world.pawl.as(who).vaults.list()).resolves.toBeDefined()
    await put(world, id, status)
    for (const who of shown) {
      await expect(world.pawl.as(who).vaults.list()).rejects.toMatchObject({ code: 'not_authenticated' })
      await expect(world.pawl.as(who).auth.refresh()).rejects.toMatchObject({ code: 'not_authenticated' })
    }
    const anybody = world.pawl.as({})
    await expect(anybody.auth.token({ email, password })).rejects.toMatchObject({ code: 'wrong_password' })
    await expect(anybody.auth.apiKeyToken({ api_key: key })).rejects.toMatchObject({ code: 'invalid_key' })
    await put(world, id, 'active')
    for (const who of shown) await expect(world.pawl.as(who).vaults.list()).resolves.toBeDefined()
  })

  it('shares nothing any more, and no share is made for them', async () => {
    await using world = await testPawl()
    const { id } = await world.owner.orgs.addMember({ email })
    const { id: vault_id } = await world.owner.vaults.create({ name: 'prod' })
    const { id: secret_id } = await world.owner.secrets.put({ vault_id, path: 'key', value: tagged('hunter2') })
    const who = { principal_type: 'user', principal_id: id } as const
    await world.owner.policies.create({ vault_id, secret_path_pattern: '**', ...who, permissions: ['read'] })
    const link = { secret_id, recipient_type: 'anyone_with_link' } as const
    const { id: share_id } = await world.pawl.as({ user: id }).sharing.create(link)
    const read = () => world.pawl.as({}).sharing.access({ share_id })
    await read()
    await put(world, id, status)
    await expect(read()).rejects.toMatchObject({ code: 'share_gone', data: { reason: 'orphaned' } })
    const forThem = { secret_id, recipient_type: 'user', recipient_id: id } as const
    await expect(world.owner.sharing.create(forThem)).rejects.toMatchObject({ code: 'recipient_not_found' })
    await put(world, id, 'active')
    await expect(read()).resolves.toBeDefined()
  })

  it('is no owner to leave the organisation to', async () => {
    await using world = await testPawl()
    const { id } = await world.owner.orgs.addMember({ email, role: 'owner' })
    await put(world, id, status)
    const stepDown = { user_id: world.ownerId, role: 'member' } as const
    await expect(world.owner.orgs.setRole(stepDown)).rejects.toMatchObject({ code: 'last_owner' })
    await put(world, id, 'active')
    await expect(world.owner.orgs.setRole(stepDown)).resolves.toBeDefined()
  })
})

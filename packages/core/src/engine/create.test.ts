import { tagged } from '@pawl/testkit/canary'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { memoryHsm, memoryStorage } from '../ports/reference/index.ts'
import { createPawl, type Pawl } from './create.ts'

type Client = ReturnType<Pawl['as']>

describe('the in-process client', () => {
  it('takes what an operation takes, constants too, and nothing else', () => {
    type Create = Parameters<Client['vaults']['create']>[0]
    expectTypeOf<{ name: string }>().toExtend<Create>()
    expectTypeOf<{ name: readonly string[] }>().not.toExtend<Create>()
    type Grant = Parameters<Client['policies']['create']>[0]
    expectTypeOf<readonly ['read', 'write']>().toExtend<Grant['permissions']>()
    expectTypeOf<readonly ['admin']>().not.toExtend<Grant['permissions']>()
    expectTypeOf<Client['vaults']['list']>().toBeCallableWith()
  })

  it('finds everything again when the engine is opened again on the same store and keys', async () => {
    const [storage, hsm] = [memoryStorage(), memoryHsm()]
    const first = await createPawl({ storage, hsm, background: false })
    const { user, created } = await first.firstOwner({ email: 'you@example.com' })
    const { id } = await first.as({ user }).vaults.create({ name: 'prod' })
    await first.as({ user }).secrets.put({ vault_id: id, path: 'a', value: tagged('v') })
    const second = await createPawl({ storage, hsm, background: false })
    const again = await second.firstOwner({ email: 'other@example.com' })
    const { value } = await second.as({ user: again.user }).secrets.get({ vault_id: id, path: 'a' })
    expect([created, again.created, again.user, value.reveal()]).toEqual([true, false, user, tagged('v')])
    await second.close()
  })

  it('makes one organisation and one owner, however many first starts there are at once', async () => {
    const [storage, hsm] = [memoryStorage(), memoryHsm()]
    const pawl = await createPawl({ storage, hsm, background: false })
    const starts = Array.from({ length: 10 }, () => pawl.firstOwner({ email: 'you@example.com' }))
    const users = (await Promise.all(starts)).map(({ user }) => user)
    expect(new Set(users).size).toBe(1)
    await pawl.close()
  })
})

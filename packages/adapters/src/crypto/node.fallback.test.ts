import { utf8 } from '@pawl/core/ports'
import { nobleCrypto } from '@pawl/core/ports/reference'
import { expect, it, vi } from 'vitest'
import { nodeCrypto } from './node.ts'

vi.mock('@node-rs/argon2', () => {
  throw new Error('not installed')
})

it('hashes passwords with noble, to the same bytes, when @node-rs/argon2 is not installed', async () => {
  const cost = { memoryKib: 64, passes: 1, lanes: 2 }
  const noble = vi.spyOn(nobleCrypto, 'argon2id')
  const hash = await nodeCrypto().argon2id(utf8('password'), utf8('some salt'), cost)
  expect(noble).toHaveBeenCalledOnce()
  noble.mockRestore()
  expect(hash).toEqual(await nobleCrypto.argon2id(utf8('password'), utf8('some salt'), cost))
})

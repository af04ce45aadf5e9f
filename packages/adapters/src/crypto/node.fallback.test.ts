import { utf8 } from '@pawl/core/ports'
import { expect, it, onTestFinished, vi } from 'vitest'

it('hashes passwords with noble, to the same bytes, when @node-rs/argon2 is not installed', async () => {
  const cost = { memoryKib: 64, passes: 1, lanes: 2 }
  vi.doMock('@node-rs/argon2', () => {
    throw new Error('not installed')
  })
  onTestFinished(() => {
    vi.doUnmock('@node-rs/argon2')
    vi.resetModules()
  })
  vi.resetModules()
  const { nodeCrypto } = await import('./node.ts')
  const { nobleCrypto } = await import('@pawl/core/ports/reference')
  const noble = vi.spyOn(nobleCrypto, 'argon2id')
  const hash = await nodeCrypto().argon2id(utf8('password'), utf8('some salt'), cost)
  expect(noble).toHaveBeenCalledOnce()
  noble.mockRestore()
  expect(hash).toEqual(await nobleCrypto.argon2id(utf8('password'), utf8('some salt'), cost))
})

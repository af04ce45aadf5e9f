import { memoryHsm } from '@pawl/core/ports/reference'
import { expect, it } from 'vitest'
import { withKeysKept } from './keep-keys.ts'

const uses = async (hsm: ReturnType<typeof memoryHsm>, uri: string) =>
  hsm.wrap(uri, new Uint8Array(1), new Uint8Array(0)).then(
    () => true,
    () => false,
  )

it('a key is not destroyed while work needs it, however that ends, and is afterwards', async () => {
  const hsm = withKeysKept(memoryHsm())
  for (const outcome of ['done', 'failed']) {
    await hsm.createKey('pawl:a', 'aes-256')
    let end = () => {}
    const work = hsm.whileKept(async () => {
      await new Promise<void>((resolve) => {
        end = resolve
      })
      if (outcome === 'failed') throw new Error('the disk is full')
    })
    const failed = work.catch(() => {})
    const destroyed = hsm.destroyKey('pawl:a')
    // Whatever else the HSM is asked for comes through meanwhile, so the destruction had its chance.
    for (let at = 0; at < 20; at++) expect(await uses(hsm, 'pawl:a')).toBe(true)
    end()
    await Promise.all([failed, destroyed])
    expect(await uses(hsm, 'pawl:a')).toBe(false)
  }
})

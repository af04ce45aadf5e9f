import { nobleCrypto } from '@pawl/core/ports/reference'
import { testCrypto } from '@pawl/testkit/conformance'
import { describe, expect, it } from 'vitest'
import { nodeCrypto } from './node.ts'

testCrypto('nodeCrypto', nodeCrypto(), { describe, it })

describe('nodeCrypto', () => {
  const crypto = nodeCrypto()

  it('refuses a signature that holds only with the cofactor, which noble takes and the owner of the key can craft', () => {
    const crafted = {
      publicKey: '7767a3242dc9b58bbc68488c1265cc6cc5f26c6f3c88a5d55e901b0734dca572',
      message: '63726166746564',
      signature:
        '37da69e09442b7d55cc3b5795bfab9763f2d49979cf569920d433aac74ed56b935ef41445871b5e2304c2a4db7d7bdba10db5b38dec3efaf287946149fb9c204',
    }
    const hex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'))
    const args = [hex(crafted.publicKey), hex(crafted.message), hex(crafted.signature)] as const
    expect(nobleCrypto.ed25519Verify(...args)).toBe(true)
    expect(crypto.ed25519Verify(...args)).toBe(false)
  })
})

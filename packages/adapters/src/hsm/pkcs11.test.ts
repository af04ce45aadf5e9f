import { utf8 } from '@pawl/core/ports'
import { type OpenedHsm, testHsm } from '@pawl/testkit/conformance'
import { describe, it } from 'vitest'
import { hasSoftHsm, newToken } from '../../../../tools/real-parts/softhsm.ts'
import { pkcs11, type Wrapping } from './pkcs11.ts'

const lacks = {
  rotatingRoot: 'the PIN opens the token and seals no keys; it is changed with the tools of the token',
  portable: 'keys never leave a token; it is copied with its own tools',
}

for (const wrapping of ['gcm', 'hmac'] satisfies Wrapping[]) {
  const open = async (): Promise<OpenedHsm> => {
    const token = await newToken()
    const again = () => pkcs11({ uri: token.bareUri, pin: token.pin, wrapping })
    return { hsm: again(), again, secrets: [utf8(token.pin), utf8('another PIN')], destroy: token.destroy }
  }
  describe.skipIf(!hasSoftHsm)(`keys that wrap with ${wrapping}`, () => {
    testHsm('pkcs11 on SoftHSM2', open, { describe, it }, { lacks })
  })
}

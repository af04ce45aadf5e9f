import { testCrypto } from '@pawl/testkit/conformance'
import { describe, it } from 'vitest'
import { nobleCrypto } from './crypto.ts'

testCrypto('nobleCrypto', nobleCrypto, { describe, it })

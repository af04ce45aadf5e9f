import { describe, expect, it } from 'vitest'
import { hex } from '../../kernel/bytes.ts'
import { ChainRejected } from '../chain.ts'
import { addressOf, decodeTransaction, signTransaction } from './evm.ts'

const key = Uint8Array.from({ length: 32 }, (_, at) => at + 1)
const bytes = (text: string) => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))

// 0.01 ether to 0x…dEaD on chain 1, made by another library.
const dynamic = bytes(
  '02f8720180843b9aca008506fc23ac0082520894000000000000000000000000000000000000dead872386f26fc1000080c080a034a16ababeaed5d8600be144da75c57d70025a90978cbc81f4152a2e62082a7ca0737af4420497462d8ba18d85849c7565aed62c820e7bd69ce8d2844b2dbbe32b',
)
const legacy = bytes(
  'f86b808504a817c80082520894000000000000000000000000000000000000dead872386f26fc100008025a06c4dddb66d7bc4be02e066cbf24f9b89be2b1b983fcc3b9c6dd24dce2be3fd08a05c1e5c31413762e7da78240efc624941fb8ec33296cdde3b711d0eb506722d4c',
)
const told = {
  chainId: 1n,
  from: '0x6370eF2f4Db3611D657b90667De398a2Cc2a370C',
  to: '0x000000000000000000000000000000000000dEaD',
  value: 10n ** 16n,
  nonce: 0n,
  gasLimit: 21_000n,
  data: new Uint8Array(0),
}

describe('an EVM transaction', () => {
  it('is read as it was signed elsewhere, with its sender', () => {
    const gwei = 10n ** 9n
    expect(decodeTransaction(dynamic)).toMatchObject({ ...told, feeMax: 30n * gwei, priority: gwei })
    expect(decodeTransaction(legacy)).toMatchObject({ ...told, feeMax: 20n * gwei, priority: 20n * gwei })
    expect(addressOf(key)).toBe(told.from)
  })

  it('is signed byte for byte as elsewhere', () => {
    expect(hex(signTransaction(decodeTransaction(dynamic), key))).toBe(hex(dynamic))
  })

  it('is refused when it is cut off, longer, malleable or bound to no chain', () => {
    const unbound = legacy.slice()
    unbound[unbound.indexOf(0x25)] = 27
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
    const twin = dynamic.slice()
    const s = order - BigInt(`0x${hex(twin.subarray(-32))}`)
    twin.set(bytes(s.toString(16).padStart(64, '0')), twin.length - 32)
    for (const wrong of [
      dynamic.subarray(0, -1),
      Uint8Array.of(...dynamic, 0),
      twin,
      unbound,
      bytes(''),
      bytes('02'),
      bytes('f8ff'),
      bytes('bfffffffffffffffff'),
      bytes('c0'),
    ])
      expect(() => decodeTransaction(wrong)).toThrow(ChainRejected)
  })
})

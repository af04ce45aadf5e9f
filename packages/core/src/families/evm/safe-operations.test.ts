import fc from 'fast-check'
import { encodeFunctionData, parseAbi } from 'viem'
import { getUserOperationHash } from 'viem/account-abstraction'
import { privateKeyToAccount } from 'viem/accounts'
import { expect, test } from 'vitest'
import { safeOperationHash } from '../../../../../tools/real-parts/safe-operation.ts'
import { tries } from '../../../../../tools/test-run/index.ts'
import { entryPoint, operationIn, operationJson, type UserOperation } from '../../ports/bundler.ts'
import { effectsOfDraft } from './effects.ts'
import { safeOperations } from './safe-operations.ts'
import { safeModule, safeOperationDigest, userOperationHash, validUntilOf } from './user-operation.ts'

// Goal: the owner of a Safe signs exactly the call of the request, and the entry point and the module read it so. Method: viem
// computes the same hashes. A test in smartaccounts/ asks the contracts themselves.

const hex = (bytes: Uint8Array): `0x${string}` => `0x${Buffer.from(bytes).toString('hex')}`
const address = fc.uint8Array({ minLength: 20, maxLength: 20 }).map(hex)
const bytes = fc.uint8Array({ maxLength: 200 })
const [half, word] = [fc.bigInt(0n, 2n ** 128n - 1n), fc.bigInt(0n, 2n ** 256n - 1n)]
const gas = fc.record({
  call: half,
  verification: half,
  preVerification: word,
  paymasterVerification: half,
  paymasterPostOp: half,
})
const anyOperation: fc.Arbitrary<UserOperation> = fc
  .record({
    ...{ sender: address, nonce: word, callData: bytes, gas, maxFee: half, priorityFee: half, signature: bytes },
    paymaster: fc.option(fc.record({ address, data: bytes })),
  })
  .map((one) => (one.paymaster ? one : { ...one, gas: { ...one.gas, paymasterVerification: 0n, paymasterPostOp: 0n } }))
const chainIds = fc.integer({ min: 1, max: 2 ** 31 })

const forViem = ({ sender, nonce, callData, gas, maxFee, priorityFee, paymaster, signature }: UserOperation) => ({
  ...{ sender: sender as `0x${string}`, nonce, callData: hex(callData), signature: hex(signature) },
  ...{ callGasLimit: gas.call, verificationGasLimit: gas.verification, preVerificationGas: gas.preVerification },
  ...{ maxFeePerGas: maxFee, maxPriorityFeePerGas: priorityFee },
  ...(paymaster && {
    ...{ paymaster: paymaster.address as `0x${string}`, paymasterData: hex(paymaster.data) },
    ...{ paymasterVerificationGasLimit: gas.paymasterVerification, paymasterPostOpGasLimit: gas.paymasterPostOp },
  }),
})

test('userOperationHash = viem.getUserOperationHash, for the entry point 0.7', () => {
  const law = fc.property(anyOperation, chainIds, (one, chainId) => {
    const expected = getUserOperationHash({
      ...{ chainId, entryPointAddress: entryPoint, entryPointVersion: '0.7', userOperation: forViem(one) },
    })
    return userOperationHash(one, chainId) === expected
  })
  fc.assert(law, { numRuns: tries(1_000) })
})

test('safeOperationDigest = viem.hashTypedData', () => {
  const law = fc.property(anyOperation, chainIds, fc.integer({ min: 0, max: 2 ** 31 }), (one, chainId, validUntil) => {
    return hex(safeOperationDigest(one, chainId, { validUntil })) === safeOperationHash(one, chainId, validUntil)
  })
  fc.assert(law, { numRuns: tries(1_000) })
})

test('an operation comes back from its JSON as it was', () => {
  const law = fc.property(anyOperation, (one) => {
    expect(operationIn(JSON.stringify(operationJson(one)))).toEqual({ ...one, callData: Uint8Array.from(one.callData) })
  })
  fc.assert(law, { numRuns: tries(300) })
})

// What is signed of a request

const safe = '0x5aFE3855358E112B5647B952709E6165e1c1eEEe'
const shop = '0x000000000000000000000000000000000000dEaD'
const base = { name: 'base', isTestnet: false, chainId: 8_453, decimals: 18 }
const owner = privateKeyToAccount(`0x${'11'.repeat(32)}`)
const publicKey = Uint8Array.from(Buffer.from(owner.publicKey.slice(2), 'hex'))
const limits = {
  call: 100_000n,
  verification: 200_000n,
  preVerification: 50_000n,
  paymasterVerification: 0n,
  paymasterPostOp: 0n,
}
const facts = {
  ...{ account: null, tip: null, existing: null, fuel: null },
  fees: { model: 'gas', base: 10n ** 9n, priority: 10n ** 9n } as const,
  operation: { nonce: 7n << 64n, validUntil: 1_700_000_000, gas: limits, paymaster: null },
}
const abi = parseAbi(['function executeUserOp(address to, uint256 value, bytes data, uint8 operation)'])

test('the Safe does exactly the call of the request, as a call', async () => {
  const request = { to: shop, value: 5n, fields: { data: '0x1234', mode: 'smart_account', gasless: false } }
  const draft = safeOperations.draft(request, base, safe)
  const unsigned = safeOperations.build(draft, facts, publicKey)
  expect(unsigned.effects).toEqual({ ...effectsOfDraft(draft), overhead: 350_000n * 3n * 10n ** 9n })
  expect(safeOperations.call?.(draft)).toMatchObject({ from: safe, to: shop, value: 5n })
  const [digest = new Uint8Array(0)] = unsigned.toSign
  const signed = Buffer.from((await owner.sign({ hash: hex(digest) })).slice(2), 'hex')
  const { text, id } = safeOperations.assemble(
    unsigned,
    [Uint8Array.of(...signed.subarray(0, 64), signed[64] === 28 ? 1 : 0)],
    publicKey,
  )
  const sent = operationIn(text)
  const args = [shop, 5n, '0x1234', 0] as const
  expect(hex(sent.callData)).toBe(encodeFunctionData({ abi, args }))
  expect(sent).toMatchObject({ sender: safe, nonce: 7n << 64n, gas: limits, paymaster: null, maxFee: 3n * 10n ** 9n })
  expect(hex(sent.signature)).toBe(`0x00000000000000006553f100${signed.toString('hex')}`)
  expect(validUntilOf(sent)).toBe(1_700_000_000)
  expect(id).toBe(userOperationHash(sent, 8_453))
})

test('fees that a paymaster pays cost the agent nothing', () => {
  const draft = safeOperations.draft({ to: shop, value: 5n, fields: { gasless: true } }, base, safe)
  expect(safeOperations.effects(draft).overhead).toBe(0n)
  expect(safeOperations.build(draft, facts, publicKey).effects.overhead).toBe(0n)
})

test.each([{ gasless: false }, { gasless: true }])(
  'fees of more than 1 in total are refused, whatever price the caller names, %j',
  (fields) => {
    const lying = { ...facts, fees: { model: 'gas', base: 10n ** 13n, priority: 0n } as const }
    const build = (more: object) =>
      safeOperations.build(
        safeOperations.draft({ to: shop, value: 5n, fields: { ...fields, ...more } }, base, safe),
        lying,
        publicKey,
      )
    expect(() => build({})).toThrow('is missing. The operation could cost fees of more than 1 in total')
    expect(() => build({ max_fee_per_gas: '20000000000000' })).toThrow('is too high')
    expect(() => build({ max_fee_per_gas: '1000000000' })).not.toThrow()
  },
)

test.each([safe, safe.toLowerCase(), safeModule, entryPoint])(
  'a call of %s is refused, because it could change who owns the Safe',
  (to) => {
    expect(() => safeOperations.draft({ to, value: 0n, fields: { data: '0x12345678' } }, base, safe)).toThrow(
      'must not be',
    )
  },
)

test.each(['nonce', 'gas_limit', 'gas_price', 'tx_type', 'access_list', 'authorization_list'])(
  '%s is refused',
  (name) => {
    const request = { to: shop, value: 0n, fields: { [name]: name.endsWith('list') ? [] : '1' } }
    expect(() => safeOperations.draft(request, base, safe)).toThrow('is not for the mode smart_account')
  },
)

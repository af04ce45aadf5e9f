import fc from 'fast-check'
import {
  type Abi,
  encodeAbiParameters,
  encodeFunctionData,
  encodePacked,
  maxUint256,
  parseAbi,
  parseAbiParameters,
} from 'viem'
import { expect, test } from 'vitest'
import { tries } from '../../../../../tools/test-run/index.ts'
import { effectsOf } from '../effects.ts'
import { argumentTypes, decodeArguments } from './abi.ts'
import { evm } from './index.ts'
import { knownFunctions, selector } from './known-functions.ts'

const network = { name: 'base', isTestnet: false, chainId: 8_453, decimals: 18 }
const address = (number: number) =>
  evm.canonical(`0x${number.toString(16).padStart(40, '0')}`, network) as `0x${string}`
const [me, token, shop, spender, router, safe] = [1, 2, 3, 4, 5, 6].map(address) as [
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
]

const call = (signature: string, ...args: readonly unknown[]) =>
  encodeFunctionData({ abi: parseAbi([`function ${signature}`] as readonly string[]) as Abi, args })

function effects(to: string, data: string, value = 0n) {
  return evm.effects(evm.draft({ to, value, fields: { data } }, network, me))
}

const pay = call('transfer(address,uint256)', shop, 5n)
const paid = { to: shop, token, amount: 5n }

test('a plain transfer gives ether to one address, and its overhead is known when its fees are', () => {
  const draft = evm.draft({ to: shop, value: 7n, fields: { max_fee_per_gas: '10' } }, network, me)
  const transfers = [{ to: shop, token: null, amount: 7n }]
  expect(evm.effects(draft)).toEqual(effectsOf({ native: 7n, overhead: 210_000n, transfers }))
  const open = evm.draft({ to: shop, value: 7n, fields: {} }, network, me)
  expect(evm.effects(open).overhead).toBeNull()
})

test('token_mint is a transfer of this token', () => {
  const draft = evm.draft({ to: shop, value: 5n, fields: { token_mint: token } }, network, me)
  expect(evm.effects(draft)).toMatchObject({ native: 0n, transfers: [paid] })
  expect(draft).toMatchObject({ to: token, value: 0n })
})

test.each([
  ['transfer', pay],
  ['transferFrom', call('transferFrom(address,address,uint256)', me, shop, 5n)],
  [
    'transferWithAuthorization',
    call(
      'transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)',
      me,
      shop,
      5n,
      0n,
      0n,
      `0x${'00'.repeat(32)}`,
      27,
      `0x${'00'.repeat(32)}`,
      `0x${'00'.repeat(32)}`,
    ),
  ],
])('%s names the one who gets the tokens (I11)', (name, data) => {
  const found = effects(token, data)
  expect(found).toMatchObject({ native: 0n, transfers: [paid], opaque: null })
  expect(found.calls).toEqual([{ to: token, selector: data.slice(0, 10), function: expect.stringContaining(name) }])
})

test.each([
  ['approve', call('approve(address,uint256)', spender, 9n), 9n],
  ['approve of everything', call('approve(address,uint256)', spender, maxUint256), null],
  ['approve of the most that 96 bits hold', call('approve(address,uint256)', spender, 2n ** 96n - 1n), null],
  ['increaseAllowance', call('increaseAllowance(address,uint256)', spender, 9n), 9n],
  [
    'permit',
    call(
      'permit(address,address,uint256,uint256,uint8,bytes32,bytes32)',
      me,
      spender,
      9n,
      0n,
      27,
      `0x${'00'.repeat(32)}`,
      `0x${'00'.repeat(32)}`,
    ),
    9n,
  ],
  ['setApprovalForAll', call('setApprovalForAll(address,bool)', spender, true), null],
  ['taking setApprovalForAll back', call('setApprovalForAll(address,bool)', spender, false), 0n],
] as const)('%s is an approval, although no ether moves (I11)', (_, data, amount) => {
  expect(effects(token, data)).toMatchObject({ native: 0n, transfers: [], approvals: [{ spender, token, amount }] })
})

test('Permit2 names the token in its arguments', () => {
  const data = call('approve(address,address,uint160,uint48)', token, spender, 9n, 0)
  expect(effects(router, data).approvals).toEqual([{ spender, token, amount: 9n }])
  const details = { token, amount: 9n, expiration: 0, nonce: 0 }
  const permit = encodeFunctionData({
    abi: parseAbi([
      'struct Details { address token; uint160 amount; uint48 expiration; uint48 nonce; }',
      'struct Single { Details details; address spender; uint256 sigDeadline; }',
      'function permit(address owner, Single single, bytes signature)',
    ]),
    args: [me, { details, spender, sigDeadline: 0n }, '0x1234'],
  })
  expect(effects(router, permit).approvals).toEqual([{ spender, token, amount: 9n }])
  expect(effects(router, call('transferFrom(address,address,uint160,address)', me, shop, 5n, token)).transfers).toEqual(
    [paid],
  )
})

test('calls inside of multicall, Multicall3 and a batch of a smart account are found (I11)', () => {
  const third = parseAbi([
    'struct Call3 { address target; bool allowFailure; bytes callData; }',
    'function aggregate3(Call3[] calls)',
  ])
  const batch = parseAbi([
    'struct Call { address to; uint256 value; bytes data; }',
    'function executeBatch(Call[] calls)',
  ])
  for (const [to, data] of [
    [token, call('multicall(bytes[])', [pay])],
    [token, call('multicall(uint256,bytes[])', 0n, [pay])],
    [router, encodeFunctionData({ abi: third, args: [[{ target: token, allowFailure: false, callData: pay }]] })],
    [safe, encodeFunctionData({ abi: batch, args: [[{ to: token, value: 0n, data: pay }]] })],
    [safe, call('execute(address,uint256,bytes)', token, 0n, pay)],
    [safe, call('executeBatch(address[],uint256[],bytes[])', [token], [0n], [pay])],
  ] as const) {
    expect(effects(to, data), data.slice(0, 10)).toMatchObject({ transfers: [paid], opaque: null })
  }
})

const noRefund = [0n, 0n, 0n, address(0), address(0), '0x'] as const
const execTransaction = 'execTransaction(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,bytes)'

test('a Safe transaction names who gets what, also in its MultiSend', () => {
  expect(effects(safe, call(execTransaction, token, 0n, pay, 0, ...noRefund))).toMatchObject({
    transfers: [paid],
    opaque: null,
  })
  expect(effects(safe, call(execTransaction, shop, 8n, '0x', 0, ...noRefund)).transfers).toEqual([
    { to: shop, token: null, amount: 8n },
  ])
  const bytes = (data: `0x${string}`) => BigInt(data.length / 2 - 1)
  const one = encodePacked(['uint8', 'address', 'uint256', 'uint256', 'bytes'], [0, token, 0n, bytes(pay), pay])
  const two = encodePacked(['uint8', 'address', 'uint256', 'uint256', 'bytes'], [0, shop, 8n, 0n, '0x'])
  const many = call('multiSend(bytes)', `${one}${two.slice(2)}`)
  expect(effects(safe, call(execTransaction, router, 0n, many, 1, ...noRefund))).toMatchObject({
    transfers: [paid, { to: shop, token: null, amount: 8n }],
    opaque: null,
  })
})

test('the native amount is what leaves the signer, and what contract accounts pay from their own money', () => {
  const pays = (value: bigint, data = '0x') => call(execTransaction, shop, value, data, 0, ...noRefund)
  expect(effects(safe, pays(8n)).native).toBe(8n)
  expect(effects(safe, pays(8n), 5n).native).toBe(8n)
  expect(effects(safe, pays(8n), 8n).native).toBe(8n)
  expect(
    effects(safe, call('executeBatch(address[],uint256[],bytes[])', [shop, shop], [3n, 4n], ['0x', '0x'])).native,
  ).toBe(7n)
  const third = parseAbi([
    'struct Call3Value { address target; bool allowFailure; uint256 value; bytes callData; }',
    'function aggregate3Value(Call3Value[] calls) payable',
  ])
  const plain = { target: shop, allowFailure: false, value: 5n, callData: '0x' } as const
  const ofSafe = { target: safe, allowFailure: false, value: 0n, callData: pays(8n) } as const
  const data = encodeFunctionData({ abi: third, args: [[plain, ofSafe]] })
  expect(effects(router, data, 5n)).toMatchObject({ native: 13n, opaque: null })
})

test('a delegatecall of a Safe, a refund, and a batch that is cut off do not pass as harmless', () => {
  expect(effects(safe, call(execTransaction, router, 0n, pay, 1, ...noRefund)).opaque).toBe('a delegatecall')
  const refund = [0n, 0n, 1n, token, shop, '0x'] as const
  expect(effects(safe, call(execTransaction, router, 0n, '0x', 0, ...refund))).toMatchObject({
    transfers: expect.arrayContaining([{ to: shop, token, amount: null }]),
    opaque: 'a Safe transaction that refunds gas',
  })
  expect(effects(safe, call('multiSend(bytes)', `0x00${'00'.repeat(60)}`)).opaque).toBe('a batch that is cut off')
  const delegated = encodePacked(['uint8', 'address', 'uint256', 'uint256'], [1, token, 0n, 0n])
  expect(effects(safe, call('multiSend(bytes)', delegated)).opaque).toBe('a delegatecall')
})

test('user operations of both versions of the entry point name what their accounts do', () => {
  const inner = call('execute(address,uint256,bytes)', token, 0n, pay)
  const word = `0x${'00'.repeat(32)}`
  const newer = [safe, 0n, '0x', inner, word, 0n, word, '0x', '0x']
  const older = [safe, 0n, '0x', inner, 0n, 0n, 0n, 0n, 0n, '0x', '0x']
  for (const [shape, operation] of [
    ['(address,uint256,bytes,bytes,bytes32,uint256,bytes32,bytes,bytes)[]', newer],
    ['(address,uint256,bytes,bytes,uint256,uint256,uint256,uint256,uint256,bytes,bytes)[]', older],
  ] as const) {
    const parameters = parseAbiParameters(`${shape}, address`)
    const args = encodeAbiParameters(parameters, [[operation], spender] as never)
    const found = effects(router, `${selector(`handleOps(${shape},address)`)}${args.slice(2)}`)
    expect(found.transfers).toEqual([{ to: spender, token: null, amount: null }, paid])
    expect(found.opaque).toBeNull()
  }
})

test('EIP-7702 delegates and an unknown function are named as such (I11)', () => {
  const authorization = { chain_id: 8_453, address: router, nonce: 0, y_parity: 0, r: '0x1', s: '0x1' }
  const draft = evm.draft({ to: shop, value: 0n, fields: { authorization_list: [authorization] } }, network, me)
  expect(evm.effects(draft).delegates).toEqual([router])
  expect(effects(router, '0x12345678').calls).toEqual([{ to: router, selector: '0x12345678', function: null }])
  expect(effects(router, '0x1234').calls).toEqual([{ to: router, selector: null, function: null }])
})

test('arguments that contracts read and a strict decoder does not are opaque: too short, too long, dirty, out of order', () => {
  const dirty = `${pay.slice(0, 10)}01${pay.slice(12)}`
  const loop = call('multicall(bytes[])', [pay]).replace(`${'0'.repeat(62)}20`, `${'0'.repeat(62)}40`)
  for (const data of [pay.slice(0, -2), `${pay}00`, dirty, loop]) expect(effects(token, data).opaque).not.toBeNull()
})

test('calls in calls are followed to a depth, and what is deeper is opaque', () => {
  let nested: string = pay
  for (let depth = 0; depth < 8; depth++) nested = call('multicall(bytes[])', [nested])
  expect(effects(token, nested)).toMatchObject({ transfers: [paid], opaque: null })
  expect(effects(token, call('multicall(bytes[])', [nested]))).toMatchObject({ opaque: expect.any(String) })
  expect(effects(token, call('multicall(bytes[])', Array(256).fill(pay))).opaque).not.toBeNull()
})

test('what viem writes, the decoder reads: every known function with random arguments', () => {
  const signatures = [...knownFunctions.values()].map(({ signature }) => signature)
  const law = fc.property(
    fc.constantFrom(...signatures),
    fc.infiniteStream(fc.bigInt({ min: 0n, max: 2n ** 48n - 1n })),
    (signature, numbers) => {
      const next = () => numbers.next().value as bigint
      const types = argumentTypes(signature)
      const values = types.map((type) => example(type, next))
      const text = signature.slice(signature.indexOf('(') + 1, -1)
      const encoded = text === '' ? '0x' : encodeAbiParameters(parseAbiParameters(text), values as never)
      const read = decodeArguments(types, Buffer.from(encoded.slice(2), 'hex'))
      expect(shown(read)).toEqual(shown(values))
    },
  )
  fc.assert(law, { numRuns: tries(10_000) })
})

test('no bytes make the decoder fail or take long: it answers, or says that it cannot', () => {
  const signatures = [...knownFunctions.keys()]
  const law = fc.property(fc.constantFrom(...signatures), fc.uint8Array({ maxLength: 700 }), (name, bytes) => {
    effects(token, `${name}${Buffer.from(bytes).toString('hex')}`)
  })
  fc.assert(law, { numRuns: tries(20_000) })
})

type Type = ReturnType<typeof argumentTypes>[number]

function example(type: Type, next: () => bigint): unknown {
  switch (type.base) {
    case 'address':
      return address(Number(next() % 2n ** 40n))
    case 'bool':
      return next() % 2n === 0n
    case 'uint':
      return type.size <= 8 ? Number(next() % 2n) : type.size <= 48 ? Number(next()) : next()
    case 'fixedBytes':
      return `0x${next()
        .toString(16)
        .padStart(type.size * 2, '0')}`
    case 'bytes':
      return `0x${'ab'.repeat(Number(next() % 70n))}`
    case 'list':
      return Array.from({ length: Number(next() % 4n) }, () => example(type.of, next))
    case 'tuple':
      return type.of.map((one) => example(one, next))
  }
}

function shown(value: unknown): unknown {
  if (value instanceof Uint8Array) return `0x${Buffer.from(value).toString('hex')}`
  if (Array.isArray(value)) return value.map(shown)
  return typeof value === 'number' ? BigInt(value) : value
}

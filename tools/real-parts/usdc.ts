import type { Facilitator, Payment, PaymentRequirement } from '@pawl/core/ports'
import {
  type Address,
  createPublicClient,
  createWalletClient,
  type Hex,
  http,
  parseAbi,
  parseSignature,
  publicActions,
} from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { anvil as anvilChain } from 'viem/chains'
import { type Anvil, richKey } from './anvil.ts'
import { authorizationTypes } from './eip-3009.ts'

// A token like USDC on anvil, and a facilitator that moves it: transfers that their payer only signs (EIP-3009).

export interface Usdc {
  readonly address: Address
  readonly facilitator: Facilitator
  /** A new payer with this much of the token. */
  payer(atoms: bigint): Promise<Payer>
  balanceOf(address: string): Promise<bigint>
}

export interface Payer {
  readonly address: Address
  /** Signs what a requirement asks for. Nothing is sent. */
  pay(requirement: PaymentRequirement): Promise<Payment>
}

const abi = parseAbi([
  'function mint(address to, uint256 value)',
  'function balanceOf(address) view returns (uint256)',
  'function authorizationState(address, bytes32) view returns (bool)',
  'function transferWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, uint8 v, bytes32 r, bytes32 s)',
])

/**
 * Puts the token on a node.
 *
 * @example
 * await using node = await startAnvil()
 * const usdc = await deployUsdc(node)
 * const payer = await usdc.payer(5_000n)
 */
export async function deployUsdc(node: Anvil): Promise<Usdc> {
  const chain = { ...anvilChain, id: Number(await node.ask('eth_chainId')) }
  const transport = http(node.url)
  const reader = createPublicClient({ chain, transport })
  const wallet = createWalletClient({ account: privateKeyToAccount(richKey), chain, transport }).extend(publicActions)
  const mined = async (hash: Hex) => reader.waitForTransactionReceipt({ hash, pollingInterval: 20 })
  const { contractAddress: address } = await mined(await wallet.deployContract({ abi, bytecode }))
  if (!address) throw new Error('the token was not deployed')
  const token = { address, abi } as const

  const problemWith = async ({ scheme, network, payload }: Payment, wanted: PaymentRequirement) => {
    if (scheme !== wanted.scheme || network !== wanted.network) return 'invalid_network'
    const call = callOf(payload)
    if (call.to !== wanted.payTo) return 'recipient_mismatch'
    if (String(call.value) !== wanted.maxAmountRequired) return 'authorization_value'
    const tried = reader.simulateContract({ ...token, functionName: 'transferWithAuthorization', args: argsOf(call) })
    return tried.then(
      () => null,
      () => 'transfer_reverts',
    )
  }

  const facilitator: Facilitator = {
    verify: async (payment, wanted) => {
      const reason = await problemWith(payment, wanted)
      return reason === null ? { isValid: true, payer: callOf(payment.payload).from } : { isValid: false, reason }
    },
    settle: async (payment, wanted) => {
      const reason = await problemWith(payment, wanted)
      if (reason !== null) return { success: false, reason }
      const call = callOf(payment.payload)
      const args = argsOf(call)
      try {
        const hash = await wallet.writeContract({ ...token, functionName: 'transferWithAuthorization', args })
        const { status } = await mined(hash)
        if (status === 'success') return { success: true, transaction: hash, payer: call.from }
      } catch {}
      return { success: false, reason: 'transfer_reverts' }
    },
  }

  return {
    address,
    facilitator,
    balanceOf: (holder) => reader.readContract({ ...token, functionName: 'balanceOf', args: [holder as Address] }),
    payer: async (atoms) => {
      const account = privateKeyToAccount(generatePrivateKey())
      await mined(await wallet.writeContract({ ...token, functionName: 'mint', args: [account.address, atoms] }))
      const pay = async ({ scheme, network, payTo, maxAmountRequired, extra }: PaymentRequirement) => {
        const now = Math.floor(Date.now() / 1_000)
        const message = {
          ...{ from: account.address, to: payTo as Address, value: BigInt(maxAmountRequired) },
          ...{ validAfter: BigInt(now - 600), validBefore: BigInt(now + 600), nonce: generatePrivateKey() },
        }
        const signature = await account.signTypedData({
          domain: { name: extra.name, version: extra.version, chainId: chain.id, verifyingContract: address },
          types: authorizationTypes,
          primaryType: 'TransferWithAuthorization',
          message,
        })
        const authorization = Object.fromEntries(Object.entries(message).map(([name, value]) => [name, String(value)]))
        return { x402Version: 1 as const, scheme, network, payload: { signature, authorization } }
      }
      return { address: account.address, pay }
    },
  }
}

function callOf(payload: Payment['payload']) {
  const { signature, authorization } = payload as { signature: Hex; authorization: Record<string, string> }
  const { from, to, value = '0', validAfter = '0', validBefore = '0', nonce } = authorization
  return {
    ...{ from: from as Address, to: to as Address, value: BigInt(value), nonce: nonce as Hex },
    ...{ validAfter: BigInt(validAfter), validBefore: BigInt(validBefore), ...parseSignature(signature) },
  }
}

function argsOf({ from, to, value, validAfter, validBefore, nonce, r, s, yParity }: ReturnType<typeof callOf>) {
  return [from, to, value, validAfter, validBefore, nonce, 27 + yParity, r, s] as const
}

// Compiled by solc 0.8.30 with viaIR, optimizer runs 1, evmVersion london and no metadata, from:
//
// contract Usdc {
//   mapping(address => uint256) public balanceOf;
//   mapping(address => mapping(bytes32 => bool)) public authorizationState;
//   event Transfer(address indexed from, address indexed to, uint256 value);
//   bytes32 constant T = keccak256("TransferWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)");
//   bytes32 constant D = keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
//   function mint(address to, uint256 value) external { balanceOf[to] += value; emit Transfer(address(0), to, value); }
//   function transferWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, uint8 v, bytes32 r, bytes32 s) external {
//     require(block.timestamp > validAfter && block.timestamp < validBefore, "time");
//     require(!authorizationState[from][nonce], "used");
//     bytes32 domain = keccak256(abi.encode(D, keccak256("USD Coin"), keccak256("2"), block.chainid, address(this)));
//     bytes32 data = keccak256(abi.encode(T, from, to, value, validAfter, validBefore, nonce));
//     require(from != address(0) && ecrecover(keccak256(abi.encodePacked("\x19\x01", domain, data)), v, r, s) == from, "signature");
//     authorizationState[from][nonce] = true;
//     balanceOf[from] -= value;
//     balanceOf[to] += value;
//     emit Transfer(from, to, value);
//   }
// }
const bytecode: Hex = `0x${
  '608080604052346015576104d1908161001b8239f35b600080fdfe6080604052600436101561001257600080fd5b60003560e01c806340c10f19' +
  '1461040257806370a08231146103c8578063e3ee160e1461009a5763e94a01021461004857600080fd5b34610095576040366003190112610095' +
  '576001600160a01b03610069610454565b1660005260016020526040600020602435600052602052602060ff6040600020541660405190151581' +
  '52f35b600080fd5b3461009557610120366003190112610095576100b4610454565b6024356001600160a01b0381169190829003610095576044' +
  '356064359160843560a4359160c4359060ff821680920361009557854211806103bf575b156103945760018060a01b0316948560005260016020' +
  '5260406000208460005260205260ff604060002054166103695760405160208101907f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffa' +
  'caa9a75d522b39400f82527f52878b207aaddbfc15ea7bebcda681eb8ccd306e2227b61cef68505c8c05634160408201527fad7c5bef027816a8' +
  '00da1736444fb58a807ef4c9603b7848673f7e3a68eb14a560608201524660808201523060a082015260a081526101b260c082610477565b5190' +
  '20926040519060208201927f7c7c6cdb67a18743f49ec6fa9b35f50d52ed05cbed4cc592e13b44501c1a22678452886040840152896060840152' +
  '87608084015260a083015260c08201528460e082015260e0815261021461010082610477565b5190209185151592836102e8575b505050156102' +
  'b7578260005260016020526040600020906000526020526040600020600160ff1982541617905581600052600060205260406000208054918083' +
  '039283116102a1576000805160206104b183398151915292602092558460005260008252604060002061029682825461046a565b905560405190' +
  '8152a3005b634e487b7160e01b600052601160045260246000fd5b60405162461bcd60e51b81526020600482015260096024820152687369676e' +
  '617475726560b81b6044820152606490fd5b6020935091608091600093604051908682019261190160f01b845260228301526042820152604281' +
  '5261031c606282610477565b519020906040519182528482015260e435604082015261010435606082015282805260015afa1561035d57600051' +
  '6001600160a01b03168314858080610222565b6040513d6000823e3d90fd5b606460405162461bcd60e51b815260206004820152600460248201' +
  '52631d5cd95960e21b6044820152fd5b606460405162461bcd60e51b815260206004820152600460248201526374696d6560e01b6044820152fd' +
  '5b508242106100f0565b34610095576020366003190112610095576001600160a01b036103e9610454565b166000526000602052602060406000' +
  '2054604051908152f35b346100955760403660031901126100955761041b610454565b6001600160a01b03166000818152602081815260408220' +
  '80546000805160206104b183398151915292916024359161029690839061046a565b600435906001600160a01b038216820361009557565b9190' +
  '82018092116102a157565b601f909101601f19168101906001600160401b0382119082101761049a57604052565b634e487b7160e01b60005260' +
  '4160045260246000fdfeddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef'
}`

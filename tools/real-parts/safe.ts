import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Abi, decodeFunctionResult, encodeDeployData, encodeFunctionData, parseAbi } from 'viem'
import type { Anvil } from './anvil.ts'

// A real Safe on anvil: the bytecode that the authors of the contract publish.

const artefacts = createRequire(import.meta.url).resolve('@safe-global/safe-smart-account/package.json')

const safe = parseAbi([
  'function setup(address[] owners, uint256 threshold, address to, bytes data, address fallbackHandler, address paymentToken, uint256 payment, address paymentReceiver)',
])
const factory = parseAbi([
  'function createProxyWithNonce(address singleton, bytes initializer, uint256 saltNonce) returns (address proxy)',
])
const none = `0x${'0'.repeat(40)}` as const

type Hex = `0x${string}`

/**
 * Deploys a Safe with these owners from the first account of anvil, with a module that is its fallback handler too. Returns its
 * address. Default: no module.
 *
 * @example
 * const address = await deploySafe(node, [ann.address, bob.address], 2)
 */
export async function deploySafe(
  node: Anvil,
  owners: readonly string[],
  threshold: number,
  module: Hex | null = null,
): Promise<Hex> {
  const singleton = await deploy(node, 'Safe.sol/Safe')
  const factoryAddress = await deploy(node, 'proxies/SafeProxyFactory.sol/SafeProxyFactory')
  const [setup, enabling] = module ? [await deployModuleSetup(node), enableModule(module)] : [none, '0x' as const]
  const args = [owners as Hex[], BigInt(threshold), setup, enabling, module ?? none, none, 0n, none] as const
  const initializer = encodeFunctionData({ abi: safe, args })
  const data = encodeFunctionData({ abi: factory, args: [singleton, initializer, 0n] })
  const [from] = (await node.ask('eth_accounts')) as Hex[]
  // Asked first, because only the event of the deployment has the address otherwise.
  const answer = (await node.ask('eth_call', { from, to: factoryAddress, data }, 'latest')) as Hex
  await sent(node, { to: factoryAddress, data })
  return decodeFunctionResult({ abi: factory, data: answer })
}

/** Sends a transaction from the first account, and waits until it is in a block. */
export async function sent(node: Anvil, wanted: { to?: Hex; data?: Hex; from?: Hex }): Promise<string | null> {
  const [from] = (await node.ask('eth_accounts')) as Hex[]
  const id = await node.ask('eth_sendTransaction', { from, gas: '0x989680', ...wanted })
  for (let tries = 0; tries < 100; tries++) {
    const receipt = (await node.ask('eth_getTransactionReceipt', id)) as Receipt | null
    if (receipt && receipt.status !== '0x1') throw new Error('the transaction reverted')
    if (receipt) return receipt.contractAddress
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('anvil made no block')
}

interface Receipt {
  readonly status: string
  readonly contractAddress: string | null
}

const moduleSetup = parseAbi(['function enableModules(address[] modules)'])

function enableModule(module: Hex): Hex {
  return encodeFunctionData({ abi: moduleSetup, args: [[module]] })
}

function deployModuleSetup(node: Anvil): Promise<Hex> {
  const name = '@safe-global/safe-4337/build/artifacts/contracts/SafeModuleSetup.sol/SafeModuleSetup.json'
  return deployFrom(node, createRequire(import.meta.url).resolve(name))
}

function deploy(node: Anvil, name: string): Promise<Hex> {
  return deployFrom(node, new URL(`build/artifacts/contracts/${name}.json`, `file://${artefacts}`))
}

interface Artefact {
  readonly abi: Abi
  readonly bytecode: Hex
}

/** What the compiler of the authors made of a contract. */
export function artefactIn(file: string | URL): Artefact {
  return JSON.parse(readFileSync(file, 'utf8'))
}

/** Deploys a contract from the first account, and returns its address. */
export async function deployFrom(node: Anvil, file: string | URL, args: readonly unknown[] = []): Promise<Hex> {
  const { abi, bytecode } = artefactIn(file)
  return (await sent(node, { data: encodeDeployData({ abi, bytecode, args }) })) as Hex
}

import type { Family, KeyChain } from '../../families/index.ts'
import { bytesOfHex } from '../../kernel/bytes.ts'
import { invalidField } from '../../kernel/errors.ts'
import { among, type Context, visible } from '../../operations/index.ts'
import { type Agent, findAgentKeysVault } from '../agents/index.ts'
import type { RegisteredChain } from '../chains/index.ts'
import { type SecretKey, secretKind } from '../secrets/index.ts'
import { signingKeyNotFound } from './errors.ts'
import { keyPath, type SigningKey, signingKeyKind } from './records.ts'
import { type Signer, storedSigner } from './sign.ts'

/**
 * The key that signs for an agent on a chain: the one at `signing_key_path`, else its signing key, else a secret at
 * `keys/{chain}-signer` in a vault that its policies open. The caller is the agent, also where a human asks for it.
 */
export function resolveSigner(
  context: Context,
  agent: Agent,
  chain: RegisteredChain,
  family: Family,
  path: string | undefined,
): Signer {
  const own = context.unit.find(signingKeyKind, 'active', agent.id, family.keyChain)
  const isOwn = path === undefined || path === keyPath(agent.id, family.keyChain)
  if (own && isOwn) return { key: own, curve: own.curve, publicKey: bytesOfHex(own.publicKey) }
  const wanted = path === undefined ? `keys/${chain.name}-signer` : checkedPath(agent, path)
  const stored = storedAt(context, wanted, family)
  if (!stored) throw signingKeyNotFound({ chain: keyName(path, family.keyChain) })
  return storedSigner(context, stored)
}

/** The address of a signer on a network. Every signature needs it, so the engine caches it for each record of a signing key. */
export function addressOf(family: Family, signer: Signer, network: RegisteredChain): string {
  if (!('key' in signer)) return family.address(signer.publicKey, network)
  const known = addresses.get(signer.key) ?? new WeakMap<RegisteredChain, string>()
  addresses.set(signer.key, known)
  const address = known.get(network) ?? family.address(signer.publicKey, network)
  known.set(network, address)
  return address
}

/** The objects are safe as keys, because records are immutable. */
const addresses = new WeakMap<SigningKey, WeakMap<RegisteredChain, string>>()

/** Where the key is, whose policies say who may use it. Null: it is in the key store, and no vault is about it. */
export function keyPlace({ unit }: Pick<Context, 'unit'>, signer: Signer) {
  if ('stored' in signer) return { vaultId: signer.stored.vaultId, path: signer.stored.path }
  const vault = findAgentKeysVault(unit)
  return vault && { vaultId: vault.id, path: keyPath(signer.key.agentId, signer.key.chain) }
}

/** Whether any agent can name a secret at this path as its key. */
export function isKeyPath(path: string): boolean {
  const [, agentId = ''] = path.split('/')
  return isKeyPathOf(agentId, path)
}

/** Only these places, so that no other secret can be used as a key (web3.md 1.4). */
function isKeyPathOf(agentId: string, path: string): boolean {
  const places = ['keys/', 'wallets/', `agents/${agentId}/keys/`, `agents/${agentId}/chains/`]
  return places.some((prefix) => path.startsWith(prefix) && path.length > prefix.length)
}

function keyName(path: string | undefined, chain: KeyChain): string {
  return path === undefined ? chain : 'this signing_key_path'
}

function checkedPath(agent: Agent, path: string): string {
  const isPlain = path.split('/').every((segment) => /^[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?$/.test(segment))
  if (isPlain && isKeyPathOf(agent.id, path)) return path
  throw invalidField(
    'signing_key_path',
    'must begin with keys/, wallets/, agents/<own id>/keys/ or agents/<own id>/chains/',
  )
}

/** A key at a path that the policies of the agent let it read. Of several vaults, the first with a secret there. */
function storedAt(context: Context, path: string, { curve }: Family) {
  const hidden = findAgentKeysVault(context.unit)?.id
  const vaults = visible(context, 'vault').filter((vaultId) => vaultId !== hidden)
  const keys: readonly SecretKey[] = vaults
    .filter((vaultId) => context.unit.find(secretKind, 'path', vaultId, path))
    .map((vaultId) => ({ vaultId, path }))
  const [found] = among(context, 'secret', keys, 'read')
  return found ? { ...found, version: null, curve } : null
}

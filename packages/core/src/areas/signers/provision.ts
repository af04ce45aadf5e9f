import { familyOfKeys, type KeyChain } from '../../families/index.ts'
import { hex, wipe } from '../../kernel/bytes.ts'
import { Secret } from '../../kernel/secret.ts'
import { type Context, principalOf, signedIn } from '../../operations/index.ts'
import { agentKeysVault } from '../agents/index.ts'
import { signingKeyType, storeVersion } from '../secrets/index.ts'
import type { Vault } from '../vaults/index.ts'
import { signingKeyExists, signingKeyNotFound } from './errors.ts'
import type { StoredKey } from './open-key.ts'
import { type Curve, newPrivateKey, publicKeyOf } from './private-key.ts'
import { type Custody, keyPath, keyUri, type SigningKey, signingKeyKind } from './records.ts'
import { familyFor, mainNetwork } from './schemas.ts'
import { digestSigning } from './sign.ts'

/** Where a new key comes from: made here, or brought by a human. */
export interface Provision {
  readonly agentId: string
  readonly chain: KeyChain
  readonly custody: Custody
  /** The bytes of an imported key. They are overwritten. */
  readonly imported?: Uint8Array
  /** The vault of agent keys, for a unit that makes it. */
  readonly keysVault?: Vault
}

/** Stages a key that replaces no other. Throws `signing_key_exists` if the agent has an active one. */
export function provision(context: Context, wanted: Provision): SigningKey {
  const { unit } = context
  if (unit.find(signingKeyKind, 'active', wanted.agentId, wanted.chain)) throw signingKeyExists(wanted)
  return stageKey(context, wanted, newestVersion(context, wanted) + 1)
}

/** Stages a new key in the place of the active one. Its custody stays. */
export function rotate(context: Context, agentId: string, chain: KeyChain): SigningKey {
  const { unit, now } = context
  const before = activeKey(context, agentId, chain)
  unit.put(signingKeyKind, { ...before, isActive: false, rotatedAt: now })
  return stageKey(context, { agentId, chain, custody: before.custody }, before.version + 1)
}

export function activeKey({ unit }: Pick<Context, 'unit'>, agentId: string, chain: KeyChain): SigningKey {
  const key = unit.find(signingKeyKind, 'active', agentId, chain)
  if (!key) throw signingKeyNotFound({ chain })
  return key
}

function newestVersion({ unit }: Context, { agentId, chain }: Provision): number {
  return Math.max(0, ...unit.list(signingKeyKind, 'agent', agentId, chain).map(({ version }) => version))
}

function stageKey(context: Context, wanted: Provision, version: number): SigningKey {
  const { agentId, chain, custody } = wanted
  const family = familyFor(chain)
  const { curve } = family
  const made =
    custody === 'hsm' ? makeInKeyStore(context, { agentId, chain, version }, curve) : store(context, wanted, curve)
  const key: SigningKey = {
    id: context.newId(),
    ...{ agentId, chain, curve, version, custody },
    publicKey: hex(made.publicKey),
    address: family.address(made.publicKey, mainNetwork(chain)),
    secretVersion: made.secretVersion,
    isActive: true,
    createdBy: principalOf(signedIn(context)),
    createdAt: context.now,
    rotatedAt: null,
  }
  context.unit.put(signingKeyKind, key)
  return key
}

/** A key that was stored. */
interface Made {
  readonly publicKey: Uint8Array
  readonly secretVersion: number | null
}

function makeInKeyStore(context: Context, key: Pick<SigningKey, 'agentId' | 'chain' | 'version'>, curve: Curve): Made {
  if (curve === 'secp256k1') digestSigning(context.hsm)
  const uri = keyUri(context.unit.org ?? '', key)
  const publicKey = context.unit.waitFor(async () => {
    // If the unit is not stored, the key is never used. The next try takes the same key.
    await context.hsm.createKey(uri, curve)
    return context.hsm.publicKey(uri)
  })
  return { publicKey, secretVersion: null }
}

function store(context: Context, { agentId, chain, imported, keysVault }: Provision, curve: Curve): Made {
  const { id: vaultId } = keysVault ?? agentKeysVault(context)
  return storeKey(context, { vaultId, path: keyPath(agentId, chain), curve }, imported)
}

/** Stores a new or imported key as a new version of a secret, with the envelope of every secret. */
export function storeKey(
  context: Context,
  { vaultId, path, curve }: Pick<StoredKey, 'vaultId' | 'path' | 'curve'>,
  imported?: Uint8Array,
): Made & { readonly secretVersion: number } {
  const privateKey = imported?.slice() ?? newPrivateKey(context, curve)
  const publicKey = publicKeyOf(context, curve, privateKey)
  const value = Secret.of(hex(privateKey))
  wipe(privateKey)
  const { newest } = storeVersion(context, { vaultId, path, value, type: signingKeyType })
  return { publicKey, secretVersion: newest.number }
}

/** Whether Pawl can make keys for this chain. */
export function canSign(chain: KeyChain): boolean {
  return familyOfKeys(chain) !== null
}

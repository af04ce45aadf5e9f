import { bytesOfHex } from '../../kernel/bytes.ts'
import { invalidField } from '../../kernel/errors.ts'
import type { Principal, UnitContext } from '../../operations/index.ts'
import { agentKind } from '../agents/index.ts'
import { userKind } from '../orgs/index.ts'
import { type Signer, type SigningKey, signingKeyKind } from '../signers/index.ts'
import { findActive, signerOf, walletKind } from '../wallets/index.ts'
import { signerExists, treasuryFull } from './errors.ts'
import { inTurn } from './in-turn.ts'
import { type Treasury, type TreasurySigner, treasurySignerKind } from './records.ts'

export const signersMax = 50

export interface SignerWanted {
  readonly signer_type?: 'user' | 'agent' | undefined
  readonly signer_id?: string | undefined
  readonly signer_address?: string | undefined
}

/** Stages a signer. Without a user or agent in the input, the owner of the signing key with this address is the principal. */
export function addSigner(context: UnitContext, treasury: Treasury, wanted: SignerWanted): TreasurySigner {
  const { unit, newId, now } = context
  const all = unit.list(treasurySignerKind, 'treasury', treasury.id)
  if (all.length >= signersMax) throw treasuryFull({ max: signersMax, what: 'signers' })
  const principal = principalOf(context, wanted)
  const address = wanted.signer_address ?? (principal && signingKeyOf(context, principal)?.address)
  if (!address) throw invalidField('signer_address', 'is missing')
  const owner = principal ?? ownerOf(context, address)
  const isKnown = (one: TreasurySigner) =>
    one.address.toLowerCase() === address.toLowerCase() ||
    (owner !== null && one.principal?.kind === owner.kind && one.principal.id === owner.id)
  if (all.some(isKnown)) throw signerExists()
  const signer: TreasurySigner = { id: newId(), treasuryId: treasury.id, principal: owner, address, addedAt: now }
  inTurn(unit, treasury.id)
  unit.put(treasurySignerKind, signer)
  return signer
}

/** The user or agent that was named. Null: none was. */
function principalOf({ unit }: UnitContext, { signer_type: type, signer_id: id }: SignerWanted): Principal | null {
  if (id === undefined) {
    if (type === 'agent') throw invalidField('signer_id', 'is missing')
    return null
  }
  if (type === undefined) throw invalidField('signer_type', 'is missing')
  const found = type === 'agent' ? unit.get(agentKind, id) : unit.get(userKind, id)
  if (!found) throw invalidField('signer_id', `is no ${type} of this organisation`)
  return { kind: type, id }
}

/** The key with which the agent signs on EVM chains. */
export function keyOf({ unit }: Pick<UnitContext, 'unit'>, agentId: string): SigningKey | null {
  return unit.find(signingKeyKind, 'active', agentId, 'ethereum')
}

/** The key with which an agent or user signs on EVM chains. Null: Pawl has none. */
export function signingKeyOf(
  context: Pick<UnitContext, 'unit'>,
  { kind, id }: Principal,
): { readonly address: string; signer(): Signer } | null {
  if (kind === 'agent') {
    const key = keyOf(context, id)
    return (
      key && { address: key.address, signer: () => ({ key, curve: key.curve, publicKey: bytesOfHex(key.publicKey) }) }
    )
  }
  const wallet = findActive(context, id, 'ethereum')
  return wallet && { address: wallet.address, signer: () => signerOf(context.unit, wallet) }
}

/** Whose signing key or wallet has this address. */
function ownerOf({ unit }: UnitContext, address: string): Principal | null {
  const isIt = (one: { readonly isActive: boolean; readonly address: string }) =>
    one.isActive && one.address.toLowerCase() === address.toLowerCase()
  const key = unit.list(signingKeyKind, 'agent').find(isIt)
  if (key) return { kind: 'agent', id: key.agentId }
  const wallet = unit.list(walletKind, 'user').find(isIt)
  return wallet ? { kind: 'user', id: wallet.userId } : null
}

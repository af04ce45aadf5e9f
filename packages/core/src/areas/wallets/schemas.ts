import * as z from 'zod'
import { type Family, families, type KeyChain } from '../../families/index.ts'
import { invalidField } from '../../kernel/errors.ts'
import { rfc3339 } from '../../kernel/time.ts'
import { type Context, fields } from '../../operations/index.ts'
import { findChain, type RegisteredChain } from '../chains/index.ts'
import { keyChains } from '../signers/index.ts'
import type { Wallet } from './records.ts'

/** The chain in a path: the name of a wallet, such as ethereum, or of a network that shares it, such as base. */
export function chainField() {
  return fields.text(64, 1).describe('Name or number of a chain, such as ethereum or base.')
}

/** The wallet that a chain uses. Every EVM network uses the one for `ethereum`. */
export function keyChainOf({ unit }: Pick<Context, 'unit'>, named: string): KeyChain {
  const text = named.trim().toLowerCase()
  const known = text === 'evm' ? 'ethereum' : keyChains.find((one) => one === text)
  return known ?? networkOf({ unit }, named).family.keyChain
}

/** A network of the registry, and the family that writes its transactions. */
export function networkOf(
  { unit }: Pick<Context, 'unit'>,
  named: string,
): { readonly chain: RegisteredChain; readonly family: Family } {
  const chain = findChain(unit, named === 'evm' ? 'ethereum' : named)
  const family = chain && families[chain.family]
  if (!chain || !family) throw invalidField('chain', 'is not a chain of GET /v1/chains')
  return { chain, family }
}

export const WalletBody = z
  .object({
    id: fields.id(),
    chain: z.enum(keyChains),
    curve: z.enum(['secp256k1', 'ed25519']),
    public_key_hex: z.string(),
    address: z.string().describe('On the main network.'),
    is_active: z.boolean(),
    created_at: fields.shownTime(),
    rotated_at: fields.shownTime().optional(),
  })
  .meta({ id: 'TreasuryWalletResponse' })

export type WalletBody = z.infer<typeof WalletBody>

export function walletBody(wallet: Wallet): WalletBody {
  const { id, chain, curve, publicKey, address, isActive, createdAt, rotatedAt } = wallet
  return {
    ...{ id, chain, curve, public_key_hex: publicKey, address, is_active: isActive, created_at: rfc3339(createdAt) },
    ...(rotatedAt === null ? {} : { rotated_at: rfc3339(rotatedAt) }),
  }
}

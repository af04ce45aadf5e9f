import type * as z from 'zod'
import { type Family, families } from '../../families/index.ts'
import { invalidField } from '../../kernel/errors.ts'
import { type Context, fields } from '../../operations/index.ts'
import { findChain, type RegisteredChain } from '../chains/index.ts'
import { orInvalid } from '../signers/index.ts'
import { type SmartAccount, smartAccountKind } from './records.ts'

/** What names a Safe. */
export const placeFields = {
  chain: fields.text(64, 1).describe('Name of an EVM chain, such as base.'),
  chain_id: fields.count().describe('Number of the chain. It must agree with chain.'),
  safe_address: fields.text(64, 1).describe('Address of the Safe.'),
}

type Place = z.output<z.ZodObject<typeof placeFields>>

/** The chain and the address of a Safe, in their canonical form. */
export function placeOf(
  { unit }: Pick<Context, 'unit'>,
  { chain: named, chain_id, safe_address }: Place,
): { readonly chain: RegisteredChain; readonly family: Family; readonly safeAddress: string } {
  const chain = findChain(unit, named)
  const family = families.evm
  if (!family || chain?.family !== 'evm') throw invalidField('chain', 'is not an EVM chain of GET /v1/chains')
  if (chain.chainId !== chain_id) throw invalidField('chain_id', 'does not agree with chain')
  return { chain, family, safeAddress: orInvalid(() => family.canonical(safe_address, chain), 'safe_address') }
}

/** Stages an account in the place of the one that the agent has on the chain. */
export function putAccount(
  { unit, newId, now }: Pick<Context, 'unit' | 'newId' | 'now'>,
  wanted: Omit<SmartAccount, 'id' | 'createdAt'>,
): SmartAccount {
  const before = unit.find(smartAccountKind, 'chain', wanted.agentId, wanted.chainId)
  if (before) unit.delete(smartAccountKind, before)
  const account: SmartAccount = { id: newId(), ...wanted, createdAt: now }
  unit.put(smartAccountKind, account)
  return account
}

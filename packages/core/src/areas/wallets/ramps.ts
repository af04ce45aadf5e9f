import type { Context } from '../../operations/index.ts'
import type { RegisteredChain } from '../chains/index.ts'
import { orInvalid } from '../signers/index.ts'
import { ownWallet, signerOf } from './keys.ts'
import { networkOf } from './schemas.ts'

/** The chain of a purchase or sale, and the address: a given one, or that of the wallet of the caller. */
export function rampPlace(
  context: Context,
  named: string,
  given: string | undefined,
  field: string,
): { readonly chain: RegisteredChain; readonly address: string } {
  const { chain, family } = networkOf(context, named)
  if (given !== undefined) return { chain, address: orInvalid(() => family.canonical(given, chain), field) }
  const { publicKey } = signerOf(context.unit, ownWallet(context, family.keyChain))
  return { chain, address: family.address(publicKey, chain) }
}

import type { Context, Engine } from '../../operations/index.ts'
import type { FiatRamp } from '../../ports/money.ts'
import type { RegisteredChain } from '../chains/index.ts'
import { orInvalid } from '../signers/index.ts'
import { ownWallet, signerOf } from './keys.ts'
import { networkOf } from './schemas.ts'
import { askService } from './services.ts'

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

/** Asks the ramp that the operator configured. The answer names its provider. */
export function askRamp<T extends object>(
  engine: Pick<Engine, 'moneyServices' | 'log'>,
  question: (ramp: FiatRamp) => Promise<T>,
): Promise<T & { readonly provider: string }> {
  return askService(engine, 'fiatRamp', async (ramp) => ({ ...(await question(ramp)), provider: ramp.provider }))
}

import type { MoneyServices } from '@pawl/core/ports'
import type { Config } from './config.ts'
import { defaultOf } from './modules.ts'

/** The services for wallets that a configuration names. Default: none. */
export async function moneyServicesOf({ moneyServices }: Pick<Config, 'moneyServices'>): Promise<MoneyServices> {
  if (moneyServices === null) return {}
  return defaultOf('PAWL_MONEY_SERVICES', moneyServices, 'an object with swaps, fiatRamp or bankr', isMoneyServices)
}

function isMoneyServices(value: MoneyServices): value is MoneyServices {
  const { swaps, fiatRamp, bankr } = value
  const functions = [
    swaps && [swaps.quote],
    fiatRamp && [fiatRamp.onramp, fiatRamp.offramp],
    bankr && [bankr.lease, bankr.revoke],
  ]
  const given = functions.flatMap((of) => (of ? [of] : []))
  return given.length > 0 && given.flat().every((one) => typeof one === 'function')
}

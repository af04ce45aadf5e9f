import type { Context, Engine } from '../../operations/index.ts'
import { type MoneyService, MoneyServiceFailed, type MoneyServices } from '../../ports/money.ts'
import { serviceFailed, serviceNotConfigured } from '../intents/index.ts'

const setting = 'PAWL_MONEY_SERVICES'

/** Refuses a call whose service is not configured, before anything is spent. */
export function requireService({ settings }: Pick<Context, 'settings'>, service: MoneyService): void {
  if (!settings.moneyServices.includes(service)) throw serviceNotConfigured({ service, setting })
}

/** Asks a service. Only the operator sees the reason of a failure. */
export async function askService<K extends MoneyService, T>(
  { moneyServices, log }: Pick<Engine, 'moneyServices' | 'log'>,
  service: K,
  question: (of: NonNullable<MoneyServices[K]>) => Promise<T>,
): Promise<T> {
  const of = moneyServices[service]
  if (!of) throw serviceNotConfigured({ service, setting })
  try {
    return await question(of)
  } catch (error) {
    // Any other error is a mistake in the adapter, and its message can contain anything.
    const reason = error instanceof MoneyServiceFailed ? error.message : 'the adapter failed with an internal error'
    log('warn', 'a service for wallets did not do what was asked', { service, reason })
    throw serviceFailed({ service })
  }
}

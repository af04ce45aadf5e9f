import { type Context, type Engine, failureOfService, serviceNotConfigured } from '../../operations/index.ts'
import { type MoneyService, MoneyServiceFailed, type MoneyServices } from '../../ports/money.ts'

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
    throw failureOfService({ log }, { service, purpose: 'wallets', known: MoneyServiceFailed, error })
  }
}

import { disableModelTokens } from './disable-model-tokens.ts'
import { getBalance } from './get-balance.ts'
import { getModelTokens } from './get-model-tokens.ts'
import { getSubscription } from './get-subscription.ts'
import { getUsage } from './get-usage.ts'
import { listHistory } from './list-history.ts'
import { listTransactions } from './list-transactions.ts'
import { openPortal } from './open-portal.ts'
import { receiveEvent } from './receive-event.ts'
import { setOverageMethod } from './set-overage-method.ts'
import { subscribe } from './subscribe.ts'
import { subscribeModelTokens } from './subscribe-model-tokens.ts'
import { topUp } from './top-up.ts'

export const billingOperations = {
  usage: getUsage,
  history: listHistory,
  subscription: getSubscription,
  balance: getBalance,
  transactions: listTransactions,
  setOverageMethod,
  subscribe,
  portal: openPortal,
  topUp,
  receiveEvent,
  modelTokens: getModelTokens,
  subscribeModelTokens,
  disableModelTokens,
}

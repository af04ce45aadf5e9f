import { area, sweepTask } from '../../operations/index.ts'
import { addUpTask } from './add-up.ts'
import { meter } from './meter.ts'
import { billingOperations } from './operations/index.ts'
import {
  accountKind,
  allowanceKind,
  creditEntryKind,
  monthKind,
  platformUsageKind,
  principalUsageKind,
  providerEventKind,
  roomKind,
  signatureCountKind,
  usageMarkKind,
} from './records.ts'
import { creditsTask } from './remind.ts'
import { takeRoom, takeRoomForSecret } from './room.ts'

export { accountOf, changeLimit, tierOf, unlimitedTier } from './account.ts'
export { addCredits, balanceOf } from './credits.ts'
export { usdText } from './money.ts'
export type { BillingAccount } from './records.ts'
export { tierPreset, tiersProblem } from './tiers.ts'
export { requestsIn, strikeOut } from './usage.ts'

export const billing = area({
  name: 'billing',
  summary: 'What your organisation uses, what its tier allows, and credits.',
  uses: ['audit', 'orgs', 'vaults', 'secrets', 'agents', 'sharing', 'platform', 'shroud', 'mail', 'wallets', 'x402'],
  operations: billingOperations,
  reports: ['billing.credits_add', 'billing.credits_expiring', 'billing.model_tokens_change', 'billing.tier_change'],
  kinds: [
    accountKind,
    allowanceKind,
    creditEntryKind,
    monthKind,
    platformUsageKind,
    principalUsageKind,
    providerEventKind,
    roomKind,
    signatureCountKind,
    usageMarkKind,
  ],
  scheduledTasks: [addUpTask, creditsTask, sweepTask('billing-events.sweep', providerEventKind)],
  meters: meter,
  onCreated: {
    vault: (context) => takeRoom(context, 'vaults'),
    secret: takeRoomForSecret,
    agent: (context) => takeRoom(context, 'agents'),
    user: (context) => takeRoom(context, 'members'),
    share: (context) => takeRoom(context, 'shares'),
  },
})

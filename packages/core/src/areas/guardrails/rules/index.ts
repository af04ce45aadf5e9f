import type { Rule } from '../rule.ts'
import { approvalAbove } from './approval-above.ts'
import { chains } from './chains.ts'
import { dailyLimit } from './daily-limit.ts'
import { delegates } from './delegates.ts'
import { deniedRecipients } from './denied-recipients.ts'
import { frozen } from './frozen.ts'
import { knownCalls } from './known-calls.ts'
import { ledgerTypes } from './ledger-types.ts'
import { maxIn24Hours } from './max-in-24-hours.ts'
import { maxPerDay } from './max-per-day.ts'
import { maxValue } from './max-value.ts'
import { messageSigning } from './message-signing.ts'
import { newRecipients } from './new-recipients.ts'
import { overheadBudget } from './overhead-budget.ts'
import { rawSigning } from './raw-signing.ts'
import { readable } from './readable.ts'
import { recipientLimit } from './recipient-limit.ts'
import { recipients } from './recipients.ts'
import { tokenAccountOwners, tokenAccountsPerDay } from './token-accounts.ts'
import { knownTokens, tokens } from './tokens.ts'
import { trustedEnvironment } from './trusted-environment.ts'
import { typedData } from './typed-data.ts'
import { unlimitedApprovals } from './unlimited-approvals.ts'
import { dailyLimitUsd, maxValueUsd } from './usd.ts'
import { userOperations } from './user-operations.ts'

/** Every rule, in the order in which they are read. All are judged, and one refusal is enough. */
export const rules: readonly Rule[] = [
  // May the agent sign at all?
  frozen,
  trustedEnvironment,
  messageSigning,
  rawSigning,
  typedData,
  chains,
  // Can the server read what is signed?
  readable,
  knownCalls,
  userOperations,
  delegates,
  ledgerTypes,
  unlimitedApprovals,
  // To whom, and what?
  deniedRecipients,
  recipients,
  newRecipients,
  tokens,
  knownTokens,
  tokenAccountOwners,
  // How much?
  maxValue,
  maxValueUsd,
  dailyLimit,
  dailyLimitUsd,
  recipientLimit,
  maxPerDay,
  maxIn24Hours,
  overheadBudget,
  tokenAccountsPerDay,
  // Does a human decide?
  approvalAbove,
]

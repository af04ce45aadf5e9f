import { area, type Holder, sweepTask } from '../../operations/index.ts'
import { dropAll, type Unit } from '../../records/index.ts'
import { apiKeyKind, keysOf } from './api-keys.ts'
import { endOneTimesOf, oneTimeKind } from './one-time.ts'
import { dropPasskeysOf, dropTotpOf, passkeyKind, securitySettingsKind, totpKind } from './second-factors.ts'
import { replaceVoucherKey, spentVoucherKind, voucherKeyKind } from './vouchers.ts'

export {
  type ApiKey,
  apiKeyKind,
  findKey,
  isLiveKey,
  keyHash,
  keyPrefix,
  keysOf,
  looksLikeKey,
  lookUpKey,
  newKeyText,
} from './api-keys.ts'
export { type Blockable, blockedForGood, isBlocked, suspects } from './blocks.ts'
export { noteUsed } from './key-use.ts'
export {
  changeOneTime,
  dropOneTime,
  endOneTime,
  findOneTime,
  newCode,
  newLinkToken,
  type OneTime,
  oneTimesOf,
  peekLinkToken,
  useCode,
  useLinkToken,
} from './one-time.ts'
export {
  dropPasskeysOf,
  dropTotpOf,
  factorsOf,
  hasTotp,
  type Passkey,
  passkeyKind,
  passkeysOf,
  type SecuritySettings,
  secondStepOf,
  securitySettingsKind,
  type Totp,
  totpKind,
} from './second-factors.ts'
export {
  isLocked,
  newUnlockToken,
  passkeyNeeded,
  passkeyTokenField,
  passkeyTokenHeader,
  requireUnlocked,
  unlockLifeMs,
} from './vault-unlock.ts'
export { newVoucher, readVoucher, spendVoucher, type Voucher } from './vouchers.ts'

/** The API keys of users and agents, the second factors of users, and what is given out to be used once. */
export const credentials = area({
  name: 'credentials',
  operations: {},
  kinds: [apiKeyKind, oneTimeKind, passkeyKind, securitySettingsKind, spentVoucherKind, totpKind, voucherKeyKind],
  scheduledTasks: [sweepTask('one-time.sweep', oneTimeKind), sweepTask('vouchers.sweep', spentVoucherKind)],
  onRemoved: {
    // An agent or an app has at most two keys. Both end in the same unit.
    agent: { inUnit: ({ unit }, id) => dropKeysOf(unit, { kind: 'agent', id }) },
    app: { inUnit: ({ unit }, id) => dropKeysOf(unit, { kind: 'app', id }) },
    user: {
      inUnit: ({ unit }, id) => {
        endOneTimesOf(unit, { kind: 'user', id })
        dropFactorsOf(unit, id)
      },
      asJob: ({ records }, { org, id }) => dropAll(records, org, apiKeyKind, 'principal', org, 'user', id),
    },
  },
  rotateKeys: ({ records }) => records.transact((unit) => replaceVoucherKey(unit)),
})

function dropKeysOf(unit: Unit, holder: Holder): void {
  for (const key of keysOf(unit, holder)) unit.delete(apiKeyKind, key)
}

/** A user has one authenticator app and a few passkeys. They end in the same unit as the user. */
function dropFactorsOf(unit: Unit, userId: string): void {
  dropTotpOf(unit, userId)
  dropPasskeysOf(unit, userId)
}

import * as z from 'zod'
import type { Reads } from '../../records/index.ts'
import { passkeysOf, type SecuritySettings, securitySettingsKind } from '../credentials/index.ts'

export const SecuritySettingsBody = z
  .object({ require_passkey_for_vaults: z.boolean(), require_passkey_for_mfa: z.boolean(), passkey_count: z.int() })
  .meta({ id: 'SecuritySettings' })

export function settingsBody(unit: Reads, userId: string): z.infer<typeof SecuritySettingsBody> {
  const { requirePasskeyForVaults, requirePasskeyForMfa } = settingsOfUser(unit, userId)
  return {
    require_passkey_for_vaults: requirePasskeyForVaults,
    require_passkey_for_mfa: requirePasskeyForMfa,
    passkey_count: passkeysOf(unit, userId).length,
  }
}

export function settingsOfUser(unit: Reads, id: string): SecuritySettings {
  return unit.get(securitySettingsKind, id) ?? { id, requirePasskeyForVaults: false, requirePasskeyForMfa: false }
}

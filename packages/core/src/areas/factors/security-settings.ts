import * as z from 'zod'
import type { Reads } from '../../records/index.ts'
import { passkeysOf, securitySettingsKind } from '../credentials/index.ts'

export const SecuritySettingsBody = z
  .object({ require_passkey_for_vaults: z.boolean(), passkey_count: z.int() })
  .meta({ id: 'SecuritySettings' })

export function settingsBody(unit: Reads, userId: string): z.infer<typeof SecuritySettingsBody> {
  return {
    require_passkey_for_vaults: unit.get(securitySettingsKind, userId)?.requirePasskeyForVaults ?? false,
    passkey_count: passkeysOf(unit, userId).length,
  }
}

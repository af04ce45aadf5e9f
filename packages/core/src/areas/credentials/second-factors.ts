import type { Factors } from '../../operations/index.ts'
import { kind, type Reads, type Unit } from '../../records/index.ts'

// The second factors of users. The area `factors` enrols and removes them, and `auth` asks for them at a sign-in.

/** The authenticator app of one user. */
export interface Totp {
  readonly id: string
  /** A secret that was shown and not confirmed with a code yet. */
  readonly pending: string | null
  /** The confirmed secret in base32. Null: codes are not asked for. */
  readonly secret: string | null
  /** The last time step whose code was accepted. A code of this step or an earlier one is refused. */
  readonly lastStep: number
  /** The hashes of the unused recovery codes. */
  readonly recoveryHashes: readonly string[]
  /** The salt of these hashes. */
  readonly recoverySalt: string
}

export const totpKind = kind<Totp>('totp', { idOf: 'user' })

/** A passkey of one user. */
export interface Passkey {
  readonly id: string
  readonly org: string
  readonly user: string
  /** The id that the authenticator chose, in base64url. */
  readonly credentialId: string
  /** In COSE form, in base64url. */
  readonly publicKey: string
  /** How often it was used, as far as the authenticator counts. */
  readonly counter: number
  readonly transports: readonly string[]
  readonly name: string
  readonly createdAt: number
  readonly lastUsedAt: number | null
}

/** Global, because a sign-in with a passkey names no organisation. */
export const passkeyKind = kind<Passkey>('passkey', {
  scope: 'global',
  indexes: {
    user: { key: ({ org, user, createdAt }) => [org, user, createdAt] },
    credential: { unique: true, blind: true, key: ({ credentialId }) => [credentialId] },
  },
})

/** The passkeys of a user of this organisation, the oldest first. */
export function passkeysOf(unit: Reads, user: string): readonly Passkey[] {
  return unit.list(passkeyKind, 'user', unit.org ?? '', user)
}

/** How this user can prove who they are. */
export function factorsOf(unit: Reads, user: { readonly id: string; readonly passwordHash: string | null }): Factors {
  return {
    password: user.passwordHash !== null,
    totp: hasTotp(unit, user.id),
    passkeys: passkeysOf(unit, user.id).length,
  }
}

export function hasTotp(unit: Reads, userId: string): boolean {
  return (unit.get(totpKind, userId)?.secret ?? null) !== null
}

/** What a user decided about their own sign-in. */
export interface SecuritySettings {
  readonly id: string
  readonly requirePasskeyForVaults: boolean
  /** A passkey follows every other way to sign in. */
  readonly requirePasskeyForMfa: boolean
}

export const securitySettingsKind = kind<SecuritySettings>('securitySettings', {
  idOf: 'user',
  shape: 2,
  upcast: (old) => ({ ...(old as Omit<SecuritySettings, 'requirePasskeyForMfa'>), requirePasskeyForMfa: false }),
})

/** What must follow the first factor of this user. Null: one factor is enough. A passkey is taken for a code too. */
export function secondStepOf(unit: Reads, userId: string): 'passkey' | 'totp' | null {
  if (unit.get(securitySettingsKind, userId)?.requirePasskeyForMfa) return 'passkey'
  return hasTotp(unit, userId) ? 'totp' : null
}

/** Stages the end of the authenticator app of a user. */
export function dropTotpOf(unit: Unit, userId: string): void {
  const totp = unit.get(totpKind, userId)
  if (totp) unit.delete(totpKind, totp)
}

/** Stages the end of the passkeys of a user, and of what needs one. */
export function dropPasskeysOf(unit: Unit, userId: string): void {
  for (const passkey of passkeysOf(unit, userId)) unit.delete(passkeyKind, passkey)
  const settings = unit.get(securitySettingsKind, userId)
  if (settings) unit.delete(securitySettingsKind, settings)
}

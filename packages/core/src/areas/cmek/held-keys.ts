import { fromBase64, hex, wipe } from '../../kernel/bytes.ts'
import { invalidField } from '../../kernel/errors.ts'
import type { Secret } from '../../kernel/secret.ts'
import { perEngine, type Services } from '../../operations/index.ts'
import type { SecretVersion } from '../secrets/index.ts'

/** The keys of a rotation that this engine works on, and how far it is. They exist only in its memory. */
export interface HeldKeys {
  readonly org: string
  readonly vaultId: string
  readonly from: Uint8Array
  readonly to: Uint8Array
  isWorking: boolean
  pass: 'first' | 'last'
  /** The values that are left of this pass. */
  values: AsyncIterator<SecretVersion> | null
  /** Number of values of this pass that stay as they are. */
  skipped: number
}

/** By the id of the rotation. */
export const heldKeys = perEngine(
  () => new Map<string, HeldKeys>(),
  (held) => {
    for (const { from, to } of held.values()) wipeBoth(from, to)
  },
)

export function holdKeys(
  services: Pick<Services, 'handle'>,
  rotationId: string,
  keys: Pick<HeldKeys, 'org' | 'vaultId' | 'from' | 'to'>,
): void {
  dropKeys(services, rotationId)
  heldKeys(services).set(rotationId, { ...keys, isWorking: false, pass: 'first', values: null, skipped: 0 })
}

/** Wipes the keys of a rotation that has ended. */
export function dropKeys(services: Pick<Services, 'handle'>, rotationId: string): void {
  const held = heldKeys(services)
  const keys = held.get(rotationId)
  if (keys) wipeBoth(keys.from, keys.to)
  held.delete(rotationId)
}

/** Parses a key, and checks that it has this fingerprint. */
export function parseKey(
  { crypto }: Pick<Services, 'crypto'>,
  field: string,
  text: Secret<string>,
  fingerprint: string,
): Uint8Array {
  const key = fromBase64(text.reveal())
  if (key?.length !== 32) throw invalidField(field, 'must be the base64 of 32 bytes')
  if (hex(crypto.sha256(key)) !== fingerprint) throw invalidField(field, 'does not have the expected fingerprint')
  return key
}

function wipeBoth(from: Uint8Array, to: Uint8Array): void {
  wipe(from)
  wipe(to)
}

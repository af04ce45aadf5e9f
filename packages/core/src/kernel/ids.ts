import { hex } from './bytes.ts'

/** Creates a lowercase UUIDv4 from 16 random bytes. */
export function uuid(random: { bytes(count: number): Uint8Array }): string {
  const bytes = random.bytes(16)
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
  const text = hex(bytes)
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}`
}

export const nilUuid = '00000000-0000-0000-0000-000000000000'

/** Ids are compared as bytes, so only the canonical lowercase form is valid. */
export const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

import { type Bytes, utf8 } from './bytes.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/**
 * The key of the standard signature, as the libraries of Standard Webhooks read a secret: what follows `whsec_` in base64.
 * A secret that is not base64 is the key itself, as these libraries read it with the format `raw`.
 */
export function webhookKey(secret: string): Bytes {
  const text = secret.replace(/^whsec_/, '')
  if (!/^[A-Za-z0-9+/]+=*$/.test(text)) return utf8(secret)
  const bytes: number[] = []
  let [held, bits] = [0, 0]
  for (const character of text.replace(/=*$/, '')) {
    held = ((held << 6) | alphabet.indexOf(character)) & 0xffff
    bits += 6
    if (bits < 8) continue
    bits -= 8
    bytes.push((held >> bits) & 0xff)
  }
  return Uint8Array.from(bytes)
}

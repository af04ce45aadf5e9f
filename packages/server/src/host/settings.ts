import { resolve } from 'node:path'
import { parseAddress } from '@pawl/core/surfaces'

// The type of a setting, and the parsers of environment variables. An error of a parser names the expected format, and never
// repeats the text, because the text may be a secret under the wrong name.

export interface Setting<T> {
  readonly name: string
  readonly summary: string
  /** The default as text; null without a default. */
  readonly usual: string | null
  /** Never shown, and read from a file as well: `…_FILE`. */
  readonly secret: boolean
  read(text: string): T
  /** The part of the text that may be shown, for a setting that contains a secret part. */
  shown(text: string): string
}

/** The text is not valid. The message continues a sentence that begins with the name of the setting. */
export class Unfit extends Error {}

/** Turns an adapter's error about its server URL into `Unfit`. The error does not repeat the URL. Other errors are unchanged. */
export function unfitServer(error: unknown): unknown {
  return error instanceof TypeError ? new Unfit(`is not a usable server: ${error.message.replace(/\.$/, '')}`) : error
}

export type Environment = Readonly<Record<string, string | undefined>>

/** A key store, as PAWL_HSM names it. */
export type HsmChoice =
  | { readonly kind: 'software'; readonly path: string }
  | { readonly kind: 'pkcs11'; readonly uri: string; readonly modulePath: string; readonly hasPin: boolean }

type Reader<T> = (text: string) => T

export function setting<T>(name: string, usual: string, summary: string, read: Reader<T>): Setting<T> {
  return { name, summary, usual, secret: false, read, shown: asItIs }
}

export function optional<T>(name: string, summary: string, read: Reader<T>, shown = asItIs): Setting<T | null> {
  return { name, summary, usual: null, secret: false, read, shown }
}

export function secret<T>(name: string, summary: string, read: Reader<T>): Setting<T | null> {
  return { name, summary, usual: null, secret: true, read, shown: asItIs }
}

const asItIs = (given: string) => given

export function text(given: string): string {
  if (given === '') throw new Unfit('must not be empty')
  return given
}

/** A file path, relative to the working directory of the server. */
export function path(given: string): string {
  return resolve(text(given))
}

export function port(given: string): number {
  if (!/^[0-9]{1,5}$/.test(given) || Number(given) > 65_535) throw new Unfit('must be a port from 0 to 65535')
  return Number(given)
}

export function mebibytes(given: string): number {
  if (!/^[1-9][0-9]{0,4}$/.test(given)) throw new Unfit('must be a number of MiB from 1 to 99999')
  return Number(given)
}

export function blocks(given: string): number {
  if (!/^[1-9][0-9]{0,3}$/.test(given)) throw new Unfit('must be a number of blocks from 1 to 9999')
  return Number(given)
}

export function count(given: string): number {
  if (!/^[0-9]{1,6}$/.test(given)) throw new Unfit('must be a whole number from 0 to 999999')
  return Number(given)
}

/** Prices by symbol: `ETH=3000,USDC=1`. */
export function prices(given: string): Readonly<Record<string, string>> {
  const entries = list(given).map((one) => /^([^=\s]{1,16})=((?:0|[1-9]\d{0,17})(?:\.\d{1,18})?)$/.exec(one))
  if (entries.includes(null)) throw new Unfit('must be prices such as ETH=3000,USDC=1')
  return Object.fromEntries(entries.map((entry) => [entry?.[1] ?? '', entry?.[2] ?? '']))
}

export const dayMs = 86_400_000

/** A number of days, in milliseconds. */
export function days(given: string): number {
  if (!/^[0-9]{1,4}d$/.test(given)) throw new Unfit('must be a number of days from 0d to 9999d')
  return Number(given.slice(0, -1)) * dayMs
}

/** Milliseconds, or null for ever. */
export function daysOrForever(given: string): number | null {
  if (given === 'forever') return null
  const [, days] = /^([1-9][0-9]{0,4})d$/.exec(given) ?? []
  if (days === undefined) throw new Unfit('must be forever, or a number of days from 1d to 99999d')
  return Number(days) * dayMs
}

export function onOff(given: string): boolean {
  return choice('on', 'off')(given) === 'on'
}

export function choice<const T extends string>(...choices: readonly T[]): Reader<T> {
  return (given) => {
    const found = choices.find((one) => one === given)
    if (found === undefined) throw new Unfit(`must be one of ${choices.join(', ')}`)
    return found
  }
}

/** The items between commas. */
export function list(given: string): readonly string[] {
  return given.split(',').flatMap((one) => one.trim() || [])
}

/** The rule for sign-up: `closed`, `open`, or domains. */
export function signUp(given: string): 'closed' | 'open' | readonly string[] {
  if (given === 'closed' || given === 'open') return given
  const domains = list(given.toLowerCase())
  if (domains.length === 0 || !domains.every((one) => /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(one))) {
    throw new Unfit('must be closed, open, or domains such as example.com,example.org')
  }
  return domains
}

export function ranges(given: string): readonly string[] {
  const found = list(given)
  for (const range of found) {
    const [address = '', prefix] = range.split('/')
    const isRange = parseAddress(address) && (prefix === undefined || /^[0-9]{1,3}$/.test(prefix))
    if (!isRange) throw new Unfit('must be a comma-separated list of addresses or ranges, such as 10.0.0.0/8')
  }
  return found
}

/** In lowercase, as Node has it. */
export function headerName(given: string): string {
  if (!/^[A-Za-z0-9-]{1,64}$/.test(given)) throw new Unfit('must be the name of a header, such as Client-Cert')
  return given.toLowerCase()
}

export function webUrl(given: string): string {
  const url = URL.canParse(given) ? new URL(given) : null
  const isPlain = url && ['http:', 'https:'].includes(url.protocol) && !url.search && !url.hash && !url.username
  if (!isPlain) throw new Unfit('must be a URL such as https://vault.example.com, without query or credentials')
  return given.replace(/\/+$/, '')
}

/** 32 bytes, as 64 hexadecimal digits or as base64. */
export function key(given: string): Uint8Array {
  const bytes = /^[0-9a-fA-F]{64}$/.test(given) ? Buffer.from(given, 'hex') : Buffer.from(given, 'base64')
  const isBase64 = /^[A-Za-z0-9+/_-]{43}=?$/.test(given)
  if (bytes.length !== 32 || !(isBase64 || given.length === 64)) {
    throw new Unfit('must be 32 bytes, as 64 hexadecimal digits or as base64')
  }
  return new Uint8Array(bytes)
}

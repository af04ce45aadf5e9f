import type { HsmFailure, KeyType } from '@pawl/core/ports'
import type { TokenWanted } from './uri.ts'

// The protocol between the vault and the driver process: a call, and its one answer. The two sides share only this file.

/** How wrapping keys wrap: with AES-GCM in the token, or under one-time keys that the token derives with HMAC. */
export type Wrapping = 'gcm' | 'hmac'

export interface Opening {
  readonly modulePath: string
  readonly token: TokenWanted
  readonly pin: Uint8Array
  readonly wrapping: Wrapping | null
  /** Whether even the last PIN attempt may be used: the operator has just given the PIN, or it has just opened the token. */
  readonly isAsked: boolean
}

export interface Initialising {
  readonly modulePath: string
  readonly label: string
  readonly soPin: Uint8Array
  readonly pin: Uint8Array
}

/** What an operator wants to know about a token. */
export interface TokenDescription {
  readonly label: string
  readonly serial: string
  readonly manufacturer: string
  readonly model: string
  readonly firmware: string
  /** How new wrapping keys will wrap. */
  readonly wrapping: Wrapping
  /** The types of signing keys that it can make. */
  readonly signing: readonly Exclude<KeyType, 'aes-256'>[]
  /** How many secret and private keys the token holds, from Pawl and from other software. */
  readonly keys: number
}

export interface Calls {
  open(opening: Opening): void
  initialise(initialising: Initialising): void
  /** Whether there is the key; throws when it is of another type, if that matters. */
  has(uri: string, type: KeyType | null): boolean
  /** Makes a draft of a key; answers its CKA_ID. */
  draft(uri: string, type: KeyType): Uint8Array
  /** Makes a draft the key, unless there is one; answers whether the process may settle more. */
  settle(uri: string, draftId: Uint8Array): boolean
  destroyKey(uri: string): void
  publicKey(uri: string): Uint8Array
  sign(uri: string, message: Uint8Array): Uint8Array
  signDigest(uri: string, digest: Uint8Array): Uint8Array
  wrap(uri: string, plaintext: Uint8Array, associated: Uint8Array): Uint8Array
  unwrap(uri: string, wrapped: Uint8Array, associated: Uint8Array): Uint8Array
  check(): void
  describe(): TokenDescription
  close(): void
}

export type CallName = keyof Calls

/**
 * A process that makes or destroys objects in SoftHSM2 may not see what others make or destroy at that moment. So each of
 * these calls has a separate process. The process of all other calls only looks, and sees every object.
 */
export const rolesApart: Partial<Record<CallName, 'maker' | 'witness'>> = {
  draft: 'maker',
  destroyKey: 'maker',
  settle: 'witness',
}

export interface Call {
  readonly id: number
  readonly name: CallName
  readonly args: readonly unknown[]
}

/**
 * Failures that the port does not have. After `lost`, a new process finds the token and logs in again. `pin_wrong` and
 * `pin_blocked` must not be retried automatically.
 */
export type Failure = HsmFailure | 'lost' | 'pin_wrong' | 'pin_blocked'

export type Answer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly failure: Failure; readonly message: string }

/** A failure on its way between the two processes. */
export class TokenError extends Error {
  override readonly name = 'TokenError'
  readonly failure: Failure

  constructor(failure: Failure, message: string) {
    super(message)
    this.failure = failure
  }
}

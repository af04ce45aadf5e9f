/** Cryptographically secure random bytes, suitable for keys. */
export interface Random {
  bytes(count: number): Uint8Array
}

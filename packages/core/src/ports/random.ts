/** Randomness fit for keys. Every call gives fresh bytes that nobody can guess. */
export interface Random {
  bytes(count: number): Uint8Array
}

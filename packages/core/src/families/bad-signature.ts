/** A key store can be wrong. What it signs is checked before anything is sent. */
export class BadSignature extends Error {
  override readonly name = 'BadSignature'

  constructor() {
    super('The key store gave a wrong signature.')
  }
}

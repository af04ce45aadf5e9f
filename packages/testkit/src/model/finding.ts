/** An observation that must not occur. */
export class Finding extends Error {
  override readonly name = 'Finding'
}

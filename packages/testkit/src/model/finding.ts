/** What was seen that must not be. */
export class Finding extends Error {
  override readonly name = 'Finding'
}

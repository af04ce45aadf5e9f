/** A request that no operation gets to see. The text is for a person and never repeats what was sent. */
export class RequestRejected extends Error {
  override readonly name = 'RequestRejected'
  readonly status: number
  readonly code: string
  readonly headers: readonly string[]

  constructor(status: number, code: string, detail: string, headers: readonly string[] = []) {
    super(detail)
    this.status = status
    this.code = code
    this.headers = headers
  }
}

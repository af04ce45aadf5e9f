/** The server refuses the request before any operation. The message is for humans and never repeats the input. */
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

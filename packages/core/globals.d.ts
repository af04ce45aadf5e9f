// The engine runs anywhere, so it is compiled without the types of Node and of the browser. These few globals, which
// every runtime has, are all it may touch; a use of anything else does not compile.

declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean })
  decode(bytes?: Uint8Array, options?: { stream?: boolean }): string
}
declare function setTimeout(callback: () => void, milliseconds: number): unknown
declare function clearTimeout(timer: unknown): void
declare function structuredClone<T>(value: T): T
declare const crypto: {
  getRandomValues<T extends Uint8Array>(target: T): T
  /** For the client, which has no crypto port. */
  readonly subtle: {
    importKey(
      format: 'raw',
      key: Uint8Array,
      algorithm: object,
      isExtractable: false,
      uses: 'verify'[],
    ): Promise<object>
    verify(algorithm: 'HMAC', key: object, signature: Uint8Array, data: Uint8Array): Promise<boolean>
  }
}
declare class URLSearchParams {
  constructor(init?: Readonly<Record<string, string>>)
  set(name: string, value: string): void
  values(): IterableIterator<string>
  toString(): string
}
declare class URL {
  static canParse(url: string): boolean
  constructor(url: string)
  readonly href: string
  readonly host: string
  readonly hostname: string
  readonly port: string
  readonly searchParams: URLSearchParams
  readonly origin: string
  readonly protocol: string
  readonly username: string
  readonly password: string
  readonly pathname: string
  readonly search: string
  readonly hash: string
}

// The types around `fetch`, for the client. `fetch` itself is not here: whatever sends anything is passed it.

declare class AbortSignal {
  static any(signals: readonly AbortSignal[]): AbortSignal
  static timeout(milliseconds: number): AbortSignal
  readonly aborted: boolean
  readonly reason: unknown
  throwIfAborted(): void
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}
declare class AbortController {
  readonly signal: AbortSignal
  abort(): void
}
declare class Headers {
  constructor(init?: unknown)
  get(name: string): string | null
  set(name: string, value: string): void
}
interface RequestInit {
  method?: string
  headers?: unknown
  body?: unknown
  signal?: AbortSignal | null
  redirect?: 'error'
  credentials?: 'omit'
}
declare class Response {
  readonly status: number
  readonly headers: Headers
  text(): Promise<string>
}

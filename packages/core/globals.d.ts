// The engine runs anywhere, so it is compiled without the types of Node and of the browser. These few globals, which
// every runtime has, are all it may touch; a use of anything else does not compile.

declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean })
  decode(bytes: Uint8Array): string
}
declare function atob(text: string): string
declare function btoa(text: string): string
declare function setTimeout(callback: () => void, milliseconds: number): unknown
declare function clearTimeout(timer: unknown): void
declare const crypto: { getRandomValues<T extends Uint8Array>(target: T): T }
declare class URL {
  constructor(url: string)
  readonly host: string
}

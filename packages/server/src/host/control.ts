import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

// Commands of the operator to a running server, such as seal and back up. They use a socket in the data folder, because the
// operator may have neither a network nor a token. Access to the socket equals access to the files of the vault.

/** The handler of each request. It answers with JSON or a stream. The caller gets the error that it throws. */
export type ControlHandlers = Readonly<Record<string, (input: unknown) => Promise<unknown>>>

/** An answer that is too big for one value, and a summary for the end. */
export interface ControlStream<T> {
  readonly bytes: AsyncIterable<Uint8Array>
  /** Plain data in ASCII, for the caller. Known after the bytes were read to their end. */
  summary(): T
}

export interface Control {
  stop(): Promise<void>
}

/** The server cannot do the command. The message is for the operator. */
class ControlError extends Error {
  override readonly name = 'ControlError'
}

const inputBytesMax = 64 * 1024
/** How long answers may take when the server stops. */
const stopMsMax = 2_000

/** Listens in the data folder. Removes the socket of a server that was killed. */
export async function serveControl(dataDir: string, handlers: ControlHandlers): Promise<Control> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing, handlers).catch(() => outgoing.destroy())
  })
  await atSocket(dataDir, async (address) => {
    if (await isAnswered(address)) throw new ControlError(`Another server answers at ${socketIn(dataDir)}.`)
    rmSync(address, { force: true })
    const ready = once(server, 'listening')
    server.listen(address)
    await ready
    chmodSync(address, 0o600)
  })
  return { stop: () => stopServer(server, dataDir) }
}

async function stopServer(server: Server, dataDir: string): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeIdleConnections()
  const late = setTimeout(() => server.closeAllConnections(), stopMsMax)
  await closed
  clearTimeout(late)
  rmSync(socketIn(dataDir), { force: true })
}

async function answer(incoming: IncomingMessage, outgoing: ServerResponse, handlers: ControlHandlers): Promise<void> {
  const what = incoming.url?.slice(1) ?? ''
  try {
    const handler = Object.hasOwn(handlers, what) ? handlers[what] : undefined
    if (!handler)
      throw new ControlError(
        'The running server does not know this command, because it has another version. Restart it.',
      )
    const result = await handler(await inputOf(incoming))
    if (isStream(result)) await stream(result, outgoing)
    else outgoing.end(JSON.stringify(result ?? null))
  } catch (error) {
    if (outgoing.headersSent) throw error
    const message = error instanceof Error ? error.message : String(error)
    outgoing.writeHead(500).end(JSON.stringify({ message }))
  }
}

function isStream(result: unknown): result is ControlStream<unknown> {
  return typeof result === 'object' && result !== null && 'bytes' in result && 'summary' in result
}

/** The head goes with the first bytes, so that a failure before them is still an error response. */
async function stream({ bytes, summary }: ControlStream<unknown>, outgoing: ServerResponse): Promise<void> {
  outgoing.setHeader('trailer', summaryHeader)
  await pipeline(bytes, outgoing, { end: false })
  outgoing.addTrailers({ [summaryHeader]: JSON.stringify(summary()) })
  outgoing.end()
}

async function inputOf(incoming: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of incoming as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > inputBytesMax) throw new ControlError('The input is too large.')
    parts.push(part)
  }
  return JSON.parse(Buffer.concat(parts).toString('utf8') || 'null')
}

/**
 * Calls the server that runs on a data folder. Null when none runs.
 *
 * @example
 * const status = await askControl<{ hsm: string }>(dataDir, 'status')
 */
export async function askControl<T>(dataDir: string, what: string, input: unknown = null): Promise<T | null> {
  const answer = await ask(dataDir, what, input)
  return answer && (JSON.parse(await textOf(answer)) as T)
}

/** The same, for an answer that is a stream. If the connection breaks, the bytes end with an error. */
export async function askControlStream<T>(dataDir: string, what: string): Promise<ControlStream<T> | null> {
  const answer = await ask(dataDir, what, null)
  return answer && { bytes: answer, summary: () => JSON.parse(answer.trailers[summaryHeader] ?? 'null') as T }
}

const summaryHeader = 'x-summary'

async function ask(dataDir: string, what: string, input: unknown): Promise<IncomingMessage | null> {
  try {
    const answer = await atSocket(dataDir, (address) => responseOf(address, 'POST', what, input))
    if (answer.statusCode === 200) return answer
    const { message } = JSON.parse(await textOf(answer)) as { message: string }
    throw new ControlError(message)
  } catch (error) {
    if (isNobody(error)) return null
    throw error
  }
}

async function responseOf(address: string, method: string, what: string, input: unknown): Promise<IncomingMessage> {
  const asked = request({ socketPath: address, method, path: `/${what}`, agent: false })
  asked.end(JSON.stringify(input))
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  return answer
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const parts = await answer.toArray()
  return Buffer.concat(parts).toString('utf8')
}

async function isAnswered(address: string): Promise<boolean> {
  try {
    const answer = await responseOf(address, 'POST', '', null)
    answer.resume()
    return true
  } catch (error) {
    if (isNobody(error)) return false
    throw error
  }
}

/** There is no socket, or no process listens at it any more. */
function isNobody(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['ENOENT', 'ECONNREFUSED'].includes(String(error.code))
}

function socketIn(dataDir: string): string {
  return join(dataDir, 'control.sock')
}

/** The system keeps the names of sockets in a field of 108 bytes (104 on some), and Node cuts longer ones silently. */
const addressBytesMax = 100

/** Calls `work` with a short enough socket path. If necessary, the path goes through a link in a temporary folder. */
async function atSocket<T>(dataDir: string, work: (address: string) => Promise<T>): Promise<T> {
  const path = socketIn(dataDir)
  if (Buffer.byteLength(path) <= addressBytesMax) return work(path)
  const folder = mkdtempSync(join(tmpdir(), 'pawl-'))
  try {
    symlinkSync(dataDir, join(folder, 'd'))
    return await work(socketIn(join(folder, 'd')))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

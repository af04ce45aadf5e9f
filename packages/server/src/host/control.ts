import { once } from 'node:events'
import { chmodSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

// What the operator asks of a server that runs: seal, back up. Not over the network and not with a token, because the
// operator may have neither: it is a socket in the data folder, and who may open it is who may read the vault's files.

/** What is asked, and how it is answered: with JSON, or with a stream of bytes. What it throws, the asker is told. */
export type ControlHandlers = Readonly<Record<string, (input: unknown) => Promise<unknown>>>

export interface Control {
  stop(): Promise<void>
}

/** The server cannot do what it was asked; the text is for the operator. */
export class ControlError extends Error {
  override readonly name = 'ControlError'
}

const inputBytesMax = 64 * 1024

/** Listens in the data folder. What a server that was killed left there is taken away. */
export async function serveControl(dataDir: string, handlers: ControlHandlers): Promise<Control> {
  const path = socketIn(dataDir)
  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing, handlers).catch(() => outgoing.destroy())
  })
  if (!(await isAnswered(path))) rmSync(path, { force: true })
  await listening(server, path)
  chmodSync(path, 0o600)
  return {
    stop: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeIdleConnections()
      await closed
    },
  }
}

async function listening(server: Server, path: string): Promise<void> {
  const ready = once(server, 'listening')
  server.listen(path)
  await ready
}

async function answer(incoming: IncomingMessage, outgoing: ServerResponse, handlers: ControlHandlers): Promise<void> {
  const handler = Object.hasOwn(handlers, incoming.url?.slice(1) ?? '') ? handlers[incoming.url?.slice(1) ?? ''] : null
  try {
    if (!handler) throw new ControlError('This server cannot do that: it is of another version.')
    const result = await handler(await inputOf(incoming))
    if (result instanceof Readable) return await pipeline(result, outgoing)
    outgoing.end(JSON.stringify(result ?? null))
  } catch (error) {
    if (outgoing.headersSent) throw error
    const message = error instanceof Error ? error.message : String(error)
    outgoing.writeHead(500).end(JSON.stringify({ message }))
  }
}

async function inputOf(incoming: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of incoming as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > inputBytesMax) throw new ControlError('This is too much input.')
    parts.push(part)
  }
  return JSON.parse(Buffer.concat(parts).toString('utf8') || 'null')
}

/**
 * Asks the server that runs on a data folder; null when none does. The answer is a stream: cut off, it ends with an error.
 *
 * @example
 * const answer = await askControl(dataDir, 'seal', {})
 */
export async function askControl(dataDir: string, what: string, input: unknown): Promise<IncomingMessage | null> {
  const asked = request({ socketPath: socketIn(dataDir), method: 'POST', path: `/${what}` })
  asked.end(JSON.stringify(input))
  try {
    const [answer] = (await once(asked, 'response')) as [IncomingMessage]
    if (answer.statusCode === 200) return answer
    const { message } = JSON.parse(await textOf(answer)) as { message: string }
    throw new ControlError(message)
  } catch (error) {
    if (isNobody(error)) return null
    throw error
  }
}

/** The same, for an answer that is JSON. */
export async function askControlJson<T>(dataDir: string, what: string, input: unknown): Promise<T | null> {
  const answer = await askControl(dataDir, what, input)
  return answer && (JSON.parse(await textOf(answer)) as T)
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const parts = await answer.toArray()
  return Buffer.concat(parts).toString('utf8')
}

async function isAnswered(path: string): Promise<boolean> {
  const asked = request({ socketPath: path, method: 'HEAD', path: '/' })
  asked.end()
  try {
    const [answer] = (await once(asked, 'response')) as [IncomingMessage]
    answer.resume()
    return true
  } catch {
    return false
  }
}

function isNobody(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['ENOENT', 'ECONNREFUSED'].includes(String(error.code))
}

function socketIn(dataDir: string): string {
  return join(dataDir, 'control.sock')
}

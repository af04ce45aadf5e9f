import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { askControl, askControlStream, type Control, type ControlHandlers, serveControl } from './control.ts'

let folder: string
let control: Control | null = null

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pawl-control-'))
})
afterEach(async () => {
  await control?.stop()
  control = null
  rmSync(folder, { recursive: true })
})

const handlers: ControlHandlers = {
  echo: async (input) => ({ heard: input }),
  nothing: async () => undefined,
  fail: async () => {
    throw new Error('The disk is full.')
  },
  count: async () => ({ bytes: pieces(100), summary: () => ({ pieces: 100 }) }),
  'break-at-once': async () => ({ bytes: breaking(0), summary: () => null }),
  'break-later': async () => ({ bytes: breaking(50), summary: () => null }),
}

async function* pieces(count: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < count; at++) yield new Uint8Array(10_000).fill(at)
}

async function* breaking(after: number): AsyncGenerator<Uint8Array> {
  yield* pieces(after)
  throw new Error('The store is gone.')
}

async function serve(dataDir = folder, served = handlers): Promise<void> {
  control = await serveControl(dataDir, served)
}

async function lengthOf(bytes: AsyncIterable<Uint8Array> | undefined): Promise<number> {
  let length = 0
  for await (const piece of bytes ?? []) length += piece.length
  return length
}

const socket = () => join(folder, 'control.sock')

describe('the socket of a server', () => {
  it('answers whoever may open it with what it was asked, and is for its owner alone', async () => {
    const umask = process.umask(0)
    await serve().finally(() => process.umask(umask))
    expect(statSync(socket()).mode & 0o777).toBe(0o600)
    expect(await askControl(folder, 'echo', { a: [1, 'ä'] })).toEqual({ heard: { a: [1, 'ä'] } })
    expect(await askControl(folder, 'nothing')).toBe(null)
  })

  it('is not there when no server is, and asking then gives null', async () => {
    expect(await askControl(folder, 'echo')).toBe(null)
    await serve()
    await control?.stop()
    control = null
    expect(existsSync(socket())).toBe(false)
    expect(await askControlStream(folder, 'count')).toBe(null)
  })

  it('tells the asker what went wrong, and that it does not know a request', async () => {
    await serve()
    await expect(askControl(folder, 'fail')).rejects.toThrow('The disk is full.')
    for (const unknown of ['melt', 'toString', '__proto__', '']) {
      await expect(askControl(folder, unknown)).rejects.toThrow('another version')
    }
    await expect(askControl(folder, 'echo', 'x'.repeat(70_000))).rejects.toThrow('too large')
    expect(await askControl(folder, 'echo', 'x')).toEqual({ heard: 'x' })
  })

  it('gives a stream whole and says something at its end, or lets it end with an error', async () => {
    await serve()
    const whole = await askControlStream<{ pieces: number }>(folder, 'count')
    expect(await lengthOf(whole?.bytes)).toBe(1_000_000)
    expect(whole?.summary()).toEqual({ pieces: 100 })
    await expect(askControlStream(folder, 'break-at-once')).rejects.toThrow('The store is gone.')
    const broken = await askControlStream(folder, 'break-later')
    await expect(lengthOf(broken?.bytes)).rejects.toThrow('aborted')
  })

  it('takes the place of one that a killed server left', async () => {
    const program = `require('node:net').createServer().listen(${JSON.stringify(socket())}, () => console.log('up'))`
    const child = spawn(process.execPath, ['--eval', program], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(child.stdout, 'data')
    child.kill('SIGKILL')
    await once(child, 'close')
    expect(existsSync(socket())).toBe(true)
    expect(await askControl(folder, 'echo')).toBe(null)
    await serve()
    expect(await askControl(folder, 'echo', 1)).toEqual({ heard: 1 })
  })

  it('is not taken from a server that still answers', async () => {
    await serve()
    await expect(serveControl(folder, handlers)).rejects.toThrow('Another server answers at')
    expect(await askControl(folder, 'echo', 1)).toEqual({ heard: 1 })
  })

  it('works where the path of the folder is longer than the name of a socket may be', async () => {
    const deep = join(folder, ...Array.from({ length: 12 }, () => 'a-long-name'))
    mkdirSync(deep, { recursive: true, mode: 0o700 })
    await serve(deep)
    expect(statSync(join(deep, 'control.sock')).mode & 0o777).toBe(0o600)
    expect(await askControl(deep, 'echo', 1)).toEqual({ heard: 1 })
    await expect(serveControl(deep, handlers)).rejects.toThrow('Another server answers')
    await control?.stop()
    control = null
    expect(readdirSync(deep)).toEqual([])
  })

  it('stops though an asker never reads to the end', async () => {
    const endless: ControlHandlers = {
      endless: async () => ({ bytes: pieces(Number.POSITIVE_INFINITY), summary: () => null }),
    }
    await serve(folder, endless)
    const answer = await askControlStream(folder, 'endless')
    const reading = answer?.bytes[Symbol.asyncIterator]()
    await reading?.next()
    await control?.stop()
    control = null
    await expect(lengthOf({ [Symbol.asyncIterator]: () => reading as AsyncIterator<Uint8Array> })).rejects.toThrow()
  })
})

import { type ChildProcess, spawn } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

/** The program that is killed, in one file: from its sources it would start ten times as slowly, and it starts often. */
export interface Program extends AsyncDisposable {
  readonly path: string
  /** Of Node. */
  readonly flags: readonly string[]
}

interface Bundler {
  build(options: Readonly<Record<string, unknown>>): Promise<unknown>
}

/** What a bundle cannot hold, because it is native code or looks for its own files. */
const external = ['pg', '@node-rs/argon2', 'pino', 'prom-client']

export async function buildVictim(): Promise<Program> {
  // tsx, which runs our sources everywhere else, brings the bundler that it works with.
  const { build }: Bundler = createRequire(createRequire(import.meta.url).resolve('tsx'))('esbuild')
  // Here, because the manifest must be one folder up, and the packages that stay outside must be found.
  const path = fileURLToPath(new URL(`../../node_modules/.victim-${process.pid}-${Date.now()}.mjs`, import.meta.url))
  await build({
    entryPoints: [fileURLToPath(new URL('victim.ts', import.meta.url))],
    outfile: path,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@pawl/source'],
    external,
    logLevel: 'error',
    // For the CommonJS modules that are in the bundle.
    banner: { js: "import { createRequire as __of } from 'node:module'\nconst require = __of(import.meta.url)" },
  })
  return { path, flags: ['--enable-source-maps'], [Symbol.asyncDispose]: () => rm(path, { force: true }) }
}

export interface Victim {
  readonly port: number
  /** Ends it as a power cut would. */
  kill(): Promise<void>
  /** Asks it to end, and answers how it did. */
  stop(): Promise<number | null>
}

export interface Start {
  readonly program: Pick<Program, 'path' | 'flags'>
  readonly folder: string
  readonly password: string
  /** What it finds in its environment beyond its password. */
  readonly env?: Readonly<Record<string, string>>
  readonly manner?: 'hasty' | undefined
  /** Takes all that it prints. */
  readonly heard: (chunk: Buffer) => void
  /** Killed so long after it was started, whether it serves by then or not. */
  readonly killedAfterMs?: number | undefined
}

/** The victim when it serves, or null when it was killed before. */
export async function startVictim(wanted: Start): Promise<Victim | null> {
  const { program, folder, password, manner, heard, killedAfterMs } = wanted
  const env = { PATH: process.env.PATH, OWNER_PASSWORD: password, ...wanted.env }
  const args = [...program.flags, program.path, folder, ...(manner ? [manner] : [])]
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const kill = async () => {
    child.kill('SIGKILL')
    await ended
  }
  const timer = killedAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killedAfterMs)
  const port = await portOf(child, heard)
  clearTimeout(timer)
  if (port === null && killedAfterMs === undefined) throw new Error('the vault did not open again; see what it printed')
  if (port === null || killedAfterMs !== undefined) {
    await kill()
    return null
  }
  return {
    port,
    kill,
    stop: () => {
      child.kill('SIGTERM')
      return ended
    },
  }
}

function portOf({ stdout, stderr }: ChildProcess, heard: (chunk: Buffer) => void): Promise<number | null> {
  let said = ''
  return new Promise((resolve) => {
    stderr?.on('data', heard)
    stdout?.on('data', (chunk: Buffer) => {
      heard(chunk)
      if (said.length < 4_096) said += chunk.toString('latin1')
      const [, port] = /^\{"serves":(\d+)\}$/m.exec(said) ?? []
      if (port) resolve(Number(port))
    })
    stdout?.once('close', () => resolve(null))
  })
}

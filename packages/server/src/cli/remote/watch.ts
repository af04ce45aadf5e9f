import { PawlError } from '@pawl/core/client'
import type { ProgramStarted } from '../program-started.ts'
import type { Terminal } from '../terminal.ts'
import { type Connection, clientAt } from './connection.ts'

const pauseMs = 5_000

interface Watched {
  /** The environment of the program, as it is now. */
  read(): Promise<NodeJS.ProcessEnv>
  start(env: NodeJS.ProcessEnv): ProgramStarted
  /** Changes when a secret does. Reads no value. */
  versions(): Promise<string>
}

/** Runs a program until it ends, and again with the new values after each change. Answers its exit status. */
export async function runAgainOnChange({ read, start, versions }: Watched, terminal: Terminal): Promise<number> {
  let seen = await versions()
  let running = start(await read())
  for (;;) {
    const status = await Promise.race([running.ended, pause()])
    if (status !== null) return status
    const now = await quietly(versions, seen)
    if (now === seen) continue
    seen = now
    try {
      const env = await read()
      terminal.error('pawl: a secret has changed. The program starts again.')
      running.stop()
      await running.ended
      running = start(env)
    } catch (error) {
      if (!(error instanceof Error)) throw error
      terminal.error(`pawl: a secret has changed, but the program goes on with the old values: ${error.message}`)
    }
  }
}

/** Paths with the number of their latest version. Lists do not count as reads. */
export async function versionsAt(place: Connection, vault_id: string, prefixes: readonly string[]): Promise<string> {
  const { secrets } = clientAt(place)
  const lists = await Promise.all(prefixes.map((prefix) => secrets.list({ vault_id, prefix })))
  const all = lists.flatMap((list) => list.secrets.map(({ id, path, version }) => `${path} ${id} ${version}`))
  return [...new Set(all)].sort().join('\n')
}

/** A server that is away for a while has no news. */
async function quietly(versions: () => Promise<string>, seen: string): Promise<string> {
  try {
    return await versions()
  } catch (error) {
    if (error instanceof PawlError) return seen
    throw error
  }
}

function pause(): Promise<null> {
  return new Promise((resolve) => setTimeout(() => resolve(null), pauseMs).unref())
}

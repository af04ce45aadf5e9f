import { isDeepStrictEqual } from 'node:util'
import { PawlError } from '@pawl/core/client'
import type { ProgramStarted } from '../program-started.ts'
import type { Terminal } from '../terminal.ts'
import { type Connection, clientAt } from './connection.ts'

/** Shorter than the client waits for an answer. */
const waitSeconds = 20
const pauseMs = 5_000

/** The changes since the last call. */
interface Changes {
  /** Resolves when a value that the program uses has changed. */
  next(signal: AbortSignal): Promise<void>
}

interface Watched {
  /** The environment of the program, as it is now. */
  read(): Promise<NodeJS.ProcessEnv>
  start(env: NodeJS.ProcessEnv): ProgramStarted
  /** The feed begins before the environment is read, so that no change is missed. */
  readonly changes: Changes
}

/** Runs a program until it ends, and again with the new values after each change. Answers its exit status. */
export async function runAgainOnChange({ read, start, changes }: Watched, terminal: Terminal): Promise<number> {
  let env = await read()
  let running = start(env)
  for (;;) {
    const status = await endOf(running, changes)
    if (status !== null) return status
    try {
      const fresh = await read()
      if (isDeepStrictEqual(fresh, env)) continue
      env = fresh
    } catch (error) {
      if (!(error instanceof Error)) throw error
      terminal.error(`pawl: a secret has changed, but the program goes on with the old values: ${error.message}`)
      continue
    }
    terminal.error('pawl: a secret has changed. The program starts again.')
    running.stop()
    await running.ended
    running = start(env)
  }
}

/** The exit status of the program, or null when something changes before it ends. */
async function endOf({ ended }: ProgramStarted, changes: Changes): Promise<number | null> {
  const over = new AbortController()
  try {
    return await Promise.race([ended, changes.next(over.signal).then(() => null)])
  } finally {
    over.abort()
  }
}

/** Follows the feed of a vault, from now on. Reads no value. */
export async function followChanges(
  place: Connection,
  vault_id: string,
  concerns: (path: string) => boolean,
): Promise<Changes> {
  const { secrets } = clientAt(place)
  let { cursor: after } = await secrets.changes({ vault_id })
  const ask = async (signal: AbortSignal): Promise<boolean> => {
    const { changes, cursor } = await secrets.changes({ vault_id, after, wait: waitSeconds }, { signal })
    after = cursor
    return changes.some(({ path }) => concerns(path))
  }
  const askAnew = async (): Promise<boolean> => {
    after = (await secrets.changes({ vault_id })).cursor
    return true
  }
  return {
    next: async (signal) => {
      while (!signal.aborted) {
        try {
          if (await ask(signal)) return
        } catch (error) {
          if (!(error instanceof PawlError)) return
          if (error.code === 'changes_dropped' && (await quietly(askAnew))) return
          // If the server is unavailable, the feed waits and retries.
          await pause(signal)
        }
      }
    },
  }
}

async function quietly(ask: () => Promise<boolean>): Promise<boolean> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof PawlError) return false
    throw error
  }
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, pauseMs)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}

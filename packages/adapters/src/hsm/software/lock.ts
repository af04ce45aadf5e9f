import { randomUUID } from 'node:crypto'
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { HsmError } from '@pawl/core/ports'

/** A lock file with the process that uses the key file. It outlives a crash, so it names the process. */
export interface Lock {
  /** Whether it is still ours. A process of another container, which cannot see that we live, may have taken it. */
  isHeld(): Promise<boolean>
  release(): Promise<void>
}

export async function lock(path: string): Promise<Lock> {
  const claim = `${process.pid} ${(await seen(process.pid))?.start ?? '-'} ${randomUUID()}\n`
  // Written aside and linked, so that no process reads half a claim. The link fails when the name is taken.
  const draft = `${path}.${process.pid}.${randomUUID()}`
  await writeFile(draft, claim, { mode: 0o600, flag: 'wx' })
  try {
    if (!(await linked(draft, path))) {
      await removeStale(path)
      if (!(await linked(draft, path))) throw inUse(path, await read(path))
    }
  } finally {
    await rm(draft, { force: true })
  }
  const isHeld = async () => (await read(path)) === claim
  return {
    isHeld,
    release: async () => {
      if (await isHeld()) await rm(path, { force: true })
    },
  }
}

async function linked(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

async function removeStale(path: string): Promise<void> {
  const claim = await read(path)
  if (claim === null) return
  if (await isAlive(claim)) throw inUse(path, claim)
  const aside = `${path}.${randomUUID()}`
  await rename(path, aside).catch(() => {})
  // Another process may have removed the stale one first and put its own here: then that goes back.
  const moved = await read(aside)
  if (moved !== null && moved !== claim) await linked(aside, path)
  await rm(aside, { force: true })
}

async function isAlive(claim: string): Promise<boolean> {
  const [pid, start] = claim.split(' ')
  if (!isRunning(Number(pid))) return false
  // The number may have gone to another process since; the time that one began tells.
  const now = await seen(Number(pid))
  if (now === null || start === '-') return true
  // A process that was killed keeps its number until its parent has noticed, and some parents never do.
  return now.start === start && !'ZX'.includes(now.state)
}

function isRunning(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** The state of a process, and when it began in the kernel's ticks; null where there is no /proc. */
async function seen(pid: number): Promise<{ state: string; start: string } | null> {
  const line = await read(`/proc/${pid}/stat`)
  // The second field is a name in parentheses that may hold anything; the state follows, and the start 19 fields on.
  const fields = line?.slice(line.lastIndexOf(')') + 2).split(' ') ?? []
  const [state, start] = [fields[0], fields[19]]
  return state && start ? { state, start } : null
}

async function read(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch(() => null)
}

function inUse(path: string, claim: string | null): HsmError {
  const holder = claim ? `process ${claim.split(' ')[0]}` : 'another process'
  return new HsmError(
    'unavailable',
    `The keys are in use by ${holder}, according to ${path}. Stop it first. If it is not Pawl, remove that file.`,
  )
}

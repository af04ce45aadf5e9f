import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tagsIn } from '../../packages/testkit/src/canary/index.ts'
import { isWhole } from '../test-run/index.ts'
import { leaksIn } from './scan.ts'

/**
 * Once for a whole run: all tests share a temp folder that is theirs alone. When they are through, what they left there
 * and all they said is searched for tagged secrets.
 */
export default function setup(): () => void {
  const said = listen()
  const folder = mkdtempSync(join(placeForFiles(), `pawl-${process.pid}-`))
  // Like the one it stands for: programs that a test starts may run as another user.
  chmodSync(folder, 0o1777)
  process.env.TMPDIR = folder
  return () => {
    const leaks = [...said(), ...leaksIn(folder)]
    rmSync(folder, { recursive: true, force: true })
    if (leaks.length === 0) return
    console.error(`Secrets leaked:\n${leaks.join('\n')}`)
    process.exitCode = 1
  }
}

const memory = '/dev/shm'
const roomMin = 4 * 1024 ** 3

/**
 * Tests sync thousands of writes, and wait for the disk at each. A quick run keeps its files in memory, if there is room and
 * programs may run from there. A whole run uses the disk.
 */
function placeForFiles(): string {
  if (isWhole || process.env.TMPDIR || !existsSync('/proc/mounts')) return tmpdir()
  const mounts = readFileSync('/proc/mounts', 'utf8').split('\n')
  const mounted = mounts.map((line) => line.split(' ')).find(([, at]) => at === memory)
  const options = mounted?.[3]?.split(',') ?? []
  if (!options.includes('rw') || options.includes('noexec')) return tmpdir()
  removeWhatIsLeft()
  const { bavail, bsize } = statfsSync(memory)
  return bavail * bsize < roomMin ? tmpdir() : memory
}

const leftAfterMs = 3_600_000

/** A run that was killed leaves its files, and they take memory. The process of a live run can be in another container. */
function removeWhatIsLeft(): void {
  for (const name of readdirSync(memory)) {
    const pid = /^pawl-(\d+)-/.exec(name)?.[1]
    if (!pid || existsSync(`/proc/${pid}`)) continue
    const place = join(memory, name)
    if (Date.now() - statSync(place).mtimeMs > leftAfterMs) rmSync(place, { recursive: true, force: true })
  }
}

/** Hears all that is printed from now on; answers what must not have been. */
function listen(): () => string[] {
  const found = new Set<string>()
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream) as (chunk: string | Uint8Array, ...rest: unknown[]) => boolean
    stream.write = (chunk: string | Uint8Array, ...rest: unknown[]) => {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
      for (const how of tagsIn(bytes))
        found.add(`a secret is ${how} in what the tests printed, unless a test that failed showed it`)
      return write(chunk, ...rest)
    }
  }
  return () => [...found]
}

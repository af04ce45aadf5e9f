import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tagsIn } from '../../packages/testkit/src/canary/index.ts'
import { leaksIn } from './scan.ts'

/**
 * Once for a whole run: all tests share a temp folder that is theirs alone. When they are through, what they left there
 * and all they said is searched for tagged secrets.
 */
export default function setup(): () => void {
  const said = listen()
  const folder = mkdtempSync(join(tmpdir(), 'pawl-'))
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

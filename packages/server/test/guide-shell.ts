import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect } from 'vitest'
import { pathWithPawl } from '../../../tools/real-parts/pawl.ts'

type Variables = Readonly<Record<string, string>>

/**
 * Runs the commands of a guide in a shell. `pawl` is in its path and calls this server. Its home is a temporary folder. Each call
 * reads `variables` again, so a test can change them.
 */
export function guideShell(url: string, variables: Variables = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-guide-'))
  const own = { PATH: pathWithPawl(), HOME: folder, PAWL_CONFIG_DIR: folder, PAWL_URL: url }

  /** Calls `hear` with each chunk of the output. */
  const run = async (script: string, more: Variables = {}, hear: (said: string) => void = () => {}) => {
    const env = { ...own, ...variables, ...more }
    const child = spawn('bash', ['-ec', `exec 2>&1\n${script}`], { env, stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = once(child, 'close')
    child.stdout.on('data', (chunk) => hear(`${chunk}`))
    const printed = await text(child.stdout)
    return { printed, status: (await ended)[0] as number }
  }

  /** Runs commands that must succeed. Returns their output. */
  const type: (...given: Parameters<typeof run>) => Promise<string> = async (script, ...given) => {
    const { printed, status } = await run(script, ...given)
    expect([status, printed], script).toEqual([0, expect.anything()])
    return printed
  }

  return { folder, run, type, forget: () => rmSync(folder, { recursive: true }) }
}

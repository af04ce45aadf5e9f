// What a run of a built command takes of the processor and of memory, as the process itself knows it when it ends.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

export const pawl = fileURLToPath(new URL('../packages/server/bin/pawl.mjs', import.meta.url))

/** What a client of MCP says first. */
export const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'bench', version: '1' } },
}

/** The least of several runs: whatever else runs on the machine only makes it more. */
export async function cpuMs(args: readonly string[], input = ''): Promise<number> {
  const taken: number[] = []
  for (let run = 0; run < 5; run++) {
    const { userCPUTime, systemCPUTime } = await resourcesOf(args, { PAWL_AGENT_API_KEY: 'ocv_nobody' }, input)
    taken.push((userCPUTime + systemCPUTime) / 1_000)
  }
  return Math.min(...taken)
}

/**
 * Peak memory of a command in a small heap. The program alone takes 46 MB, most of it for the declarations of all operations.
 */
export async function peakMb(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  heapMb = 64,
): Promise<number> {
  return (await resourcesOf([`--max-old-space-size=${heapMb}`, pawl, ...args], env)).maxRSS / 1_024
}

const report = "process.on('exit', () => console.error(JSON.stringify(process.resourceUsage())))"

async function resourcesOf(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  input = '',
): Promise<NodeJS.ResourceUsage> {
  const watched = ['--import', `data:text/javascript,${encodeURIComponent(report)}`, ...args]
  const child = spawn(process.execPath, watched, {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  child.stdin.end(input)
  const [errors, [status]] = await Promise.all([text(child.stderr), once(child, 'close')])
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${errors}`)
  return JSON.parse(errors.trim().split('\n').at(-1) ?? '')
}

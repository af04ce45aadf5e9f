import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { pawl } from './command.ts'

/** The real command, `pawl serve`, on a folder of its own. */
export interface Served {
  readonly pid: number
  readonly url: string
  /** From the start of the process until it listens. */
  readonly startMs: number
  /** What the process holds of the machine's memory now. */
  rssMb(): number
  stop(): Promise<void>
}

export async function serve(folder: string): Promise<Served> {
  const env = {
    ...process.env,
    PAWL_DATA_DIR: folder,
    PAWL_PORT: '0',
    PAWL_RATE_LIMITS: 'off',
    PAWL_LOG_LEVEL: 'error',
  }
  const started = performance.now()
  const server = spawn(process.execPath, [pawl, 'serve'], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  let banner = ''
  server.stdout.on('data', (text) => {
    banner += text
  })
  while (!banner.includes('Stop')) {
    if (server.exitCode !== null) throw new Error(`pawl serve ended with ${server.exitCode}`)
    await setTimeout(5)
  }
  const startMs = performance.now() - started
  const pid = server.pid ?? 0
  return {
    pid,
    url: /http:\/\/127\.0\.0\.1:\d+/.exec(banner)?.[0] ?? '',
    startMs,
    rssMb: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024,
    stop: async () => {
      server.kill('SIGTERM')
      await once(server, 'exit')
    },
  }
}

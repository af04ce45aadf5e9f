import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { parseEnv } from '@pawl/core/dotenv'
import { pathWithPawl, pawlMain } from '../../../../tools/real-parts/pawl.ts'

/** A server of `pawl dev`, and somebody at a shell in an empty folder. */
export interface Session {
  readonly url: string
  readonly env: Readonly<Record<string, string>>
  /** The password of the owner. */
  readonly password: string
  /** Runs lines of a shell in the folder; what they print comes together with the problems. */
  shell(script: string, env?: Readonly<Record<string, string>>): Promise<{ status: number | null; printed: string }>
  stop(): Promise<void>
}

export async function startSession(): Promise<Session> {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-shell-'))
  const env = {
    PATH: pathWithPawl(),
    HOME: folder,
    TMPDIR: tmpdir(),
    PAWL_CONFIG_DIR: join(folder, 'settings'),
  }
  const server = spawn(process.execPath, [pawlMain, 'dev', '--port', '0', '--seed', 'transcripts'], {
    cwd: folder,
    env,
  })
  const banner = await bannerOf(server)
  const url = /API +(\S+)/.exec(banner)?.[1] ?? ''
  const password = /Password +(\S+)/.exec(banner)?.[1] ?? ''
  const { PAWL_API_KEY: agentKey = '' } = parseEnv(banner)
  const told = { ...env, PAWL_URL: url, DEV_PASSWORD: password, DEV_AGENT_KEY: agentKey }
  return {
    url,
    password,
    env: told,
    shell: async (script, more = {}) => {
      const child = spawn('bash', ['-c', `exec 2>&1\n${script}`], {
        cwd: folder,
        env: { ...told, ...more },
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const ended = new Promise<number | null>((done) => child.once('close', done))
      const printed = await text(child.stdout)
      return { printed, status: await ended }
    },
    stop: async () => {
      const ended = new Promise((done) => server.once('close', done))
      server.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function bannerOf(server: ChildProcess): Promise<string> {
  let said = ''
  return new Promise((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      said += chunk
      if (said.includes('Stop with Ctrl-C.')) resolve(said)
    }
    server.stdout?.on('data', hear)
    server.stderr?.on('data', hear)
    server.once('close', () => reject(new Error(`pawl dev ended: ${said}`)))
  })
}

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { tagged } from '@pawl/testkit/canary'
import { onTestFinished } from 'vitest'
import { pawlMain } from '../../../../tools/real-parts/pawl.ts'
import { main as runCommand } from '../../src/cli/program.ts'
import { type Environment, openPawl, readConfig } from '../../src/host/index.ts'

// The command line: in this process, or as one of its own that can be killed and watched.

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-keeping-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

interface Ended {
  readonly status: number | null
  readonly out: string
  readonly errors: string
}

export async function pawl(args: readonly string[], env: Environment): Promise<Ended> {
  const heard = { out: '', errors: '' }
  const status = await runCommand(args, {
    env,
    isColoured: false,
    out: (line) => {
      heard.out += `${line}\n`
    },
    error: (line) => {
      heard.errors += `${line}\n`
    },
    stopped: () => new Promise(() => {}),
  })
  return { status, ...heard }
}

interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
}

function startPawl(args: readonly string[], env: Environment, nodeOptions: readonly string[] = []): Running {
  const child = spawn(process.execPath, [...nodeOptions, pawlMain, ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const heard = { out: '', errors: '' }
  child.stdout.on('data', (text) => {
    heard.out += text
  })
  child.stderr.on('data', (text) => {
    heard.errors += text
  })
  const ended = once(child, 'close').then(([status]) => ({ status: status as number | null, ...heard }))
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  return { child, ended }
}

/** A command that is killed after so many commits to its database. */
export async function killedPawl(args: readonly string[], env: Environment, commits: number): Promise<void> {
  const killer = fileURLToPath(new URL('killed.mjs', import.meta.url))
  const { status, errors } = await startPawl(args, { ...env, COMMITS: `${commits}` }, ['--import', killer]).ended
  if (status !== null) throw new Error(`the command ended with ${status} before it was killed: ${errors}`)
}

/** A vault that is not running, with so many secrets in it; answers how to read them in another place. */
export async function filledVault(env: Environment, secrets: number, bytes = 20) {
  const vault = await openPawl(readConfig(env))
  const { user } = await vault.firstOwner({ email: 'you@example.com' })
  const owner = vault.as({ user })
  const { id } = await owner.vaults.create({ name: 'prod' })
  for (let at = 0; at < secrets; at += 200) {
    const some = Array.from({ length: Math.min(200, secrets - at) }, (_, more) => at + more)
    await Promise.all(
      some.map((number) => owner.secrets.put({ vault_id: id, path: `s/${number}`, value: textOf(number, bytes) })),
    )
  }
  await vault.close()
  return { user, vaultId: id }
}

export const textOf = (number: number, bytes = 20) => tagged(`${number}`).padEnd(bytes, 'x')

/** The value at a path, read by an engine that is opened for it. */
export async function readIn(env: Environment, { user, vaultId }: { user: string; vaultId: string }, path: string) {
  const vault = await openPawl(readConfig(env))
  try {
    return (await vault.as({ user }).secrets.get({ vault_id: vaultId, path })).value.reveal()
  } finally {
    await vault.close()
  }
}

import type { Hsm } from '@pawl/core/ports'
import { readConfig, verifies, withHsm } from '../../host/index.ts'
import { command } from '../command.ts'
import { exits } from '../exits.ts'
import type { Terminal } from '../terminal.ts'

/** `pawl hsm test` */
export const hsmTest = command({
  help: () => ['Prints one line per check. Exits with 1 if a check fails. Does not touch the keys of the vault.'],
  run: async (_, terminal) => {
    return withHsm(readConfig(terminal.env), async (hsm) => {
      const results = [await testWrapping(hsm, terminal)]
      for (const type of ['ed25519', 'p-256', 'secp256k1'] as const)
        results.push(await testSigning(hsm, type, terminal))
      return results.every(Boolean) ? exits.ok : exits.failed
    })
  },
})

type Check = readonly [what: string, work: () => Promise<boolean>]

const message = new TextEncoder().encode('pawl hsm test')
const other = new TextEncoder().encode('something else')

function testWrapping(hsm: Hsm, terminal: Terminal): Promise<boolean> {
  const uri = newUri()
  let wrapped = new Uint8Array()
  return runAll('aes-256', terminal, [
    ['is created', async () => isDone(hsm.createKey(uri, 'aes-256'))],
    [
      'unwraps what it wrapped',
      async () => {
        wrapped = new Uint8Array(await hsm.wrap(uri, message, message))
        return Buffer.from(message).equals(await hsm.unwrap(uri, wrapped, message))
      },
    ],
    ['refuses to unwrap for another purpose', () => failsWith('not_authentic', hsm.unwrap(uri, wrapped, other))],
    ['is destroyed', () => isDestroyed(hsm, uri, () => hsm.unwrap(uri, wrapped, message))],
  ])
}

function testSigning(hsm: Hsm, type: Parameters<typeof verifies>[0], terminal: Terminal): Promise<boolean> {
  const uri = newUri()
  return runAll(type, terminal, [
    ['is created', async () => isDone(hsm.createKey(uri, type))],
    [
      'signs so that its public key verifies',
      async () => verifies(type, await hsm.publicKey(uri), message, await hsm.sign(uri, message)),
    ],
    ['is destroyed', () => isDestroyed(hsm, uri, () => hsm.sign(uri, message))],
  ])
}

/** Each check runs even if the one before it failed, so that a test key that was made is destroyed. */
async function runAll(type: string, terminal: Terminal, checks: readonly Check[]): Promise<boolean> {
  let areWell = true
  for (const [what, work] of checks) {
    const problem = await work().then(
      (isWell) => (isWell ? null : 'the check failed'),
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    )
    terminal.out(
      `${problem === null ? 'ok    ' : 'FAILED'}  ${type.padEnd(9)}  ${what}${problem ? `: ${problem}` : ''}`,
    )
    if (problem !== null) areWell = false
  }
  return areWell
}

function newUri(): string {
  return `pawl:test/${crypto.randomUUID()}`
}

async function isDone(work: Promise<void>): Promise<boolean> {
  await work
  return true
}

async function isDestroyed(hsm: Hsm, uri: string, use: () => Promise<unknown>): Promise<boolean> {
  await hsm.destroyKey(uri)
  return failsWith('key_missing', use())
}

async function failsWith(failure: string, work: Promise<unknown>): Promise<boolean> {
  try {
    await work
    return false
  } catch (error) {
    if (error instanceof Error && 'failure' in error && error.failure === failure) return true
    throw error
  }
}

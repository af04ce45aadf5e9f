import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tagged } from '@pawl/testkit/canary'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openPawl, readConfig, start } from '../../host/index.ts'
import { main } from '../program.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pawl-owner-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const email = 'owner@example.com'
const env = () => ({ PAWL_DATA_DIR: join(folder, 'data'), PAWL_PORT: '0' })

async function reset() {
  const [out, errors]: [string[], string[]] = [[], []]
  const terminal = { env: env(), isColoured: false, out: (line: string) => void out.push(line) }
  const error = (line: string) => void errors.push(line)
  const status = await main(['owner', 'reset-password'], { ...terminal, error, stopped: async () => {} })
  const password = /^Password +(\S+)$/m.exec(out.join('\n'))?.[1] ?? ''
  return { status, out, errors, password }
}

test('N1: an owner whom a program made without a password gets one, and so does one who lost it', async () => {
  const pawl = await openPawl(readConfig(env()))
  await pawl.firstOwner({ email })
  await pawl.close()
  const first = await reset()
  expect(first).toMatchObject({ status: 0, out: [`Owner     ${email}`, expect.stringMatching(/^Password {2}/)] })
  const second = await reset()
  const again = await openPawl(readConfig(env()))
  const signIn = (password: string) => again.as('').auth.token({ email, password })
  await expect(signIn(first.password)).rejects.toMatchObject({ kind: 'unauthenticated' })
  expect((await signIn(second.password)).access_token.reveal()).toEqual(expect.any(String))
  await again.close()
})

test('N1: a reset in a running server revokes tokens, ends a lock after wrong passwords, and is in the audit trail', async () => {
  const started = await start(readConfig({ ...env(), PAWL_RATE_LIMITS: 'off' }))
  const { pawl, owner } = started
  const signIn = (password: string) => pawl.as('').auth.token({ email: owner.email, password })
  const { access_token: old } = await signIn(owner.madePassword ?? '')
  for (let count = 0; count < 10; count++) await signIn(tagged('wrong')).catch(() => {})
  await expect(signIn(owner.madePassword ?? '')).rejects.toMatchObject({ kind: 'unauthenticated' })
  const { status, password } = await reset()
  expect(status).toBe(0)
  const { access_token: fresh } = await signIn(password)
  await expect(pawl.as(old.reveal()).auth.me({})).rejects.toMatchObject({ kind: 'unauthenticated' })
  const { events } = await pawl.as(fresh.reveal()).audit.events({ action: 'user.password_reset' })
  expect(events).toHaveLength(1)
  await started.stop()
})

test('N1: a reset makes no vault where none is, and no owner where there is none', async () => {
  const missing = await reset()
  expect(missing).toMatchObject({ status: 78, errors: [expect.stringContaining('No vault found')] })
  await (await openPawl(readConfig(env()))).close()
  expect(await reset()).toMatchObject({ status: 78, errors: [expect.stringContaining('has no owner yet')] })
})

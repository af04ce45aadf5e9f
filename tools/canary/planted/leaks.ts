import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sqlite } from '@pawl/adapters/storage/sqlite'
import { tagged } from '@pawl/testkit/canary'
import { test } from 'vitest'

// Tests that pass and leak. Their run has to fail, and name each leak.

const secret = tagged('hunter2')

test('a file that is taken away', () => {
  const folder = mkdtempSync(join(tmpdir(), 'removed-'))
  writeFileSync(join(folder, 'vault.draft'), `{"value":"${secret}"}`)
  rmSync(folder, { recursive: true })
})

test('a file that is taken away by and by', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'removed-later-'))
  await writeFile(join(folder, 'backup'), Buffer.from(`a${secret}`).toString('base64'))
  await rm(folder, { recursive: true })
})

test('a database that is left behind', async () => {
  const storage = sqlite({ path: join(mkdtempSync(join(tmpdir(), 'left-')), 'vault.db') })
  await storage.setup()
  const body = Buffer.from(secret, 'utf16le')
  await storage.commit([{ op: 'put', kind: 'thing', id: 'one', expect: null, version: '1', body, keys: [] }])
  await storage.close()
})

const sayIt = 'process.stdout.write(process.env.SECRET)'
const env = { ...process.env, SECRET: secret }

test('the log of a program, in two parts', async () => {
  const program =
    'process.stderr.write(process.env.SECRET.slice(0, 9), () => process.stderr.write(process.env.SECRET.slice(9)))'
  const child = spawn(process.execPath, ['--eval', program], { env })
  await new Promise((done) => child.once('close', done))
})

test('the words of a server', () => {
  spawnSync(process.execPath, ['--eval', sayIt, 'serve'], { env })
})

test('what a program tells its caller, which is none, and what it prints, which is one', () => {
  spawnSync(process.execPath, ['--eval', sayIt], { env })
  spawnSync(process.execPath, ['--eval', `${sayIt}; console.log()`], { env, stdio: 'inherit' })
})

test('an argument, which every list of processes shows', () => {
  spawnSync('true', [secret])
})

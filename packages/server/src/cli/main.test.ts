import { spawn, spawnSync } from 'node:child_process'
import { closeSync, existsSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { pawlMain } from '../../../../tools/real-parts/pawl.ts'

// The real process, for what only a process can show.

test('pawl serve ends well when it is asked to, however many signals say so', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-main-'))
  const env = { PATH: process.env.PATH, PAWL_PORT: '0', PAWL_DATA_DIR: join(folder, 'data') }
  const child = spawn(process.execPath, [pawlMain, 'serve'], { cwd: folder, env })
  let said = ''
  await new Promise<void>((done) => {
    child.stdout.on('data', (chunk) => {
      said += chunk
      if (said.includes('Stop with Ctrl-C.')) done()
    })
    child.on('exit', () => done())
  })
  expect(existsSync(join(folder, 'data', 'keys.lock'))).toBe(true)
  for (const signal of ['SIGINT', 'SIGINT', 'SIGTERM'] as const) child.kill(signal)
  const status = await new Promise((done) => child.on('exit', done))
  expect(status).toBe(0)
  expect(existsSync(join(folder, 'data', 'keys.lock'))).toBe(false)
  expect(said).not.toContain('\u001b[')
  rmSync(folder, { recursive: true })
})

test.runIf(existsSync('/dev/full'))('output that a full disk does not take is one line of error', () => {
  const full = openSync('/dev/full', 'w')
  const ran = spawnSync(process.execPath, [pawlMain, '--help'], { stdio: ['ignore', full, 'pipe'], encoding: 'utf8' })
  closeSync(full)
  expect([ran.status, ran.stderr]).toEqual([1, 'pawl: The output cannot be written: no space is left on the device.\n'])
})

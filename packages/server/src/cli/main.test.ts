import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
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

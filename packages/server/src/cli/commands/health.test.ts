import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readConfig, start } from '../../host/index.ts'
import { main } from '../program.ts'

test('N5: pawl health exits with 1 when the server is degraded, so that a script sees it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-health-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const started = await start(readConfig({ PAWL_DATA_DIR: join(folder, 'data'), PAWL_PORT: '0' }))
  const health = async () => {
    const lines: string[] = []
    const out = (line: string) => void lines.push(line)
    const terminal = { env: { HOME: folder, PAWL_URL: started.url }, isColoured: false, out, error: out }
    const status = await main(['health'], { ...terminal, stopped: async () => {} })
    return [status, lines.join('\n')]
  }
  expect(await health()).toEqual([0, expect.stringContaining('healthy')])
  await started.pawl.seal()
  expect(await health()).toEqual([1, expect.stringContaining('degraded')])
  await started.stop()
})

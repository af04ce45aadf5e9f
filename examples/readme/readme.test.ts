import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'

const file = fileURLToPath(new URL('embed.ts', import.meta.url))
const tsx = import.meta.resolve('tsx')

describe('the README', () => {
  it('shows the program as it is here', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
    const [, first] = /^```ts\n(.*?)^```$/ms.exec(readme) ?? []
    expect(first).toBe(readFileSync(file, 'utf8'))
  })

  it('shows a program that runs in an empty folder, says what it says, and shows no secret that is not revealed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pawl-readme-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const run = promisify(execFile)
    const args = ['--conditions=@pawl/source', '--import', tsx, file]
    const { stdout } = await run(process.execPath, args, { cwd: folder })
    expect(stdout).toBe('[secret] hunter2\n')
  })
})

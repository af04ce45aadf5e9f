import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { programFrom } from '../../tools/real-parts/pawl.ts'

const pathOf = (name: string) => fileURLToPath(new URL(name, import.meta.url))
const blocksOf = (document: string) =>
  [...readFileSync(pathOf(document), 'utf8').matchAll(/^```ts[^\n]*\n(.*?)^```$/gms)].map(([, code]) => code)

describe('the README', () => {
  it('shows the programs as they are here', () => {
    const programs = ['first.ts', 'embed.ts'].map((name) => readFileSync(pathOf(name), 'utf8'))
    expect(blocksOf('../../README.md').slice(0, 2)).toEqual(programs)
  })

  it('begins with a program where one read is allowed and one throws denied', async () => {
    const run = runIn(emptyFolder(), pathOf('first.ts'))
    await expect(run).rejects.toMatchObject({ stdout: 'hunter2\n', stderr: expect.stringContaining("code: 'denied'") })
  })

  it('shows a program that keeps its vault in a file, and runs twice in one folder', async () => {
    const folder = emptyFolder()
    for (const _ of [1, 2]) expect((await runIn(folder, pathOf('embed.ts'))).stdout).toBe('[secret] hunter2\n')
  })
})

it('docs/getting-started.md shows the same program', () => {
  const [first] = blocksOf('../../docs/getting-started.md')
  expect(first).toBe(readFileSync(pathOf('embed.ts'), 'utf8'))
})

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-readme-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

function runIn(cwd: string, file: string): Promise<{ stdout: string; stderr: string }> {
  return promisify(execFile)(process.execPath, [programFrom(readFileSync(file, 'utf8'))], { cwd })
}

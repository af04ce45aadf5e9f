import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { readConfig } from './config.ts'
import { start } from './start.ts'

const badges = `
export default {
  detectors: [{
    name: 'badges',
    detect: ({ text }) => Array.from(text.matchAll(/BADGE-[0-9]{6}/g), ({ index }) => (
      { rule: 'badge_number', severity: 'high', score: 1, start: index, end: index + 12, action: 'redact' })),
  }],
}
`

describe('a server with plug-ins of Shroud', () => {
  test('uses them', async () => {
    const started = await startWith(moduleOf(badges))
    onTestFinished(() => started.stop())
    const owner = started.pawl.as({ user: (await started.pawl.firstOwner({ email: started.owner.email })).user })
    const { redacted_content } = await owner.shroud.inspectContent({ content: 'It is BADGE-123456.' })
    expect(redacted_content).toBe('It is [REMOVED:badge_number].')
  })

  test.each([
    ['is not there', () => './nowhere.js', /^PAWL_SHROUD_PLUGINS: \.\/nowhere\.js cannot be loaded/],
    ['has no plug-in', () => moduleOf('export default {}'), /is not an object with detectors, classifiers or models/],
    ['has half a plug-in', () => moduleOf('export default { classifiers: [{ name: "x" }] }'), /is not an object with/],
    [
      'has two plug-ins of one name',
      () => moduleOf('const one = { name: "x", detect: () => [] }\nexport default { detectors: [one, one] }'),
      /^PAWL_SHROUD_PLUGINS: Two plug-ins of the kind detector have the name x/,
    ],
  ])('does not start with a module that %s', async (_, module, problem) => {
    await expect(startWith(module())).rejects.toThrow(problem)
  })
})

function startWith(module: string) {
  const env = { PAWL_SHROUD_PLUGINS: module, PAWL_PORT: '0', PAWL_STORAGE: 'memory:', PAWL_DATA_DIR: newFolder() }
  return start(readConfig(env))
}

function moduleOf(text: string): string {
  const path = join(newFolder(), 'plugins.mjs')
  writeFileSync(path, text)
  return path
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-shroud-plugins-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { tagged, tagsIn } from '@pawl/testkit/canary'
import { expect, test } from 'vitest'
import { isLong } from '../test-run/index.ts'
import { filesIn } from './scan.ts'

const root = resolve(import.meta.dirname, '../..')

test.runIf(isLong('a run whose tests leak'))('a run whose tests leak fails, and names every place', async () => {
  const args = ['run', '--config', 'tools/canary/planted/vitest.config.ts', '--root', root, '--no-color']
  const child = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise((done) => child.once('close', done))
  const [out, problems, status] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  expect(status, problems).toBe(1)
  expect(out).toMatch(/Tests +7 passed/)
  for (const place of [
    /in clear in \S+\/removed-\w+\/vault\.draft$/m,
    /in base64 in \S+\/removed-later-\w+\/backup$/m,
    /in UTF-16 in \S+\/left-\w+\/vault\.db$/m,
    /in clear in what node logged$/m,
    /in clear in what node said$/m,
    /in clear in the arguments of true$/m,
    /in clear in what the tests printed,/m,
  ]) {
    expect(problems).toMatch(place)
  }
})

test.each([
  ['in clear', (secret: string) => `{"value":"${secret}"}`],
  ['in clear', (secret: string) => encodeURIComponent(`?q=${secret}&`)],
  ['in clear', (secret: string) => Buffer.concat([Buffer.of(0, 255, 200), Buffer.from(secret), Buffer.of(129)])],
  ['in UTF-16', (secret: string) => Buffer.from(secret, 'utf16le')],
  ['in UTF-16', (secret: string) => Buffer.from(secret, 'utf16le').swap16()],
  ['in hexadecimal', (secret: string) => Buffer.from(secret).toString('hex')],
  ['in hexadecimal', (secret: string) => Buffer.from(secret).toString('hex').toUpperCase()],
  ['in base64', (secret: string) => btoa(secret)],
  ['in base64', (secret: string) => btoa(`x${secret}`)],
  ['in base64', (secret: string) => Buffer.from(`xx${secret}xx`).toString('base64url')],
])('a secret is found %s', (how, write) => {
  expect(tagsIn(Buffer.from(write(tagged('a'))))).toEqual([how])
  expect(tagsIn(Buffer.from(write('untagged-and-harmless')))).toEqual([])
})

test('no test stores a secret without a tag', () => {
  const stored = /secrets\.put\([^\n]*\bvalue: ['"`]/
  const packages = readdirSync(join(root, 'packages'))
  const folders = packages.flatMap((name) => [
    join(root, 'packages', name, 'src'),
    join(root, 'packages', name, 'test'),
  ])
  const files = folders.filter(existsSync).flatMap((folder) => filesIn(folder))
  // Of programs that are only compiled, nothing is stored.
  const running = files.filter((file) => !file.includes('/test/types/'))
  const untagged = running.filter((file) => stored.test(readFileSync(file, 'utf8'))).map((file) => relative(root, file))
  expect(untagged, "write value: tagged('…'), from @pawl/testkit/canary").toEqual([])
})

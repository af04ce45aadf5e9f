import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { tries } from '../../../../../tools/test-run/index.ts'
import { tar } from './tar.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pawl-tar-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const entry = fc.record({
  path: fc
    .array(fc.stringMatching(/^[\w@é][\w@é. -]{0,58}[\wé]$/), { minLength: 1, maxLength: 3 })
    .map((parts) => parts.join('/')),
  isExecutable: fc.boolean(),
  data: fc.uint8Array({ maxLength: 1_500 }).map((bytes) => Buffer.from(bytes)),
})

test('the system unpacks what was packed, whatever is in it and whatever it is called', () => {
  let count = 0
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 8 }), (entries) => {
      // A folder for each, so that none is a folder where another is a file.
      const apart = entries.map((one) => ({ ...one, path: `${count++}/${one.path}` }))
      execFileSync('tar', ['x', '-C', folder], { input: Buffer.concat([...tar(apart)]) })
      for (const { path, isExecutable, data } of apart) {
        expect(readFileSync(join(folder, path)).equals(data)).toBe(true)
        expect(statSync(join(folder, path)).mode & 0o777).toBe(isExecutable ? 0o755 : 0o644)
      }
    }),
    { numRuns: tries(50, 5) },
  )
})

test('a path that no archive can hold is refused, and not cut off', () => {
  const path = `${'a'.repeat(101)}/b`
  const packed = (path: string) => [...tar([{ path, isExecutable: false, data: Buffer.of(1) }])]
  expect(() => packed(`b/${'a'.repeat(101)}`)).toThrow(/too long/)
  expect(packed(path)[0]?.subarray(345, 446).toString()).toBe('a'.repeat(101))
})

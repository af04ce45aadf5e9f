// How long the disk takes to keep a page, in microseconds: what no vault that waits for it can be quicker than.
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { say } from './child.ts'
import { median } from './vault.ts'

const folder = mkdtempSync(join(tmpdir(), 'pawl-bench-'))
const file = openSync(join(folder, 'pages'), 'w')
const page = Buffer.alloc(4_096, 1)
const taken: number[] = []
for (let at = 0; at < 500; at++) {
  writeSync(file, page)
  const begin = performance.now()
  fdatasyncSync(file)
  taken.push((performance.now() - begin) * 1_000)
}
closeSync(file)
rmSync(folder, { recursive: true })
say({ us: median(taken) })

// Writes the list of the slowest test files, from a report of a whole run. vitest.config.ts starts them first.
//
//   PAWL_TEST_REQUIRE=all npm test -- --reporter=json --outputFile=/tmp/report.json
//   npx tsx tools/slowest-tests.ts /tmp/report.json

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')
/** Files that take less do not delay the end of a run. */
const slowMs = 5_000

interface Report {
  readonly testResults: readonly { readonly name: string; readonly startTime: number; readonly endTime: number }[]
}

const [report = ''] = process.argv.slice(2)
const { testResults }: Report = JSON.parse(readFileSync(report, 'utf8'))
const timed = testResults.map(({ name, startTime, endTime }) => ({
  // The report can be from another checkout.
  file: name.replace(/^.*?\/(?=(packages|tools|examples)\/)/, ''),
  tookMs: endTime - startTime,
}))
const slow = timed.filter(({ file, tookMs }) => tookMs > slowMs && existsSync(join(root, file)))
const files = slow.sort((one, other) => other.tookMs - one.tookMs).map(({ file }) => file)
writeFileSync(join(root, 'tools/test-run/slowest.json'), `${JSON.stringify(files, null, 2)}\n`)

import { createInterface } from 'node:readline'
import { setFlagsFromString, writeHeapSnapshot } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { readConfig, start } from '../../src/host/index.ts'

// A whole server, configured by its environment, that does what a line on its standard input says: `seal`, `stop`, `keep`
// the rest of the line, or write a `snapshot` of its heap into a file. It answers each with a line, and stays.

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

const started = await start(readConfig(process.env))
const kept: string[] = []

const commands: Readonly<Record<string, (rest: string) => unknown>> = {
  seal: () => started.pawl.seal(),
  stop: () => started.stop(),
  keep: (rest) => kept.push(rest),
  snapshot: (path) => {
    for (let round = 0; round < 3; round++) collectGarbage()
    writeHeapSnapshot(path)
  },
}

console.log(new URL(started.url).port, new URL(started.shroudUrl ?? started.url).port)
for await (const line of createInterface({ input: process.stdin })) {
  const [command = '', rest = ''] = line.split(' ', 2)
  await commands[command]?.(rest)
  console.log(kept.length)
}

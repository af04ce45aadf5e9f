import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { expect, test } from 'vitest'

// Goal: a client of models that starts `pawl mcp` waits for little more than Node itself. Method: what the command loads,
// built as it is shipped but for its types. How long that takes is measured by bench/.

const src = resolve(import.meta.dirname, '../../src')
const root = resolve(src, '../../..')

test('pawl mcp loads neither the engine nor a library of schemas, nor the SDK', async () => {
  const { metafile } = await build({
    entryPoints: [join(src, 'cli/commands/mcp.ts')],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    conditions: ['@pawl/source'],
    absWorkingDir: root,
    logLevel: 'silent',
  })
  const loaded = Object.keys(metafile.inputs)
  // Of packages only the one for base64, which is small.
  const heavy = loaded.filter((file) =>
    /node_modules(?!.*@scure)|\/areas\/|registry\.ts|http\/|host\/(?!config-error)/.test(file),
  )
  expect(heavy).toEqual([])
  expect(loaded).toContain('packages/server/src/mcp/bridge/bridge.ts')
})

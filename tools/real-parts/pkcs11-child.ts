import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build, type Plugin } from 'esbuild'
import { pkcs11jsPath, pkcs11jsRemedy } from './pkcs11js.ts'

const sources = new URL('../../packages/adapters/src/hsm/pkcs11/', import.meta.url)

/** The driver itself is native and stays where it is. */
const nativeDriver: Plugin = {
  name: 'native driver',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^pkcs11js$/ }, () => ({ path: pathToFileURL(pkcs11jsPath ?? '').href, external: true }))
  },
}

/**
 * Once for a whole run: makes one file of the process that holds the driver of a token. Tests start it some hundreds of
 * times, and to translate its sources each time would take them most of their time.
 */
export default async function setup(): Promise<void> {
  if (pkcs11jsPath === null) {
    console.warn(`pkcs11js is not installed, so no test uses a PKCS#11 token. ${pkcs11jsRemedy}`)
    return
  }
  const outfile = join(mkdtempSync(join(tmpdir(), 'pawl-')), 'pkcs11/child.mjs')
  await build({
    entryPoints: [fileURLToPath(new URL('child.ts', sources))],
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['@pawl/source'],
    plugins: [nativeDriver],
    logLevel: 'error',
    outfile,
  })
  process.env.PAWL_TEST_PKCS11_CHILD = outfile
}

import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'

const packages = resolve(import.meta.dirname, '../../packages')
const [server, adapters] = [join(packages, 'server'), join(packages, 'adapters')]

/**
 * Once for a whole run: makes a program of the command line, bundled, so that it starts as fast as when it is installed.
 * Tests start it some hundreds of times, and to translate its sources each time would take them most of their time.
 */
export default async function setup(): Promise<() => void> {
  // In the package of the adapters, because the native drivers that it does not bundle are looked up from there.
  mkdirSync(join(adapters, 'node_modules'), { recursive: true })
  const folder = mkdtempSync(join(adapters, 'node_modules', '.pawl-'))
  await build({
    entryPoints: {
      main: join(server, 'src/cli/main.ts'),
      // The process that holds the driver of a token.
      child: join(adapters, 'src/hsm/pkcs11/child.ts'),
    },
    outdir: join(folder, 'dist/cli'),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['@pawl/source'],
    external: ['@node-rs/argon2', 'pkcs11js', 'pg'],
    // Some that are bundled are CommonJS, and look for modules of Node.
    banner: {
      js: "import { createRequire as requirer } from 'node:module'; const require = requirer(import.meta.url)",
    },
    logLevel: 'error',
  })
  // Where the sources look for them.
  copyFileSync(join(server, 'commands.json'), join(folder, 'commands.json'))
  copyFileSync(join(server, 'package.json'), join(folder, 'dist/package.json'))
  const run = `exec '${process.execPath}' '${join(folder, 'dist/cli/main.js')}' "$@"`
  mkdirSync(join(folder, 'bin'))
  for (const [name, script] of [
    ['pawl', run],
    ['npx', `shift; ${run}`],
  ] as const) {
    writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${script}\n`)
    chmodSync(join(folder, 'bin', name), 0o755)
  }
  process.env.PAWL_TEST_PROGRAM = folder
  return () => rmSync(folder, { recursive: true, force: true })
}

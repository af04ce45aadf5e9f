import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'

const server = resolve(import.meta.dirname, '../..')

export interface Program {
  /** A folder with `pawl` in it, to look for programs in. */
  readonly bin: string
  /** What Node runs for it. */
  readonly main: string
  remove(): void
}

/**
 * The command line as a program: bundled, so that it starts as fast as when it is installed, and a transcript of a hundred
 * commands takes seconds. In the package, because what it does not bundle is looked up from there.
 */
export async function bundleProgram(): Promise<Program> {
  mkdirSync(join(server, 'node_modules'), { recursive: true })
  const folder = mkdtempSync(join(server, 'node_modules', '.pawl-cli-'))
  const dist = join(folder, 'dist')
  await build({
    entryPoints: [join(server, 'src/cli/main.ts')],
    outdir: join(dist, 'cli'),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['@pawl/source'],
    external: ['@node-rs/argon2', 'pkcs11js', 'pg', 'pino', 'prom-client', 'nodemailer'],
    // Some that are bundled are CommonJS, and look for modules of Node.
    banner: {
      js: "import { createRequire as requirer } from 'node:module'; const require = requirer(import.meta.url)",
    },
    logLevel: 'error',
  })
  // Where the sources look for them.
  copyFileSync(join(server, 'commands.json'), join(folder, 'commands.json'))
  copyFileSync(join(server, 'package.json'), join(dist, 'package.json'))
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  const main = join(dist, 'cli/main.js')
  writeFileSync(join(bin, 'pawl'), `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`)
  chmodSync(join(bin, 'pawl'), 0o755)
  return { bin, main, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'

const packages = resolve(import.meta.dirname, '../../packages')
const [server, adapters] = [join(packages, 'server'), join(packages, 'adapters')]

/**
 * Once for a whole run: makes a program of the command line, bundled, so that it starts as fast as when it is installed.
 * Tests start it some hundreds of times, and to translate its sources each time would take them most of their time.
 * Beside it are the packages that plug-ins and programs of tests import.
 */
export default async function setup(): Promise<() => void> {
  // In the package of the adapters, because the native drivers that it does not bundle are looked up from there.
  mkdirSync(join(adapters, 'node_modules'), { recursive: true })
  const folder = mkdtempSync(join(adapters, 'node_modules', '.pawl-'))
  await build({
    entryPoints: {
      'dist/cli/main': join(server, 'src/cli/main.ts'),
      // The process that holds the driver of a token.
      'dist/cli/child': join(adapters, 'src/hsm/pkcs11/child.ts'),
      ...installed(folder, 'core'),
      ...installed(folder, 'adapters'),
    },
    outdir: folder,
    chunkNames: 'dist/cli/[name]-[hash]',
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

/** Writes the manifest of a package where programs look for it. Answers the file of each of its exports. */
function installed(folder: string, name: string): Record<string, string> {
  const { exports }: Manifest = JSON.parse(readFileSync(join(packages, name, 'package.json'), 'utf8'))
  const place = join('node_modules/@pawl', name)
  const names = Object.keys(exports)
  const fileOf = (one: string) => (one === '.' ? './index' : one)
  const manifest = { type: 'module', exports: Object.fromEntries(names.map((one) => [one, `${fileOf(one)}.js`])) }
  mkdirSync(join(folder, place), { recursive: true })
  writeFileSync(join(folder, place, 'package.json'), JSON.stringify(manifest))
  return Object.fromEntries(
    names.map((one) => [join(place, fileOf(one)), join(packages, name, exports[one]?.['@pawl/source'] ?? '')]),
  )
}

interface Manifest {
  readonly exports: Readonly<Record<string, { readonly '@pawl/source': string }>>
}

import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/**
 * Calls a function of a source file where no packages are installed, except those given with their versions, which do not
 * load. Answers the message of its error.
 *
 * @example
 * await errorAlone(new URL('./sqlite-driver.ts', import.meta.url), 'sqliteDriver', { 'better-sqlite3': '12.0.0' })
 */
export async function errorAlone(source: URL, name: string, packages: Readonly<Record<string, string>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-alone-'))
  try {
    for (const [name, version] of Object.entries(packages)) {
      mkdirSync(join(folder, 'node_modules', name), { recursive: true })
      writeFileSync(join(folder, 'node_modules', name, 'package.json'), JSON.stringify({ name, version }))
      writeFileSync(join(folder, 'node_modules', name, 'index.js'), 'throw new Error()')
    }
    await build({
      entryPoints: [fileURLToPath(source)],
      outfile: join(folder, 'source.mjs'),
      bundle: true,
      platform: 'node',
      format: 'esm',
      conditions: ['@pawl/source'],
      external: ['pkcs11js'],
      logLevel: 'error',
    })
    const program = `await (await import('./source.mjs')).${name}()`
    writeFileSync(join(folder, 'main.mjs'), `try { ${program} } catch (error) { console.log(error.message) }`)
    return spawnSync(process.execPath, ['main.mjs'], { cwd: folder, encoding: 'utf8' }).stdout.trim()
  } finally {
    rmSync(folder, { recursive: true })
  }
}

import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')

/**
 * Writes a generated file of the checkout. With --check nothing is written, and a committed file that differs is an error.
 * `source` is what the file follows from.
 */
export function generated(path: string, text: string, source: string): void {
  const file = resolve(root, path)
  if (!process.argv.includes('--check')) writeFileSync(file, text)
  else if (readFileSync(file, 'utf8') !== text) {
    console.error(`${path} is not what ${source} says. Run: pnpm generate`)
    process.exitCode = 1
  }
}

/** The text as the formatter leaves it in this file. */
export function formatted(path: string, text: string): string {
  const biome = resolve(root, 'node_modules/.bin', 'biome')
  return execFileSync(biome, ['format', `--stdin-file-path=${resolve(root, path)}`], { input: text, encoding: 'utf8' })
}

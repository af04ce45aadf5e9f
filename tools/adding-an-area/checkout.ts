import { cpSync, symlinkSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')
const leftOut = ['.git', 'dist', '.pnpm', '.vite', '.pawl', '.pawl-dev']

/** A copy of this checkout to change. It shares the installed packages, and has packages of its own in the place of ours. */
export function copyCheckout(to: string): void {
  const filter = (path: string) => path === root || !leftOut.includes(basename(path))
  cpSync(root, to, { recursive: true, verbatimSymlinks: true, filter })
  symlinkSync(join(root, 'node_modules/.pnpm'), join(to, 'node_modules/.pnpm'))
}

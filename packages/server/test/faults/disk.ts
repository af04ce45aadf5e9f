import { spawnSync } from 'node:child_process'
import { chmodSync, closeSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hasPart } from '../../../../tools/real-parts/index.ts'

/** A real disk, as small as one likes, that can be full, read-only, and have room again. */
export interface SmallDisk extends Disposable {
  readonly path: string
  fill(): void
  makeRoom(): void
  setReadOnly(isReadOnly: boolean): void
}

export const hasDisks = hasPart('a disk of its own', 'Run as root, with the right to mount a tmpfs.', mayMount())

export function smallDisk(size = '4m'): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), 'pawl-disk-'))
  run('mount', '-t', 'tmpfs', '-o', `size=${size},mode=700`, 'pawl-test', path)
  const filler = join(path, 'filler')
  return {
    path,
    fill: () => fillUp(filler),
    makeRoom: () => rmSync(filler),
    setReadOnly: (isReadOnly) => run('mount', '-o', `remount,${isReadOnly ? 'ro' : 'rw'}`, path),
    [Symbol.dispose]: () => {
      run('umount', '--lazy', path)
      rmdirSync(path)
    },
  }
}

/** To the last byte. */
function fillUp(file: string): void {
  const handle = openSync(file, 'w', 0o600)
  try {
    for (let bytes = 1024 * 1024; bytes >= 1; bytes = bytes >> 1) while (isWritten(handle, bytes));
  } finally {
    closeSync(handle)
  }
}

function isWritten(handle: number, bytes: number): boolean {
  try {
    return writeSync(handle, Buffer.alloc(bytes)) === bytes
  } catch {
    return false
  }
}

function mayMount(): boolean {
  const path = mkdtempSync(join(tmpdir(), 'pawl-disk-'))
  try {
    chmodSync(path, 0o700)
    const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'pawl-test', path]).status === 0
    return isMounted && spawnSync('umount', [path]).status === 0
  } finally {
    rmdirSync(path)
  }
}

function run(program: string, ...args: readonly string[]): void {
  const { status, stderr } = spawnSync(program, args)
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`)
}

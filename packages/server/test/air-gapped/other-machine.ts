import { execFile } from 'node:child_process'
import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { programAt } from '../../../../tools/real-parts/index.ts'

/** All that the other machine has: no compiler, no npm, no Node.js. */
const programs = 'cat chmod cp dirname find gzip mkdir mktemp mv readlink rm sed sh sha256sum sort tar uname uniq'

/** A folder of those programs and no others, to be the whole PATH. */
export async function plainPath(folder: string): Promise<string> {
  const path = join(folder, 'path')
  await mkdir(path)
  for (const name of programs.split(' ')) await symlink(programAt(name) ?? '', join(path, name))
  return path
}

export interface Outcome {
  readonly status: number
  readonly out: string
  readonly errors: string
}

export interface Where {
  readonly cwd: string
  readonly path: string
}

/** Runs a script as the other machine would: with nothing in the environment but the PATH, and, where we may, as nobody. */
export function runScript(script: string, { cwd, path }: Where): Promise<Outcome> {
  const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
  return new Promise((done) => {
    execFile('/bin/sh', ['-ec', script], { cwd, env: { PATH: path }, ...nobody }, (error, out, errors) => {
      done({ status: Number(error?.code ?? 0), out: out.trim(), errors: errors.trim() })
    })
  })
}

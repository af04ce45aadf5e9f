import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasPart, programAt } from '../../../../tools/real-parts/index.ts'
import { pawlMain } from '../../../../tools/real-parts/pawl.ts'

// Each shell reads its own script and completes the same lines. What a person has typed is the last word of a line.

const folder = mkdtempSync(join(tmpdir(), 'pawl-completion-'))
const env = { PATH: process.env.PATH ?? '', HOME: folder, PAWL_CONFIG_DIR: folder, PAWL_URL: 'http://127.0.0.1:9' }

/** What completes a line, as a program for the shell that finds its script in `$script`, and the words of the line in `$line`. */
const programs: Readonly<Record<string, (words: readonly string[]) => string>> = {
  bash: (words) =>
    `source "$script"; COMP_WORDS=(${quoted(words)}); COMP_CWORD=${words.length - 1}; _pawl; printf '%s\\n' "\${COMPREPLY[@]}"`,
  zsh: (words) =>
    // Only the completion system of zsh may call compadd, so this one stands in for it.
    `compdef() { : }; compadd() { shift; printf '%s\\n' $@ }; _files() { : }; source "$script"
    words=(${quoted(words)}); CURRENT=${words.length}; _pawl`,
  fish: (words) => `source $script; complete -C '${words.join(' ')}'`,
}

function quoted(words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join(' ')
}

function completed(shell: string, line: string): string[] {
  const words = line.split(' ')
  const program = programs[shell]?.(words) ?? ''
  const args = shell === 'fish' ? ['--no-config'] : shell === 'zsh' ? ['-f'] : ['--norc']
  const printed = execFileSync(shell, [...args, '-c', program], {
    env: { ...env, script: join(folder, shell) },
    cwd: folder,
    encoding: 'utf8',
  })
  const found = printed.split('\n').map((answer) => answer.split('\t')[0] ?? '')
  return [...new Set(found)].filter((word) => word !== '' && word.startsWith(words.at(-1) ?? '')).sort()
}

beforeAll(() => {
  writeFileSync(join(folder, 'backup-of-may'), '')
  for (const shell of Object.keys(programs)) {
    const script = execFileSync(process.execPath, [pawlMain, 'completion', shell], { env, encoding: 'utf8' })
    writeFileSync(join(folder, shell), script)
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

describe.each(Object.keys(programs))('in %s', (shell) => {
  const isHere = hasPart(shell, `apt-get install ${shell}`, programAt(shell) !== null)

  test.skipIf(!isHere).each([
    ['pawl who', ['whoami']],
    ['pawl secret de', ['delete', 'describe']],
    ['pawl secret set x --ty', ['--type']],
    ['pawl keys move --t', ['--to']],
    ['pawl keys --t', []],
    ['pawl share create secret/list --li', ['--link']],
  ])('the line `%s` is completed with %j', (line, words) => {
    expect(completed(shell, line)).toEqual(words)
  })

  test.skipIf(!isHere)('a verb stands only after its noun', () => {
    expect(completed(shell, 'pawl secret ')).toContain('describe')
    expect(completed(shell, 'pawl secret set ')).not.toContain('describe')
    expect(completed(shell, 'pawl ')).not.toContain('describe')
  })

  // In zsh its completion system completes files, which needs a terminal.
  if (shell !== 'zsh') {
    test.skipIf(!isHere)('a file is completed where an argument may be one', () => {
      expect(completed(shell, 'pawl import backup-of')).toEqual(['backup-of-may'])
    })
  }
})

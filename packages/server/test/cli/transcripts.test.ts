import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { tagged } from '@pawl/testkit/canary'
import { expect, test } from 'vitest'
import { isLong } from '../../../../tools/test-run/index.ts'
import { clientCommands } from '../../src/cli/table.ts'
import { startSession } from './session.ts'

// Pages of what somebody types and sees, each run in a shell of its own against a server of its own. What is different each
// time (ids, keys, times, the port) is written as something of the same length. `vitest -u` writes down what is seen now.

const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.md'))
const secret = tagged('hunter2')

test.each(files.filter((file) => isLong(`the page ${file} of commands`)))('%s', { timeout: 120_000 }, async (file) => {
  const page = readFileSync(join(import.meta.dirname, file), 'utf8')
  const session = await startSession()
  try {
    const script = commandsIn(page).map((line) => `${line}\nprintf '\\n${end}%s${end}\\n' $?\n`)
    const { printed } = await session.shell(script.join(''), { SECRET: secret })
    const answers = [...printed.matchAll(mark)].map(([, out = '', status]) => ({
      out,
      status,
    }))
    let at = 0
    const seen = page.replace(block, (_, lines: string) => {
      const shown = commandsIn(`\`\`\`console\n${lines}\`\`\`\n`).map((line) => {
        const { out = 'NOTHING', status } = answers[at++] ?? {}
        return [`$ ${line}`, ...asWritten(out), ...(status === '0' ? [] : [`[${status}]`])].join('\n')
      })
      return `\`\`\`console\n${shown.join('\n')}\n\`\`\`\n`
    })
    expect(seen).not.toContain(session.password)
    await expect(seen).toMatchFileSnapshot(join(import.meta.dirname, file))
  } finally {
    await session.stop()
  }
})

test('every command that follows from no operation, and talks to a server, is on one of these pages', () => {
  const typed = files.flatMap((file) => commandsIn(readFileSync(join(import.meta.dirname, file), 'utf8'))).join('\n')
  const isTyped = (words: string) => new RegExp(`pawl ${words}( |$|\\))`, 'm').test(typed)
  // `pawl mcp` speaks to programs, and has tests of its own.
  const missing = Object.keys(clientCommands).filter((words) => words !== 'mcp' && !isTyped(words))
  expect(missing).toEqual([])
})

/** Stands around the status after each answer: a byte that no program prints. */
const end = '\u001d'
const mark = new RegExp(`([\\s\\S]*?)\\n${end}(\\d+)${end}\\n`, 'g')

const block = /```console\n([\s\S]*?)```\n/g

function commandsIn(page: string): string[] {
  const blocks = [...page.matchAll(block)].map(([, lines = '']) => lines)
  return blocks.flatMap((lines) => lines.split('\n').flatMap((line) => (line.startsWith('$ ') ? [line.slice(2)] : [])))
}

/** What is seen, without what is different each time. */
function asWritten(out: string): string[] {
  const text = out
    .replaceAll(secret, '<the secret>')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '00000000-0000-0000-0000-000000000000')
    .replace(/\b(1ck|ocv)_[\w-]{43}/g, `$1_${'x'.repeat(43)}`)
    .replace(/\b1ck_[\w-]{8}\b/g, '1ck_xxxxxxxx')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '2026-01-01T00:00:00.000Z')
    .replace(/[A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{87}=/g, (key) => `${'x'.repeat(key.length - 1)}=`)
    .replace(/(127\.0\.0\.1|localhost):\d{4,}/g, '$1:8210')
    .replace(/\/\S*pawl-shell-\w+/g, '/home/me')
    .replace(/pawl on \S+/g, 'pawl on laptop')
  return text.replace(/\n$/, '') === '' ? [] : text.replace(/\n$/, '').split('\n')
}

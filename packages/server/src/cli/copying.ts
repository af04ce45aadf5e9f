import type { Checked } from '@pawl/core/backup'
import { exits } from './exits.ts'
import { counted, progress, sizeOf } from './progress.ts'
import type { Terminal } from './terminal.ts'

// The output of restoring and moving a vault.

type Shown = Readonly<Record<'copy' | 'check', (records: number) => void>>

/** Shows the progress of a copy while it runs. */
export async function whileShown<T>(terminal: Terminal, work: (shown: Shown) => Promise<T>): Promise<T> {
  const { show, end } = progress(terminal)
  try {
    return await work({
      copy: (records) => show(`${counted(records, 'record')} copied`),
      check: (records) => show(`${counted(records, 'record')} checked`),
    })
  } finally {
    end()
  }
}

export function contentsOf({ records, bytes, lanes, values }: Checked): string {
  const what = [
    counted(records, 'record'),
    sizeOf(bytes),
    counted(lanes, 'audit lane'),
    `${counted(values, 'value')} tried`,
  ]
  return what.join(', ')
}

/** Reports records that were damaged before the copy, and missing key stores. Answers the exit status. */
export function reported({ findings }: Checked, terminal: Terminal): number {
  if (findings.length === 0) return exits.ok
  terminal.error('The copy is complete, but not all data in it opens:')
  for (const finding of findings) terminal.error(`  ${finding}`)
  return exits.failed
}

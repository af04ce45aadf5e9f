import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { PawlHttpClient } from '@pawl/core/client'
import { segmentHead } from '@pawl/core/maintenance'
import { verifyExported, writeNewFile } from '../../host/index.ts'
import { type Given, last } from '../arguments.ts'
import { command } from '../command.ts'
import { exits } from '../exits.ts'
import { counted, progress } from '../progress.ts'
import { clientAt, connectionOf } from '../remote/connection.ts'
import { urlFlag } from '../remote/flags.ts'
import { asTheyAre, sayingWhatToDo } from '../remote/refusals.ts'
import { type Terminal, UsageError } from '../terminal.ts'

const value = 'value' as const

/** `pawl audit export` */
export const auditExport = command({
  flags: [
    {
      flag: 'segment',
      takes: value,
      value: 'lane/number',
      about: 'Write this segment, such as main/3, to a new file.',
    },
    { flag: 'all', takes: 'nothing', about: 'Write every segment that was not exported yet, each to a new file.' },
    { flag: 'to', takes: value, value: 'folder', about: 'Folder of the new files. Default: the current folder.' },
    { flag: 'follow', takes: 'nothing', about: 'Continue with new events until the command is stopped.' },
    {
      flag: 'cursor',
      takes: value,
      value: 'file',
      about: 'File that stores how far the events were written. The next run continues there.',
    },
    { flag: 'since', takes: value, value: 'time', about: 'Without a cursor, only events at or after this time.' },
    urlFlag,
  ],
  help: () => [
    'Without --segment and --all, prints events as JSON lines, lane by lane, oldest first. An event can come twice after a crash.',
    'With --segment or --all, writes, reads back and verifies each file. Then it confirms the copy to the server, which may',
    'drop the segment when PAWL_AUDIT_KEEP says so. Keep the public key that it prints apart from the files.',
    'Example: pawl audit export --follow --cursor audit.cursor >> audit.jsonl',
  ],
  run: async ({ flags }, terminal) => {
    const place = connectionOf(terminal.env, last(flags, 'api-url'))
    const client = clientAt(place)
    const segment = last(flags, 'segment')
    if (segment !== undefined && flags.has('all')) throw new UsageError('choose one of --segment and --all')
    await sayingWhatToDo(place, asTheyAre, async () => {
      if (segment !== undefined) await exportSegments(client, [segmentIn(segment)], flags, terminal)
      else if (flags.has('all')) await exportSegments(client, await unexported(client), flags, terminal)
      else await exportEvents(client, flags, terminal)
    })
    return exits.ok
  },
})

interface Named {
  readonly lane: string
  readonly number: number
}

function segmentIn(text: string): Named {
  const [, lane, number] = /^([0-9a-z]{1,64})\/([0-9]{1,9})$/.exec(text) ?? []
  if (lane === undefined) throw new UsageError('--segment must be a lane and a number, such as main/3')
  return { lane, number: Number(number) }
}

async function unexported(client: PawlHttpClient): Promise<Named[]> {
  const found: Named[] = []
  for (let after: Named | undefined; ; ) {
    const page = after === undefined ? {} : { after_lane: after.lane, after_number: after.number }
    const { segments } = await client.audit.segments(page)
    found.push(...segments.filter(({ exported_at }) => exported_at === null))
    after = segments.at(-1)
    if (after === undefined) return found
  }
}

async function exportSegments(
  client: PawlHttpClient,
  segments: readonly Named[],
  flags: Given['flags'],
  terminal: Terminal,
): Promise<void> {
  for (const { lane, number } of segments) {
    const seen = { publicKey: '' }
    const path = join(last(flags, 'to') ?? '.', `audit-${lane}-${number}.jsonl`)
    await writeNewFile(path, linesOf(client, { lane, number }, seen, terminal))
    const report = await verifyExported(path, [seen.publicKey])
    if (report.problem) throw new Error(`${path} does not verify: ${report.problem} The segment stays in the vault.`)
    await client.audit.confirmSegment({ lane, number, digest: report.digest, proof: report.proof })
    terminal.out(`${path}  ${counted(report.events, 'event')}, signed by ${seen.publicKey}`)
  }
  if (segments.length === 0) terminal.error('Every closed segment was exported before.')
}

async function* linesOf(
  client: PawlHttpClient,
  { lane, number }: Named,
  seen: { publicKey: string },
  terminal: Terminal,
): AsyncGenerator<Uint8Array> {
  const { show, end } = progress(terminal)
  try {
    for (let after: number | null = 0; after !== null; ) {
      const part = await client.audit.exportSegment({ lane, number, after })
      if (after === 0) yield lineOf(segmentHead(part))
      seen.publicKey = part.public_key
      for (const block of part.blocks) yield lineOf(block)
      after = part.next
      show(
        `${lane}/${number}: ${counted((after ?? part.segment.first + part.segment.events) - part.segment.first, 'event')}`,
      )
    }
  } finally {
    end()
  }
}

const lineOf = (value: unknown) => Buffer.from(`${JSON.stringify(value)}\n`)

const pauseMsMin = 1_000
/** Each read of the trail is an event too. So polling slows down while there are no other events. */
const pauseMsMax = 60_000

async function exportEvents(client: PawlHttpClient, flags: Given['flags'], terminal: Terminal): Promise<void> {
  const file = last(flags, 'cursor')
  const stop = new AbortController()
  void terminal.stopped().then(() => stop.abort())
  const since = last(flags, 'since')
  let cursor = file !== undefined && existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined
  for (let pauseMs = pauseMsMin; !stop.signal.aborted; ) {
    const input = cursor === undefined ? { since } : { cursor }
    const { events, cursor: next } = await client.audit.follow(input)
    for (const event of events) terminal.out(JSON.stringify(event))
    cursor = next
    if (file !== undefined) replaceFile(file, cursor)
    const isQuiet = events.every(({ action }) => action === 'audit.follow')
    if (!flags.has('follow') && isQuiet) return
    pauseMs = isQuiet ? Math.min(2 * pauseMs, pauseMsMax) : pauseMsMin
    if (isQuiet) await pause(pauseMs, undefined, { signal: stop.signal }).catch(() => {})
  }
}

/** Replaces the file atomically: it holds the old cursor or the new one, also after a crash of this process. */
function replaceFile(file: string, text: string): void {
  writeFileSync(`${file}.part`, `${text}\n`, { mode: 0o600 })
  renameSync(`${file}.part`, file)
}

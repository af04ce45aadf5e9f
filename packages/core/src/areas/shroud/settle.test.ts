import { describe, expect, it } from 'vitest'
import type { Engine } from '../../operations/index.ts'
import type { Unit } from '../../records/index.ts'
import { type Activity, activityKind } from './activity.ts'
import type { Admitted } from './admit.ts'
import type { Inspected } from './inspected.ts'
import { settleCall } from './settle.ts'

// Goal: calls that end together share a commit, and a call that cannot be stored does not affect the others. Method: a store that
// waits until the test opens it, and that refuses one call.

const verdict = { action: 'allow', findings: [], secretsRedacted: 0, piiDetected: false, injectionScore: 0, texts: [] }
const inspected = {
  request: { org: 'org', agentId: 'agent', provider: 'openai', routerKey: null, startedAt: 0 },
  ...{ facts: { model: 'small' }, settings: { logsThreats: true }, policy: { flaggedDays: 0 } },
  ...{ verdict, price: null, bytes: new Uint8Array(4), roles: [] },
} as unknown as Inspected
const seen = {
  ...{ findings: [], injectionScore: 0, contextInjectionScore: 0, responseInjectionScore: 0 },
  ...{ secretsRedacted: 0, isChanged: false },
}

function world(refused = '') {
  const commits: string[][] = []
  const logged: unknown[] = []
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  const transactIn = async (_org: string, work: (unit: Unit) => void) => {
    await opened
    const stored: string[] = []
    const put = (kind: unknown, { id }: Activity) => {
      if (id === refused) throw new Error('it cannot be stored')
      if (kind === activityKind) stored.push(id)
    }
    work({ put, get: () => null } as unknown as Unit)
    commits.push(stored)
  }
  const log = (_level: string, _text: string, fields: unknown) => logged.push(fields)
  const handle = { states: [], engine: null as unknown }
  const engine = { handle, log, records: { transactIn, now: () => 0 } } as unknown as Engine
  handle.engine = engine
  const end = (id: string) =>
    settleCall(engine, inspected, { id, spenders: [], reservedMicros: 0 } as unknown as Admitted, {
      ...{ usage: null, seen, isBlocked: false, isFree: false },
    })
  return { commits, logged, open, end }
}

const names = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => `call-${from + at}`)

describe('calls that have ended', () => {
  it('are stored together when they end while another is being stored', async () => {
    const { commits, open, end } = world()
    const all = names(0, 20).map(end)
    await Promise.resolve()
    open()
    await Promise.all(all)
    expect(commits).toEqual([['call-0'], names(1, 17), names(17, 20)])
    await end('later')
    expect(commits.at(-1)).toEqual(['later'])
  })

  it('are stored without the one that fails, and the log names the one that fails', async () => {
    const { commits, logged, open, end } = world('call-2')
    const all = names(0, 4).map(end)
    open()
    await Promise.all(all)
    expect(commits.flat()).toEqual(['call-0', 'call-1', 'call-3'])
    expect(logged).toEqual([expect.objectContaining({ activity: 'call-2' })])
  })
})

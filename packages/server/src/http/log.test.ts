import { Secret } from '@pawl/core'
import pino from 'pino'
import { expect, onTestFinished, test, vi } from 'vitest'
import { accessLog, engineLog } from './log.ts'

function logger(level: string) {
  const lines: Record<string, unknown>[] = []
  return {
    lines,
    pino: pino({ level, base: null, timestamp: false }, { write: (line) => lines.push(JSON.parse(line)) }),
  }
}

const access = { method: 'GET', route: '/v1/share/{share_id}', status: 200, ms: 1, requestId: 'r1', ip: '192.0.2.1' }

test('a request is one line of the fields that are known to be harmless (F4)', () => {
  const { lines, pino } = logger('info')
  const more = { ...access, url: '/v1/share/7?x=hunter2', headers: { authorization: 'hunter2' } }
  accessLog(pino)(more)
  expect(lines).toEqual([{ level: 30, ...access, msg: 'request' }])
})

test('above its level nothing is written', () => {
  const { lines, pino } = logger('warn')
  accessLog(pino)(access)
  expect(lines).toEqual([])
})

test('F2, F3: of what the engine says, plain values and the words of errors are logged, and nothing else', () => {
  const { lines, pino } = logger('info')
  const error = new Error('storage failed', { cause: new TypeError('closed') })
  const value = { operation: 'vaults.get', attempts: 2, input: { value: 'hunter2' }, bytes: Buffer.from('hunter2') }
  engineLog(pino)('error', 'operation failed', { ...value, secret: Secret.of('hunter2'), error })
  expect(lines).toEqual([
    {
      level: 50,
      msg: 'operation failed',
      operation: 'vaults.get',
      attempts: 2,
      error: {
        name: 'Error',
        message: 'storage failed',
        stack: expect.any(String),
        cause: { name: 'TypeError', message: 'closed', stack: expect.any(String) },
      },
    },
  ])
})

test('the same error is told once a minute, with how often it came in between; another one is told at once', () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const { lines, pino } = logger('info')
  const log = engineLog(pino)
  const tell = (text: string) => log('error', 'storage failed', { error: new Error(text) })
  for (let count = 0; count < 50; count++) tell('The disk is full.')
  tell('The disk is gone.')
  vi.advanceTimersByTime(60_000)
  tell('The disk is full.')
  expect(lines.map(({ error, omitted }) => [(error as Error).message, omitted])).toEqual([
    ['The disk is full.', undefined],
    ['The disk is gone.', undefined],
    ['The disk is full.', 49],
  ])
})

import { AsyncLocalStorage } from 'node:async_hooks'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Context, context, ROOT_CONTEXT, type Span, type Tracer, trace } from '@opentelemetry/api'
import { HsmError } from '@pawl/core/ports'
import { tagged } from '@pawl/testkit/canary'
import { describe, expect, onTestFinished, test } from 'vitest'
import { readConfig } from './config.ts'
import { spans, spansIfInstalled } from './spans.ts'
import { start } from './start.ts'

interface Recorded {
  readonly name: string
  readonly parent: string | null
  readonly attributes: Record<string, unknown>
  hasFailed: boolean
  isEnded: boolean
}

describe('spans of OpenTelemetry (N5)', () => {
  test('are one per operation, with the calls to the key store in it, and say how each ended', async () => {
    const recorded = record()
    const { as, user } = await server()
    const { id: vault_id } = await as.vaults.create({ name: 'prod' })
    await as.secrets.put({ vault_id, path: 'db/main', value: tagged('hunter2') })
    await expect(as.secrets.get({ vault_id, path: 'db/other' })).rejects.toThrow()

    const of = (name: string) => recorded.filter((one) => one.name === name)
    expect(of('vaults.create')).toMatchObject([{ parent: null, attributes: { 'pawl.outcome': 'ok' } }])
    expect(of('secrets.get')).toMatchObject([{ attributes: { 'pawl.outcome': 'secret_not_found' }, hasFailed: false }])
    expect(of('hsm createKey').map(({ parent }) => parent)).toContain('vaults.create')
    expect(recorded.every(({ isEnded }) => isEnded)).toBe(true)
    const said = JSON.stringify(recorded)
    for (const private_ of ['hunter2', 'db/main', 'prod', vault_id, user]) expect(said).not.toContain(private_)
    for (const { attributes } of recorded) expect(Object.keys(attributes)).toEqual(['pawl.outcome'])
  })

  test('have failed when the server has, and not when the caller has', async () => {
    const recorded = record()
    const around = spans({ trace })
    await around('hsm', 'sign', () => Promise.reject(new HsmError('unavailable', 'at 10.1.2.3'))).catch(() => {})
    await around('job', 'mail.send', () => Promise.reject(new Error('to ann@example.com'))).catch(() => {})
    expect(recorded).toMatchObject([
      { name: 'hsm sign', attributes: { 'pawl.outcome': 'unavailable' }, hasFailed: true },
      { name: 'job mail.send', attributes: { 'pawl.outcome': 'error' }, hasFailed: true },
    ])
    expect(JSON.stringify(recorded)).not.toMatch(/10\.1|ann@/)
  })

  test('are not made where the package is not installed', async () => {
    const missing = '@opentelemetry/nowhere'
    expect(await spansIfInstalled(() => import(/* @vite-ignore */ missing))).toBeNull()
    await expect(spansIfInstalled(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  })
})

/** What an SDK does, for as long as a test runs. */
function record(): Recorded[] {
  const recorded: Recorded[] = []
  const storage = new AsyncLocalStorage<Context>()
  const active = () => storage.getStore() ?? ROOT_CONTEXT
  context.setGlobalContextManager({
    active,
    with: (given, work, self, ...args) => storage.run(given, () => work.apply(self, args)),
    bind: (_, target) => target,
    enable: () => context as never,
    disable: () => context as never,
  })
  const startActiveSpan = (name: string, work: (span: Span) => unknown) => {
    const parent = (trace.getSpan(active()) as (Span & { recorded: Recorded }) | undefined)?.recorded.name ?? null
    const one: Recorded = { name, parent, attributes: {}, hasFailed: false, isEnded: false }
    recorded.push(one)
    const span = {
      recorded: one,
      setAttribute: (key: string, value: unknown) => Object.assign(one.attributes, { [key]: value }),
      setStatus: ({ code }: { code: number }) => Object.assign(one, { hasFailed: code === 2 }),
      end: () => Object.assign(one, { isEnded: true }),
    } as unknown as Span
    return context.with(trace.setSpan(active(), span), () => work(span))
  }
  trace.setGlobalTracerProvider({ getTracer: () => ({ startActiveSpan }) as unknown as Tracer })
  onTestFinished(() => {
    trace.disable()
    context.disable()
  })
  return recorded
}

async function server() {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-spans-'))
  const env = { PAWL_PORT: '0', PAWL_STORAGE: 'memory:', PAWL_DATA_DIR: folder }
  const started = await start(readConfig(env))
  onTestFinished(async () => {
    await started.stop()
    rmSync(folder, { recursive: true })
  })
  const { user } = await started.pawl.firstOwner({ email: started.owner.email })
  return { as: started.pawl.as({ user }), user }
}

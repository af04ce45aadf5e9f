import type { Json } from '../kernel/json.ts'
import { minute, second } from '../kernel/time.ts'
import { kind } from '../records/index.ts'
import type { Engine, Jobs, JobType } from './engine.ts'

// An operation must not send mail, make outgoing calls or process many records. It stages a job for that, in its unit. So the
// job exists exactly when the operation happened. The engine runs a job at least once. After a crash, it can run the job again,
// and each kind of job must tolerate that.

export interface Job {
  readonly id: string
  readonly type: string
  readonly payload: Json
  /** The time from which an engine can run the job. While an engine runs it, the time from which another engine can take over. */
  readonly dueAt: number
  readonly attempts: number
}

export const jobKind = kind<Job>('job', { scope: 'global', indexes: { due: { key: ({ dueAt }) => [dueAt] } } })

const leaseMs = minute
const backoffMsMax = 15 * minute
const jobsAtOnceMax = 32

export function jobs(engine: () => Engine, types: readonly JobType<never>[]): Jobs {
  const byName = new Map(types.map((type) => [type.name, type as JobType<Json>]))

  /** Takes a job for this engine. Null: another engine has the job, or it is done. */
  const claim = (id: string) =>
    engine().records.transact((unit) => {
      const now = engine().records.now()
      const job = unit.get(jobKind, id)
      if (!job || job.dueAt > now) return null
      const claimed = { ...job, dueAt: now + leaseMs, attempts: job.attempts + 1 }
      unit.put(jobKind, claimed)
      return claimed
    })

  const finish = (id: string) =>
    engine().records.transact((unit) => {
      const job = unit.get(jobKind, id)
      if (job) unit.delete(jobKind, job)
    })

  const postpone = ({ id, attempts }: Job) =>
    engine().records.transact((unit) => {
      const job = unit.get(jobKind, id)
      const waitMs = Math.min(second * 2 ** Math.min(attempts, 20), backoffMsMax)
      if (job) unit.put(jobKind, { ...job, dueAt: engine().records.now() + waitMs })
    })

  const run = async (id: string) => {
    const job = await claim(id)
    if (!job) return
    try {
      const type = byName.get(job.type)
      if (!type) throw new Error(`no job type ${job.type}`)
      await engine().around('job', type.name, () => type.run(engine(), job.payload))
    } catch (error) {
      engine().log('warn', 'job failed and will be retried', { job: job.type, attempts: job.attempts, error })
      await postpone(job)
      throw error
    }
    await finish(id)
  }

  return {
    stage: (unit, type, payload) => {
      if (!byName.has(type.name)) throw new TypeError(`No area declares the job ${type.name}.`)
      const id = engine().newId()
      unit.put(jobKind, { id, type: type.name, payload, dueAt: engine().records.now(), attempts: 0 })
      return id
    },
    run,
    runDue: async () => {
      const due = { to: [engine().records.now() + 1], limit: jobsAtOnceMax }
      const found = await engine().records.reading().page(jobKind, 'due', due)
      const done = await Promise.allSettled(found.map(({ id }) => run(id)))
      return done.filter(({ status }) => status === 'fulfilled').length
    },
  }
}

import type { PawlError } from '../kernel/errors.ts'
import type { Unit } from '../records/index.ts'
import type { Change, Context, Engine, JobType, Made, Subject, UnitContext } from './engine.ts'

/**
 * Lets every area update its records when a subject changes. Part of the work runs in the unit of the change, and the rest in
 * one job. Returns the id of that job, or null if no area needs a job.
 *
 * @example
 * unit.delete(agentKind, agent)
 * const job = await cascade(context, 'removed', 'agent', agent.id)
 * if (job) context.waitForJob(job)
 */
export function cascade(
  { areas, jobs, unit, now }: Pick<UnitContext, 'areas' | 'jobs' | 'unit' | 'now'>,
  change: Change,
  subject: Subject,
  id: string,
): string | null {
  cascadeInUnit({ areas, unit, now }, change, subject, id)
  if (!areas.cascades(change, subject).some(({ asJob }) => asJob)) return null
  return jobs.stage(unit, cascadeJob, { org: orgOf(unit, subject, id), change, subject, id })
}

/** Only the work in the unit of the change, for a subject whose own job runs the rest. */
export function cascadeInUnit(
  { areas, unit, now }: Pick<UnitContext, 'areas' | 'unit' | 'now'>,
  change: Change,
  subject: Subject,
  id: string,
): void {
  const refused = refusalOf({ areas, unit, now }, change, subject, id)
  if (refused) throw refused
  for (const { inUnit } of areas.cascades(change, subject)) inUnit?.({ unit, now }, id)
}

/** The reason of the first area that refuses the change, or null. */
export function refusalOf(
  { areas, unit, now }: Pick<UnitContext, 'areas' | 'unit' | 'now'>,
  change: Change,
  subject: Subject,
  id: string,
): PawlError | null {
  for (const { refuses } of areas.cascades(change, subject)) {
    const refused = refuses?.({ unit, now }, id)
    if (refused) return refused
  }
  return null
}

/** Lets every area react to the creation of an object, in the same unit. */
export function created(context: Context, made: Made, id: string): void {
  for (const react of context.areas.onCreated(made)) react(context, id)
}

/** `cascade` in a handler, whose answer waits for the job. */
export function cascadeAndWait(context: Context, change: Change, subject: Subject, id: string): void {
  const job = cascade(context, change, subject, id)
  if (job !== null) context.waitForJob(job)
}

interface Cascading {
  readonly [field: string]: string
  readonly org: string
  readonly change: Change
  readonly subject: Subject
  readonly id: string
}

/** Does the rest of the work after a change. After an interruption, it starts again. Finished parts then find nothing to do. */
export const cascadeJob: JobType<Cascading> = { name: 'cascade', run: runCascade }

export async function runCascade(engine: Engine, { org, change, subject, id }: Cascading): Promise<void> {
  for (const { asJob } of engine.areas.cascades(change, subject)) await asJob?.(engine, { org, id })
}

function orgOf(unit: Unit, subject: Subject, id: string): string {
  return subject === 'org' ? id : (unit.org ?? '')
}

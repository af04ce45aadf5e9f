import { hour } from '../../kernel/time.ts'
import { type Engine, type JobType, type ScheduledTask, type UnitContext, unitContext } from '../../operations/index.ts'
import type { Unit } from '../../records/index.ts'
import { untilDoneInEachOrg } from '../orgs/index.ts'
import { serverSetting } from '../settings/index.ts'
import { giveSecretBack } from './agent-quota.ts'
import { dropFromFeed, feedKind } from './changes.ts'
import { type SecretEntry, secretKind, secretVersionKind, versionId } from './records.ts'

const versionsAtOnce = 40
const secretsAtOnce = 20

/** Versions of one secret that are never read again. */
interface Shut {
  readonly [field: string]: string | number
  readonly org: string
  readonly secretId: string
  readonly from: number
  readonly to: number
}

/** Removes the versions that a deletion has shut, some at a time. */
export const purgeVersionsJob: JobType<Shut> = {
  name: 'secrets.purgeVersions',
  run: async ({ records }, { org, secretId, from, to }) => {
    for (let number = from; number <= to; number += versionsAtOnce) {
      const last = Math.min(to, number + versionsAtOnce - 1)
      await records.transactIn(org, (unit) => dropVersions(unit, secretId, number, last))
    }
  },
}

/** Stages the removal of the versions from the first of this life to the newest. Returns the id of the job. */
export function purgeVersions({ unit, jobs }: Pick<UnitContext, 'unit' | 'jobs'>, secret: SecretEntry): string {
  const { id: secretId, firstVersion: from } = secret
  return jobs.stage(unit, purgeVersionsJob, { org: unit.org ?? '', secretId, from, to: secret.newest.number })
}

/** Stages the end of a deleted secret. From this commit on, the secret cannot be restored. Returns the id of the job. */
export function purgeDeleted(context: Pick<UnitContext, 'unit' | 'jobs'>, secret: SecretEntry): string {
  drop(context.unit, secret)
  return purgeVersions(context, secret)
}

/** Ends the secrets that have been deleted for as long as the settings keep them. */
export const purgeTask: ScheduledTask = {
  name: 'secrets.purge',
  everyMs: hour,
  run: (engine) => untilDoneInEachOrg(engine, (org) => purgeSome(engine, org)),
}

async function purgeSome(engine: Engine, org: string): Promise<boolean> {
  const jobs = await engine.records.transactIn(org, (unit) => {
    const before = engine.records.now() - serverSetting({ unit, settings: engine.settings }, 'keepDeletedMs')
    const due = unit.page(secretKind, 'deleted', { limit: secretsAtOnce }).filter(({ deletedAt }) => {
      return deletedAt !== null && deletedAt <= before
    })
    const context = unitContext(engine, unit)
    return due.map((secret) => purgeDeleted(context, secret))
  })
  for (const job of jobs) await engine.jobs.run(job)
  return jobs.length > 0
}

/**
 * Permanently removes the newest versions of a secret, as many as one batch allows. Removes the secret with its last
 * version. Returns the remaining secret.
 */
export function purgeNewest(unit: Unit, secret: SecretEntry): SecretEntry | null {
  const left = Math.max(0, secret.newest.number - versionsAtOnce)
  dropVersions(unit, secret.id, left + 1, secret.newest.number)
  const rest = left === 0 ? null : { ...secret, newest: { ...secret.newest, number: left } }
  if (rest) unit.put(secretKind, rest)
  else drop(unit, secret)
  return rest
}

function drop(unit: Unit, secret: SecretEntry): void {
  dropFromFeed(unit, secret)
  giveSecretBack(unit, secret)
}

function dropVersions(unit: Unit, secretId: string, from: number, to: number): void {
  for (let number = from; number <= to; number++) {
    const version = unit.get(secretVersionKind, versionId(secretId, number))
    if (version) unit.delete(secretVersionKind, version)
  }
}

/** Removes all secrets of a deleted vault, some versions at a time. */
export async function purgeVault({ records }: Engine, { org, id }: { org: string; id: string }): Promise<void> {
  const purgeOne = (unit: Unit) => {
    const [secret] = unit.page(secretKind, 'path', { tuple: [id], limit: 1 })
    if (secret) purgeNewest(unit, secret)
    return secret !== undefined
  }
  while (await records.transactIn(org, purgeOne));
  await records.transactIn(org, (unit) => {
    const feed = unit.get(feedKind, id)
    if (feed) unit.delete(feedKind, feed)
  })
}

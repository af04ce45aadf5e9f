import { day, hour, rfc3339 } from '../../kernel/time.ts'
import { auditEvent, type Engine, type ScheduledTask, unitContext } from '../../operations/index.ts'
import type { Unit } from '../../records/index.ts'
import { walk } from '../../records/index.ts'
import { stageMail } from '../mail/index.ts'
import { userKind } from '../orgs/index.ts'
import { endCredits, endingBefore } from './credits.ts'
import { usdText } from './money.ts'
import { accountKind } from './records.ts'

/** Days before credits end, on which the owners are reminded (§16.3). */
const remindersDays = [7, 30] as const

/** Ends credits whose time is over, and reminds of those that end soon: with an event for webhooks, and mail to owners. */
export const creditsTask: ScheduledTask = {
  name: 'billing.credits',
  everyMs: hour,
  run: async (engine) => {
    const { records } = engine
    const ids: string[] = []
    for await (const { id, credits } of walk(() => records.reading(), accountKind, 'all', {}))
      if (credits.length > 0) ids.push(id)
    for (const id of ids) await records.transactIn(id, (unit) => look(engine, unit, id))
  },
}

function look(engine: Engine, unit: Unit, org: string): void {
  const context = unitContext(engine, unit)
  const { now } = context
  const account = unit.get(accountKind, org)
  if (!account) return
  endCredits(context, account)
  const days = remindersDays.find((one) => endingBefore(account, now, now + one * day).micros > 0)
  if (days === undefined) return
  const { micros, earliest } = endingBefore(account, now, now + days * day)
  const reminder = `${earliest}.${days}`
  if (account.remindedOf === reminder || earliest === null) return
  const current = unit.get(accountKind, org) ?? account
  unit.put(accountKind, { ...current, remindedOf: reminder })
  const amount = usdText(micros)
  const resource = { type: 'billing', id: org }
  const details = { amount_usd: amount, ends_at: rfc3339(earliest) }
  unit.audit(
    auditEvent({ type: 'system', id: 'billing', ip: null }, { action: 'billing.credits_expiring', resource, details }),
  )
  if (!engine.settings.mail) return
  for (const { email } of unit.list(userKind, 'role', 'owner')) {
    stageMail(context, {
      to: email,
      subject: 'Credits end soon',
      parts: [
        `Credits of ${amount} US dollars of your organisation at ${engine.settings.publicUrl} end on ${rfc3339(earliest)}.`,
        'Credits that end first are used first. What is left at that time is lost.',
      ],
    })
  }
}

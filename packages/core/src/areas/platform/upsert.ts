import { auditEvent, type Context, created } from '../../operations/index.ts'
import { directoryKind, memberNotAgreed, needsAgreement, newUser } from '../orgs/index.ts'
import { connect, connectionOf } from './connect.ts'
import { linkRequired, subjectTaken } from './errors.ts'
import { type App, type Connection, connectionKind } from './records.ts'

export interface PersonWanted {
  /** What the app calls the user. */
  readonly subject: string | null
  readonly email: string | null
  readonly displayName: string
}

interface Upserted {
  readonly connection: Connection
  readonly email: string
  readonly isNew: boolean
}

/**
 * The connection of an app and a person: found by the subject, then by the e-mail address, or made with a new member of the
 * organisation of the app. A user of another organisation must have agreed before.
 */
export function upsertUser(context: Context, app: App, person: PersonWanted): Upserted {
  const { unit } = context
  const { subject, email } = person
  const bySubject = subject === null ? null : unit.find(connectionKind, 'subject', app.id, subject)
  if (bySubject) return existing(context, app, bySubject)
  const entry = email === null ? null : unit.find(directoryKind, 'email', email)
  if (!entry) return provisioned(context, app, person)
  const known = connectionOf(context, app.id, entry.id)
  if (known) return existing(context, app, known, subject)
  if (entry.org !== app.org) throw linkRequired(askToLink(context, app, entry.email ?? '', 'user_exists_in_other_org'))
  const connection = connect(context, app, { org: app.org, userId: entry.id, externalSubject: subject })
  return { connection, email: entry.email ?? '', isNew: false }
}

/** Who disconnected an app is not connected again without agreeing to it. */
function existing(context: Context, app: App, before: Connection, subject: string | null = null): Upserted {
  const { unit } = context
  const email = emailOf(context, before)
  if (before.status === 'disconnected') throw linkRequired(askToLink(context, app, email, 'user_disconnected'))
  if (subject === null || subject === before.externalSubject) return { connection: before, email, isNew: false }
  if (before.externalSubject !== null) throw subjectTaken()
  const connection = { ...before, externalSubject: subject }
  unit.put(connectionKind, connection)
  return { connection, email, isNew: false }
}

function provisioned(context: Context, app: App, { subject, email, displayName }: PersonWanted): Upserted {
  const { unit, newId } = context
  if (needsAgreement(context)) throw memberNotAgreed()
  // A user without an address gets one that no mailbox can have (RFC 2606).
  const address = email ?? `${newId()}${unreachable}`
  const user = newUser(context, {
    email: address,
    displayName,
    role: 'member',
    passwordHash: null,
    // The app only says that the address is theirs.
    emailVerified: false,
  })
  created(context, 'user', user.id)
  const details = { app_id: app.id, role: user.role }
  unit.audit(auditEvent(context, { action: 'user.register', resource: { type: 'user', id: user.id }, details }))
  const connection = connect(context, app, { org: app.org, userId: user.id, externalSubject: subject })
  return { connection, email: email ?? '', isNew: true }
}

const unreachable = '@users.invalid'

/** The address of the user of a connection. Empty: the app gave none. */
export function emailOf({ unit }: Pick<Context, 'unit'>, { userId }: Pick<Connection, 'userId'>): string {
  const email = unit.get(directoryKind, userId)?.email ?? ''
  return email.endsWith(unreachable) ? '' : email
}

/** Where a user agrees to be connected, as an error says it. */
export function askToLink({ settings }: Context, { slug }: App, email: string, reason: string) {
  const query = `client_id=${slug}&scope=link&login_hint=${encodeURIComponent(email)}`
  const url = `${settings.publicUrl.replace(/\/$/, '')}/oauth/authorize?${query}`
  const why = reason === 'user_disconnected' ? 'User disconnected the app' : 'User exists in a different organization'
  return {
    is_new: false,
    email,
    link_required: {
      status: 'link_required',
      reason,
      authorize_url: url,
      app_slug: slug,
      consent_url: url,
      user_email: email,
      message: `${why}. Redirect them to consent_url to link.`,
    },
  } as const
}

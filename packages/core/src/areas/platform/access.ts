import { type Context, denied, isAdmin, type Resource } from '../../operations/index.ts'
import { appNotFound } from './errors.ts'
import { type App, appKind } from './records.ts'

/** `use`: what the key of the app may do. `own`: what only people may do: change, delete, and replace keys. */
export type AppPermission = 'use' | 'own'

/** A platform app as a guarded resource: for its own key, and for owners and admins of its organisation. */
export function appAt(appId: string): Resource<AppPermission> {
  return {
    type: 'platform_app',
    about: { id: appId },
    authorize: (context, permission) => {
      const app = context.unit.get(appKind, appId)
      if (!app || !runs(context, app)) throw appNotFound()
      if (permission === 'own' && context.caller.kind !== 'user') {
        throw denied({ reason: 'Only a person may do this. Send the token of an owner or admin of the organisation.' })
      }
    },
  }
}

/** Returns whether the caller is the app, or an owner or admin of its organisation. */
export function runs({ caller }: Pick<Context, 'caller'>, app: App): boolean {
  if (caller.kind === 'app') return caller.id === app.id
  return caller.kind === 'user' && caller.delegation === null && isAdmin(caller) && caller.org === app.org
}

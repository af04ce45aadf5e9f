import type { Unit } from '../../records/index.ts'
import { type App, appKind } from './records.ts'

/** The active app with a slug, in any organisation. An ID is not a slug. */
export function findAppBySlug(unit: Pick<Unit, 'find'>, slug: string): App | null {
  const app = unit.find(appKind, 'slug', slug.toLowerCase())
  return app?.isActive ? app : null
}

import { type App, createApp } from '@pawl/server/http'
import { vault } from '../../../vault.ts'

export const runtime = 'nodejs'
export const dynamic = 'force-dynamic'

let app: Promise<App> | undefined

async function handle(request: Request): Promise<Response> {
  app ??= vault().then((pawl) => createApp(pawl, { basePath: '/vault' }))
  return (await app).fetch(request)
}

export {
  handle as DELETE,
  handle as GET,
  handle as HEAD,
  handle as OPTIONS,
  handle as PATCH,
  handle as POST,
  handle as PUT,
}

import * as modules from 'node:module'

const own = /^@pawl\/(core|adapters)(\/|$)/

let isShared = false

/**
 * After this call, every module of this process gets the `@pawl/core` and `@pawl/adapters` of the server. A plug-in with
 * its own copy would throw errors that the engine does not know, and a plug-in without a copy would not load.
 */
export function shareOwnPackages(): void {
  if (isShared) return
  isShared = true
  // Node 20 has only the hooks that run in another thread. Later versions warn about those.
  const { registerHooks } = modules as { readonly registerHooks?: (hooks: { resolve: typeof resolve }) => void }
  if (registerHooks) registerHooks({ resolve })
  else modules.register(`data:text/javascript,${encodeURIComponent(resolveInThread)}`)
}

interface From {
  readonly parentURL?: string | undefined
}

function resolve<T>(specifier: string, context: From, next: (specifier: string, context: From) => T): T {
  if (!own.test(specifier)) return next(specifier, context)
  try {
    return next(specifier, { ...context, parentURL: import.meta.url })
  } catch {
    return next(specifier, context)
  }
}

const resolveInThread = `export const resolve = (specifier, context, next) =>
  ${own}.test(specifier)
    ? next(specifier, { ...context, parentURL: ${JSON.stringify(import.meta.url)} }).catch(() => next(specifier, context))
    : next(specifier, context)`

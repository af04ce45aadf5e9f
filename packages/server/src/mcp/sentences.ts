import { type ErrorKind, PawlError } from '@pawl/core'

/** What a model can do about an error of this kind, after what went wrong. */
const advice: Partial<Record<ErrorKind, string>> = {
  denied: 'A human can allow it with a policy.',
  not_found: 'list_secrets and list_vaults show what you can access.',
  gone: 'A human can store a new one.',
}

const adviceFor: Readonly<Record<string, string>> = {
  resource_limit_exceeded: 'A human must raise the limit, or delete unused items.',
}

/** What a model is told of an error. It never repeats what was sent, nor anything from inside. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof PawlError) || error.kind === 'internal')
    return 'An internal error occurred. The server log has the details.'
  const { kind, code, message } = error
  const next = Object.hasOwn(adviceFor, code) ? adviceFor[code] : advice[kind]
  return next === undefined ? message : `${message} ${next}`
}

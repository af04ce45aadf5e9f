import { valueKind } from './areas/vaults/index.ts'

/** What is wrapped by the HSM, sealed by its area or of no use to anybody, and so not sealed as other bodies are. */
const unsealed = new Set(['keyring', 'rootShares', valueKind.name])

export function isSealedBody({ kind }: { readonly kind: string }): boolean {
  return !unsealed.has(kind)
}

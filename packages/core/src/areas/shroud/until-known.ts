import type { Engine } from '../../operations/index.ts'
import { type KnownSecrets, noSecrets } from './redaction/known-secrets.ts'
import type { ShroudSettings } from './settings.ts'
import type { Finding } from './verdict.ts'

// Stands where the secrets that an agent may read are found, until that part is there.

export async function knownSecrets(_engine: Engine, _org: string, _agentId: string): Promise<KnownSecrets> {
  return noSecrets
}

export function streamFilter(_settings: ShroudSettings, known: KnownSecrets) {
  const stream = known.redactor.textStream()
  const findings: readonly Finding[] = []
  return {
    push: (delta: string) => ({ text: stream.push(delta), findings }),
    end: () => ({ text: stream.end(), findings }),
  }
}

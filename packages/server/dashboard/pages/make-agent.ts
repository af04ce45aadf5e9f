import { api, FieldProblem } from '../api.ts'

interface Reads {
  readonly vault_id: string
  readonly secret_path_pattern: string
}

/** The paths in a form that an agent may read. Null: the form has none. Throws if the form has paths and no vault. */
export function readsIn(vault_id: string | undefined, pattern: string | undefined): Reads | null {
  if (!pattern) return null
  if (!vault_id) throw new FieldProblem('vault_id', 'is required with these paths')
  return { vault_id, secret_path_pattern: pattern }
}

/** Creates an agent that may read some paths. If the server refuses the pattern, no agent is created. */
export async function makeAgent(fields: Parameters<typeof api.agents.create>[0], reads: Reads | null) {
  if (reads) await api.policies.preview(reads)
  const made = await api.agents.create(fields)
  if (reads) {
    const principal = { principal_type: 'agent', principal_id: made.agent.id } as const
    await api.policies.create({ ...reads, ...principal, permissions: ['read'] })
  }
  return made
}

import type { Pawl } from '@pawl/core'
import { type Budget, Register, Trail } from '../model/index.ts'

// The objects of a history, in the model.

export interface SimulatedAgent {
  readonly id: string
  readonly key: string
  readonly isActive: Register<boolean>
  readonly mayRead: Register<boolean>
  /** An act is changing the rights of this agent. Changes run one after another, so that each has a known result. */
  isChanging: boolean
  tokens: SimulatedToken[]
}

export interface SimulatedToken {
  readonly text: string
  readonly expiresAt: number
  readonly isLive: Register<boolean>
}

export interface SimulatedShare {
  readonly id: string
  readonly place: SimulatedSecret
  readonly reads: Budget
}

export interface SimulatedSecret {
  readonly path: string
  /** Null when it is deleted. */
  readonly value: Register<string | null>
  /** The value that each version was acknowledged to have. */
  readonly versions: Map<number, string>
  /** How often each value may be read. A value that is not here has no limit. */
  readonly reads: Map<string, Budget>
}

export interface Things {
  readonly owner: string
  readonly vault: string
  readonly agents: readonly SimulatedAgent[]
  readonly secrets: readonly SimulatedSecret[]
  readonly shares: SimulatedShare[]
  /** By action. */
  readonly trail: Trail
}

/** Makes what the actors work on, while nothing fails. */
export async function makeThings(pawl: Pawl, now: () => number): Promise<Things> {
  const { user } = await pawl.firstOwner({ email: 'owner@example.com' })
  const owner = pawl.as({ user })
  const { id: vault } = await owner.vaults.create({ name: 'prod' })
  const agents: SimulatedAgent[] = []
  for (const name of ['a', 'b', 'c']) {
    const { agent, api_key } = await owner.agents.create({ name })
    const nothingYet = { isChanging: false, tokens: [] }
    const registers = { isActive: new Register<boolean>(now, true), mayRead: new Register<boolean>(now, false) }
    agents.push({ id: agent.id, key: api_key?.reveal() ?? '', ...registers, ...nothingYet })
  }
  const secrets = ['db/a', 'db/b', 'db/c'].map((path) => {
    const value = new Register<string | null>(now, null)
    return { path, value, versions: new Map<number, string>(), reads: new Map<string, Budget>() }
  })
  return { owner: user, vault, agents, secrets, shares: [], trail: new Trail() }
}

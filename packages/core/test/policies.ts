import type { DecisionRequest } from '../src/areas/policies/decide.ts'
import type { Policy } from '../src/areas/policies/policy.ts'
import { parseAddress } from '../src/kernel/ip.ts'

export const saturdayNoon = Date.parse('2026-11-21T12:00:00Z')

/** A policy that lets the agent `ada` read everything, but for what is given. */
export function policy(given: Partial<Policy> = {}): Policy {
  return {
    id: 'policy',
    vaultId: 'vault',
    pattern: '**',
    principal: { kind: 'agent', id: 'ada' },
    permissions: ['read'],
    effect: 'allow',
    priority: 0,
    conditions: {},
    expiresAt: null,
    createdBy: { kind: 'user', id: 'owner' },
    createdAt: 0,
    ...given,
  }
}

/** The agent `ada` wants to read a secret, on a Saturday at noon. */
export function request(given: Partial<DecisionRequest> = {}): DecisionRequest {
  return {
    path: 'db/password',
    permission: 'read',
    principal: { kind: 'agent', id: 'ada' },
    now: saturdayNoon,
    ip: parseAddress('10.0.0.1'),
    environment: null,
    role: null,
    authMethod: null,
    risk: null,
    ...given,
  }
}

/**
 * The areas whose calls are free: they never count as usage, and no tier refuses them. The calls of every other area of this list
 * count (core behaviours, section 16.2). An operation can say otherwise with `metered`.
 *
 * Free is what lets people sign in, see what happens and what it costs, and stop an access at once.
 */
export const freeAreas: ReadonlySet<string> = new Set([
  // Sign-in.
  ...['auth', 'accounts', 'logins', 'credentials', 'factors', 'devices', 'recovery', 'identities', 'issuers', 'oauth'],
  ...['enrolments', 'mail'],
  // The organisation and its security.
  ...['orgs', 'settings', 'security', 'risk', 'guardrails', 'approvals', 'consensus', 'seal', 'health', 'audit'],
  // Chains, billing and the operator.
  ...['chains', 'billing', 'x402', 'admin'],
])

import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type IdentityProvider, identityProvider, Secret } from '@pawl/core'
import * as z from 'zod'
import { Unfit } from './settings.ts'

// The identity providers are in a file, because there may be several, each with several fields. A secret has its own file,
// so that this one can be under version control.

const roles = z.enum(['owner', 'admin', 'member'])

const Provider = z.strictObject({
  issuer: z.url({ protocol: /^https?$/ }).optional(),
  client_id: z.string().min(1),
  client_secret_file: z.string().min(1).optional(),
  label: z.string().min(1).max(64).optional(),
  scopes: z.array(z.string().min(1)).optional(),
  domains: z.array(z.string().min(1)).optional(),
  groups: z.record(z.string().min(1), roles).optional(),
  groups_claim: z.string().min(1).optional(),
  email_claim: z.string().min(1).optional(),
  emails_are_verified: z.boolean().optional(),
})

const Providers = z.record(z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/), Provider)

/** Well-known issuers. */
const knownIssuers: Readonly<Record<string, string>> = {
  google: 'https://accounts.google.com',
  apple: 'https://appleid.apple.com',
  discord: 'https://discord.com',
}

/** Reads a file of identity providers. An error names the field, and does not repeat its value. */
export function identityProviders(given: string): readonly IdentityProvider[] {
  const path = resolve(given)
  const parsed = Providers.safeParse(jsonIn(path))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new Unfit(`names a file with a problem at ${issue?.path.join('.') || 'its top'}: ${issue?.message}`)
  }
  return Object.entries(parsed.data).map(([name, one]) => providerOf(path, name, one))
}

function jsonIn(path: string): unknown {
  const text = contentOf(path, 'names a file that')
  try {
    return JSON.parse(text)
  } catch {
    throw new Unfit('names a file that has no JSON')
  }
}

/** The path is not shown: it may be a secret under the wrong name. */
function contentOf(path: string, which: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '')
  } catch (error) {
    throw new Unfit(`${which} cannot be read (${(error as NodeJS.ErrnoException).code})`)
  }
}

function secretIn(path: string, name: string, file: string): string {
  return contentOf(resolve(dirname(path), file), `names a file whose client_secret_file of ${name}`)
}

function providerOf(path: string, name: string, one: z.infer<typeof Provider>): IdentityProvider {
  const issuer = one.issuer ?? knownIssuers[name]
  if (issuer === undefined) throw new Unfit(`names a file that has no issuer at ${name}`)
  const { label, scopes, domains, groups, client_secret_file: secretFile } = one
  return identityProvider({
    name,
    issuer,
    clientId: one.client_id,
    ...(secretFile && { clientSecret: Secret.of(secretIn(path, name, secretFile)) }),
    ...(label && { label }),
    ...(scopes && { scopes }),
    ...(domains && { domains }),
    ...(groups && { groups }),
    ...(one.groups_claim && { groupsClaim: one.groups_claim }),
    ...(one.email_claim && { emailClaim: one.email_claim }),
    ...(one.emails_are_verified && { emailsAreVerified: true }),
  })
}

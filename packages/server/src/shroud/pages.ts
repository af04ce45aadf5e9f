import type { Served } from './served.ts'

/** A response that needs no credential. */
interface Page {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const alive = new Set(['/healthz', '/livez', '/health/live'])
const ready = new Set(['/readyz', '/health/ready'])

/** The page at a path, or null. */
export async function pageAt(pawl: Served, method: string, path: string): Promise<Page | null> {
  if (method !== 'GET' && method !== 'HEAD') return null
  if (alive.has(path)) return text(200, 'ok\n')
  if (ready.has(path)) return readiness(pawl)
  if (path === '/v1/models') return json(modelsOf(pawl))
  return path === '/v1/shroud/attestation' ? json(attestation) : null
}

/** 503 while the vault is sealed, or its storage or key store does not work. */
async function readiness({ perform, registry: { health } }: Served): Promise<Page> {
  const { status } = health?.get ? ((await perform(health.get, {}, {})) as { status: string }) : { status: 'healthy' }
  return text(status === 'healthy' ? 200 : 503, `${status}\n`)
}

/** The models with a configured price. Only a provider key could list the other models of a provider. */
function modelsOf({ settings: { modelPrices } }: Served) {
  const names = Object.keys(modelPrices).filter((name) => !name.endsWith('*'))
  return { object: 'list', data: names.map((id) => ({ id, object: 'model', created: 0, owned_by: 'pawl' })) }
}

/** A self-hosted server has no trusted hardware, so it claims no attestation. */
const attestation = {
  attested: false,
  attestation_level: 'none',
  image_hash: '',
  identity_token: '',
  confidential_claims: null,
  verification: { steps: [], google_certs_url: '', expected_audience: '' },
}

function json(value: unknown): Page {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) }
}

function text(status: number, body: string): Page {
  return { status, headers: { 'content-type': 'text/plain', 'cache-control': 'no-store' }, body }
}

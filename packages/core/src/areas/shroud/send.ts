import type { Engine } from '../../operations/index.ts'
import { EgressDenied, type EgressStream } from '../../ports/egress.ts'
import type { Admitted } from './admit.ts'
import { noClientPool, providerFailed } from './errors.ts'
import type { Inspected } from './inspected.ts'
import { askModel } from './plugged-model.ts'
import { headersFor, keyHeaders } from './providers.ts'

/** A model may think for a long time before it says anything. */
const headMs = 600_000
const idleMs = 300_000

const anthropicVersion = '2023-06-01'

/** Sends a request to its provider. Nothing of the caller's but the body and a few named headers is in it (E8). */
export async function send(engine: Engine, inspected: Inspected, { url, key, pool }: Admitted): Promise<EgressStream> {
  const { request, facts, bytes } = inspected
  const { egress } = engine
  if (key === null) {
    const model = engine.shroud.models?.find(({ provider }) => provider === pool)
    if (!model) throw noClientPool({ message: `provider ${pool} has no client pool` })
    return askModel(model, inspected)
  }
  if (!egress.stream)
    throw noClientPool({ message: `provider ${request.provider} has no client pool: the egress cannot stream` })
  const { dialect, path } = request.route
  const headers = {
    'content-type': 'application/json',
    accept: facts.isStreamed ? 'text/event-stream' : 'application/json',
    ...(dialect === 'messages' ? { 'anthropic-version': anthropicVersion } : {}),
    ...headersFor(request.headers),
    ...keyHeaders(request.provider, path, key.reveal()),
  }
  const { signal } = request
  try {
    const answer = await egress.stream({
      ...{ purpose: `model:${pool}`, method: 'POST', url, headers, body: bytes, headMs, idleMs },
      ...(signal ? { signal } : {}),
    })
    if ((answer.headers['content-encoding'] ?? 'identity') === 'identity') return answer
    await hangUp(answer)
  } catch (error) {
    if (error instanceof EgressDenied && error.detail !== null)
      engine.log('warn', 'a request to a model was not sent', { provider: pool, detail: error.detail })
    throw error
  }
  throw providerFailed({ message: 'the answer of the provider is compressed, so it cannot be inspected' })
}

async function hangUp({ body }: EgressStream): Promise<void> {
  for await (const _ of body) break
}

import { type Model, type ModelPart, ModelRefused, type ModelRequest, ModelUnavailable } from '@pawl/core/ports'
import { bodyOf, type Chunk, partsOf } from './wire.ts'

export interface ChatModelOptions {
  /** Up to and with `/v1`. */
  readonly url: string
  readonly key: string
  /** A short name; `openai` by default. */
  readonly provider?: string
}

/**
 * A model behind any server that speaks chat completions.
 *
 * @example
 * const model = chatModel({ url: 'https://api.openai.com/v1', key })
 */
export function chatModel({ url, key, provider = 'openai' }: ChatModelOptions): Model {
  const { host } = new URL(url)

  async function ask(path: string, body?: object, signal?: AbortSignal): Promise<Response> {
    const response = await fetch(`${url}${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      // Wherever a redirect leads, the key was not meant for it.
      redirect: 'error',
      ...(body && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    })
    if (response.ok) return response
    await response.body?.cancel()
    throw failureOf(host, response)
  }

  return {
    provider,

    models: async () => {
      try {
        const { data } = (await (await ask('/models')).json()) as { data: { id: string }[] }
        return data.map(({ id }) => id)
      } catch (error) {
        throw asFailure(host, error)
      }
    },

    complete: async function* (request: ModelRequest): AsyncGenerator<ModelPart> {
      const { signal } = request
      try {
        const { body } = await ask('/chat/completions', bodyOf(request), signal)
        for await (const part of partsOf(chunksOf(body))) {
          signal?.throwIfAborted()
          yield part
        }
      } catch (error) {
        throw signal?.aborted ? signal.reason : asFailure(host, error)
      }
    },
  }
}

/** The events of a stream. A reader that stops early cancels it. */
async function* chunksOf(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Chunk> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const bytes of body ?? []) {
    const lines = (text + decoder.decode(bytes, { stream: true })).split('\n')
    text = lines.pop() ?? ''
    for (const line of lines) {
      const data = /^data: ?(.*?)\r?$/.exec(line)?.[1]
      if (data !== undefined && data !== '[DONE]') yield JSON.parse(data)
    }
  }
}

// Of what a provider says only the status is told: it may repeat the key, or what it was sent.

function failureOf(host: string, { status, headers }: Response): Error {
  if (status < 500 && status !== 408 && status !== 429)
    return new ModelRefused(`${host} refused the request (${status}).`)
  const seconds = Number(headers.get('retry-after') ?? Number.NaN)
  return new ModelUnavailable(`${host} cannot answer now (${status}).`, Number.isFinite(seconds) ? seconds : null)
}

function asFailure(host: string, error: unknown): Error {
  if (error instanceof ModelRefused || error instanceof ModelUnavailable) return error
  return new ModelUnavailable(`${host} gave no complete answer.`)
}

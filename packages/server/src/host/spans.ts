import { type Around, PawlError } from '@pawl/core'
import { HsmError } from '@pawl/core/ports'

/** The part of `@opentelemetry/api` that Pawl uses. */
export interface OpenTelemetry {
  readonly trace: {
    getTracer(name: string): {
      startActiveSpan<T>(name: string, work: (span: Span) => T): T
    }
  }
}

interface Span {
  setAttribute(name: string, value: string): unknown
  setStatus(status: { readonly code: number }): unknown
  end(): void
}

/** Of OpenTelemetry: `SpanStatusCode.ERROR`. */
const failed = 2

/**
 * One span for each operation, job, scheduled task and call to the key store, with its declared name and its outcome. A
 * span has no id, path, address or value. `pawl serve` makes spans where `@opentelemetry/api` is installed.
 *
 * @example
 * const pawl = await createPawl({ storage, hsm, around: spans(await import('@opentelemetry/api')) })
 */
export function spans({ trace }: OpenTelemetry): Around {
  const tracer = trace.getTracer('pawl')
  return (what, name, work) => {
    // No work of its own.
    if (what === 'threat') return work()
    return tracer.startActiveSpan(what === 'operation' ? name : `${what} ${name}`, async (span) => {
      try {
        const result = await work()
        span.setAttribute('pawl.outcome', 'ok')
        return result
      } catch (error) {
        span.setAttribute('pawl.outcome', outcomeOf(error))
        if (!isOfCaller(error)) span.setStatus({ code: failed })
        throw error
      } finally {
        span.end()
      }
    })
  }
}

/** Loads the package if the operator installed it. Null if it is missing, with no fallback. */
export async function spansIfInstalled(load = loadOpenTelemetry): Promise<Around | null> {
  try {
    return spans(await load())
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') return null
    throw error
  }
}

function loadOpenTelemetry(): Promise<OpenTelemetry> {
  return import('@opentelemetry/api')
}

/** A declared code. The message of an error may name what a caller sent. */
function outcomeOf(error: unknown): string {
  if (error instanceof PawlError) return error.code
  return error instanceof HsmError ? error.failure : 'error'
}

function isOfCaller(error: unknown): boolean {
  return error instanceof PawlError && error.kind !== 'internal' && error.kind !== 'unavailable'
}

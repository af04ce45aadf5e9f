import type { Classifier, Judgement } from '@pawl/core/ports'

export interface ToneOptions {
  /** Takes `{ "texts": [...] }`, and answers `{ "scores": [...] }` with a number from 0 to 1 for each text. */
  readonly url: string
  /** Texts above it are refused. Default: 0.8. */
  readonly threshold?: number
}

/**
 * Asks a service how rude a text is.
 *
 * @example
 * const classifiers = [{ classifier: tone({ url: 'http://127.0.0.1:9100/tone' }), timeoutMs: 1_000 }]
 * const pawl = await createPawl({ storage, hsm, shroud: { classifiers } })
 */
export function tone({ url, threshold = 0.8 }: ToneOptions): Classifier {
  return {
    name: 'tone',
    classify: async ({ texts, signal }) => {
      if (texts.length === 0) return []
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ texts: texts.map(({ text }) => text) }),
        redirect: 'error',
        signal,
      })
      if (!response.ok) throw new Error(`the service of the classifier answered ${response.status}`)
      return judgementsOf(await response.json(), texts.length, threshold)
    },
  }
}

/** Throws unless there is one score for each text, because a missing score would let a text pass. */
function judgementsOf(answer: unknown, count: number, threshold: number): Judgement[] {
  const { scores } = answer as { readonly scores?: unknown }
  if (!Array.isArray(scores) || scores.length !== count || !scores.every((score) => score >= 0 && score <= 1))
    throw new TypeError('the service of the classifier gave no scores')
  const score = Math.max(...(scores as number[]))
  return score > threshold ? [{ rule: 'rude', severity: 'medium', score, action: 'block' }] : []
}

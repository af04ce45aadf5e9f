import { useEffect, useState } from 'react'
import { ProblemText, Waiting } from '../components/index.ts'

interface DifferenceProps {
  readonly before: () => Promise<string>
  readonly after: () => Promise<string>
}

/** Two values line by line: what is gone, what is new, what stayed. They are read for this view only. */
export function Difference({ before, after }: DifferenceProps) {
  const [lines, setLines] = useState<readonly Line[] | null>(null)
  const [error, setError] = useState<unknown>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each read leaves an event, so it is made once
  useEffect(() => {
    let isShown = true
    Promise.all([before(), after()]).then(
      ([one, other]) => isShown && setLines(differenceOf(one.split('\n'), other.split('\n'))),
      (failure) => isShown && setError(failure),
    )
    return () => {
      isShown = false
    }
  }, [])
  if (error !== null) return <ProblemText error={error} />
  if (lines === null) return <Waiting />
  return (
    <div className="difference" data-testid="difference">
      {lines.map(({ kind, text }, at) => {
        const shown = text === '' ? ' ' : text
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines never move
        if (kind === 'gone') return <del key={at}>− {shown}</del>
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines never move
        if (kind === 'new') return <ins key={at}>+ {shown}</ins>
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines never move
          <div key={at}>
            {'  '}
            {shown}
          </div>
        )
      })}
    </div>
  )
}

interface Line {
  readonly kind: 'same' | 'gone' | 'new'
  readonly text: string
}

const linesMax = 2_000

/** The longest common subsequence of lines. Above a bound, all old lines are gone and all new ones are new. */
function differenceOf(before: readonly string[], after: readonly string[]): Line[] {
  if (before.length > linesMax || after.length > linesMax) {
    return [
      ...before.map((text) => ({ kind: 'gone', text }) as const),
      ...after.map((text) => ({ kind: 'new', text }) as const),
    ]
  }
  const width = after.length + 1
  const common = new Uint16Array((before.length + 1) * width)
  for (let one = before.length - 1; one >= 0; one--) {
    for (let other = after.length - 1; other >= 0; other--) {
      const at = one * width + other
      common[at] =
        before[one] === after[other]
          ? (common[at + width + 1] ?? 0) + 1
          : Math.max(common[at + width] ?? 0, common[at + 1] ?? 0)
    }
  }
  const lines: Line[] = []
  let [one, other] = [0, 0]
  while (one < before.length || other < after.length) {
    const [old, fresh] = [before[one], after[other]]
    if (old !== undefined && old === fresh) {
      lines.push({ kind: 'same', text: old })
      one++
      other++
    } else if (
      fresh === undefined ||
      (old !== undefined && (common[(one + 1) * width + other] ?? 0) >= (common[one * width + other + 1] ?? 0))
    ) {
      lines.push({ kind: 'gone', text: old ?? '' })
      one++
    } else {
      lines.push({ kind: 'new', text: fresh })
      other++
    }
  }
  return lines
}

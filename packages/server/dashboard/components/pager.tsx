import type { ReactNode } from 'react'
import { Button } from './button.tsx'

interface PagerProps {
  /** The noun of the items, such as `people and agents`. */
  readonly what: string
  /** Number of items before this page. */
  readonly from: number
  readonly shown: number
  readonly total: number
  /** Null at the beginning. */
  readonly onPrevious: (() => void) | null
  /** Null at the end. */
  readonly onNext: (() => void) | null
  /** Shown beside the buttons. */
  readonly children?: ReactNode
}

/** The buttons between the pages of a list. Nothing if all of it is on one page. */
export function Pager({ what, from, shown, total, onPrevious, onNext, children }: PagerProps) {
  const number = (count: number) => count.toLocaleString('en')
  const hasPages = onPrevious !== null || onNext !== null
  return (
    <div className="row">
      {hasPages && (
        <>
          <Button off={onPrevious === null} onClick={() => onPrevious?.()}>
            Previous {what}
          </Button>
          <Button off={onNext === null} onClick={() => onNext?.()}>
            Next {what}
          </Button>
          {shown > 0 && (
            <span className="quiet">
              {number(from + 1)} to {number(from + shown)} of {number(total)}
            </span>
          )}
        </>
      )}
      {children}
    </div>
  )
}

import { type ReactNode, useEffect, useRef } from 'react'
import { Icon, type IconName } from './icon.tsx'

export interface TimelineStep {
  readonly id: string
  /** When: RFC 3339. */
  readonly at: string
  readonly icon: IconName
  readonly tone: 'plain' | 'good' | 'bad'
  readonly title: ReactNode
  /** The content at the end of the line. */
  readonly end: ReactNode
  /** Further details. */
  readonly more: ReactNode
}

const clock = new Intl.DateTimeFormat('en', { timeStyle: 'medium', hourCycle: 'h23' })

interface TimelineProps {
  readonly label: string
  readonly steps: readonly TimelineStep[]
  /** The step that is played now: those after it wait. Null: all are shown. */
  readonly at?: number | null
}

/** Steps in the order in which they happened. */
export function Timeline({ label, steps, at = null }: TimelineProps) {
  const current = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (at !== null) current.current?.scrollIntoView({ block: 'nearest' })
  }, [at])
  return (
    <ol className="timeline" aria-label={label}>
      {steps.map(({ id, at: time, icon, tone, title, end, more }, index) => (
        <li
          key={id}
          ref={index === at ? current : null}
          className={at !== null && index > at ? 'later' : ''}
          aria-current={index === at ? 'step' : undefined}
        >
          <time dateTime={time} className="hint">
            {clock.format(new Date(time))}
          </time>
          <span className={`timeline-sign ${tone}`}>
            <Icon name={icon} />
          </span>
          <div className="stack tight">
            <div className="row spread">
              <span>{title}</span>
              {end}
            </div>
            {more}
          </div>
        </li>
      ))}
    </ol>
  )
}

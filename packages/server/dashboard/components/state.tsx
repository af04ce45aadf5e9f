import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { isRefusal, problemOf } from '../api.ts'
import { me } from '../asked.ts'
import { Button } from './button.tsx'
import { Icon, type IconName } from './icon.tsx'

export type Tone = 'good' | 'bad' | 'warn' | 'plain'

const signs: Readonly<Record<Tone, IconName | null>> = { good: 'check', bad: 'stop', warn: 'warn', plain: null }

/** A state as a word with an icon. The colour only repeats it. */
export function State({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) {
  const sign = signs[tone]
  return (
    <span className={`state ${tone}`}>
      {sign && <Icon name={sign} />}
      {children}
    </span>
  )
}

/** An error, and what the user can do. A refusal has no button, because a retry does not change it. */
export function ProblemText({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const isRefused = isRefusal(error)
  const { data: self } = useQuery({ ...me, enabled: false })
  return (
    <div className="problem boxed" role="alert">
      <Icon name="warn" />
      <span>
        {problemOf(error).text}
        {isRefused && self?.role !== 'owner' && ' Ask an owner of the organisation for access.'}
      </span>
      {onRetry && !isRefused && (
        <Button icon="turn" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  )
}

/** A fact that the user should know before the next step. */
export function Note({ tone = 'plain', children }: { readonly tone?: 'plain' | 'warn'; readonly children: ReactNode }) {
  return (
    <div className={`note ${tone}`}>
      <Icon name={tone === 'warn' ? 'warn' : 'check'} />
      <div>{children}</div>
    </div>
  )
}

interface EmptyProps {
  readonly icon: IconName
  readonly title: string
  readonly children: ReactNode
  /** What to do first. */
  readonly action?: ReactNode
}

/** Nothing is here yet: what would be here, and how to begin. */
export function Empty({ icon, title, children, action }: EmptyProps) {
  return (
    <div className="empty">
      <span className="empty-sign">
        <Icon name={icon} />
      </span>
      <h2>{title}</h2>
      <p>{children}</p>
      {action}
    </div>
  )
}

/** A loading state. It appears only after a short delay. */
export function Waiting({ children = 'Loading …' }: { readonly children?: ReactNode }) {
  return (
    <div className="waiting" role="status">
      <span className="spinner" />
      {children}
    </div>
  )
}

export interface Asked<T> {
  readonly data: T | undefined
  readonly error: unknown
}

interface AnswerProps<T> {
  readonly of: Asked<T>
  /** What the page waits for, if it can take more than a second. */
  readonly waiting?: string
  readonly children: (data: T) => ReactNode
}

/** An answer of the server. Before it, the loading state; on failure, the error. The button retries all failed queries. */
export function Answer<T>({ of, waiting, children }: AnswerProps<T>) {
  const cache = useQueryClient()
  if (of.data !== undefined) return children(of.data)
  const retry = () => cache.refetchQueries({ type: 'active', predicate: ({ state }) => state.status === 'error' })
  return of.error ? <ProblemText error={of.error} onRetry={retry} /> : <Waiting>{waiting}</Waiting>
}

import type { ReactNode } from 'react'

// Small charts, drawn with SVG. The numbers are beside each, because a picture alone says nothing to a screen reader.

export interface Bar {
  /** The label: `14:00`, `openai`. */
  readonly label: string
  readonly parts: readonly { readonly tone: 'plain' | 'good' | 'warn' | 'bad'; readonly value: number }[]
}

interface BarsProps {
  /** What the chart shows, in a sentence with the sums. */
  readonly label: string
  readonly bars: readonly Bar[]
  readonly show?: (value: number) => string
}

const width = 600
const height = 120

/** Amounts over time, each bar with its parts on top of each other. */
export function Bars({ label, bars, show = String }: BarsProps) {
  const most = Math.max(...bars.map(sumOf), 0)
  const step = width / Math.max(1, bars.length)
  return (
    <figure className="chart">
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={label}>
        {bars.map((bar, at) => (
          <BarShape key={bar.label} bar={bar} at={at * step} step={step} most={most} show={show} />
        ))}
      </svg>
      <figcaption className="row spread hint">
        <span>{bars[0]?.label}</span>
        <span>{most > 0 && `${show(most)} at most`}</span>
        <span>{bars.at(-1)?.label}</span>
      </figcaption>
    </figure>
  )
}

interface BarShapeProps extends Required<Pick<BarsProps, 'show'>> {
  readonly bar: Bar
  readonly at: number
  readonly step: number
  readonly most: number
}

function BarShape({ bar, at, step, most, show }: BarShapeProps) {
  let top = height
  return (
    <g>
      <title>{`${bar.label}: ${show(sumOf(bar))}`}</title>
      <rect x={at} y={0} width={step} height={height} fill="transparent" />
      {bar.parts.map(({ tone, value }) => {
        const tall = most > 0 ? (value / most) * height : 0
        top -= tall
        return (
          <rect key={tone} className={`bar ${tone}`} x={at + step * 0.12} y={top} width={step * 0.76} height={tall} />
        )
      })}
    </g>
  )
}

function sumOf({ parts }: Bar): number {
  return parts.reduce((sum, { value }) => sum + value, 0)
}

interface MeterProps {
  readonly label: ReactNode
  readonly used: number
  readonly limit: number
  /** The limit is a goal, so a high share is no warning. */
  readonly grows?: boolean
  /** The remaining amount in words: `0.4 of 1 ETH left`. */
  readonly children: ReactNode
}

/** How much of a limit is used. */
export function Meter({ label, used, limit, grows = false, children }: MeterProps) {
  const share = limit > 0 ? Math.min(1, used / limit) : grows ? 0 : 1
  const tone = grows || share < 0.7 ? 'plain' : share < 0.9 ? 'warn' : 'bad'
  return (
    <div className="meter">
      <div className="row spread">
        <span>{label}</span>
        <span className="quiet">{children}</span>
      </div>
      <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
        <rect className="meter-all" width="100" height="4" />
        <rect className={`bar ${tone}`} width={share * 100} height="4" />
      </svg>
    </div>
  )
}

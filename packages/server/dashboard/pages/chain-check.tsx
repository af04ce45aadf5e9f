import { useState } from 'react'
import { api } from '../api.ts'
import { Button, Facts, Icon, ProblemText, State } from '../components/index.ts'
import { gapBetween, type Segment, segmentProblem } from '../segment-check.ts'
import { allSegments, partsOf } from './segments.ts'

interface Report {
  readonly server: string | null
  readonly serverEvents: number
  readonly segments: number
  readonly events: number
  readonly browser: string | null
  readonly key: string | null
}

/** Checks the chain of the audit trail twice: the server checks all of it, and the browser what is signed. */
export function ChainCheck() {
  const [report, setReport] = useState<Report | null>(null)
  const [progress, setProgress] = useState<readonly [done: number, all: number] | null>(null)
  const [error, setError] = useState<unknown>(null)
  const check = async () => {
    setError(null)
    setReport(null)
    setProgress([0, 0])
    try {
      setReport(await checkAll((done, all) => setProgress([done, all])))
    } catch (failure) {
      setError(failure)
    } finally {
      setProgress(null)
    }
  }
  return (
    <section className="card stack" aria-label="Chain of the trail">
      <div className="row spread">
        <p className="row">
          <Icon name="policy" />
          <span>The chain of events</span>
          {report && <Verdict of={report} />}
        </p>
        <Button busy={progress !== null} act={() => check()}>
          Verify it here
        </Button>
      </div>
      {progress && progress[1] > 0 && (
        <div role="status">
          <progress value={progress[0]} max={progress[1]} aria-label="Verified segments" />
          <p className="hint">
            Segment {progress[0]} of {progress[1]}
          </p>
        </div>
      )}
      {error !== null && <ProblemText error={error} />}
      {report && (
        <Facts
          of={[
            ['The server', report.server ?? `says that its chain is whole. It checked ${report.serverEvents} events.`],
            ['This browser', report.browser ?? browserWords(report)],
            ...(report.key ? ([['Signed by', <code key="key">{report.key}</code>]] as const) : []),
          ]}
        />
      )}
    </section>
  )
}

function Verdict({ of: { server, browser } }: { readonly of: Report }) {
  const isWhole = server === null && browser === null
  return <State tone={isWhole ? 'good' : 'bad'}>{isWhole ? 'whole' : 'broken'}</State>
}

function browserWords({ segments, events }: Report): string {
  if (segments === 0) return 'found no closed segment yet. One closes after a day, or after 4,096 events.'
  return `followed ${events} events in ${segments} closed ${segments === 1 ? 'segment' : 'segments'}, and their signatures fit.`
}

async function checkAll(tell: (done: number, all: number) => void): Promise<Report> {
  const { chain_valid, events_checked, problem } = await api.audit.verify({ limit: 10_000 })
  const server = chain_valid ? null : (problem ?? 'found that the chain is broken.')
  const segments = await allSegments()
  const lanes = new Map<string, Segment>()
  let [events, browser, key] = [0, null as string | null, null as string | null]
  for (const [at, segment] of segments.entries()) {
    tell(at, segments.length)
    const before = lanes.get(segment.lane)
    lanes.set(segment.lane, segment)
    const parts = partsOf(segment, (part) => {
      key = part.public_key
    })
    browser ??= (before && gapBetween(before, segment)) ?? (await segmentProblem(segment, parts))
    events += segment.events
  }
  return { server, serverEvents: events_checked, segments: segments.length, events, browser, key }
}

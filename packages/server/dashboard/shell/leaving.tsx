import { useBlocker } from '@tanstack/react-router'
import { base } from '../api.ts'
import { Button, DiscardQuestion, isUnsaved, Question } from '../components/index.ts'
import { leave, signOutNow, stay, useSessionQuestion } from '../session.ts'

/** Asks before a link, a tab, the back button, a reload or the end of the session loses what a person typed. */
export function Leaving() {
  const isTyped = () => isUnsaved(document)
  const link = useBlocker({ shouldBlockFn: isTyped, enableBeforeUnload: isTyped, withResolver: true })
  const session = useSessionQuestion()
  return (
    <>
      <DiscardQuestion
        open={link.status === 'blocked'}
        onKeep={() => link.reset?.()}
        onDiscard={() => link.proceed?.()}
      />
      <DiscardQuestion open={session === 'signs out'} onKeep={stay} onDiscard={signOutNow} />
      <Question title="Your session has ended" open={session === 'ended'} onKeep={() => {}} hides>
        <p>What you typed is still here. Sign in again in a new tab. Then come back to this tab and go on.</p>
        <div className="form-end">
          <Button look="quiet" onClick={leave}>
            Discard what I typed
          </Button>
          <a className="button primary" href={`${base}login`} target="_blank" rel="noopener">
            Sign in again
          </a>
        </div>
      </Question>
    </>
  )
}

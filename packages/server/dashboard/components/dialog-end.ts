import { createContext, useContext, useLayoutEffect } from 'react'

/** How the content of a dialog ends: with a button of its own, or with a value that the person must keep. */
export type End = 'own button' | 'kept'

/** Notes an end of the content. The caller calls the returned function when the end goes. */
type NoteEnd = (end: End) => () => void

export const DialogEnds = createContext<NoteEnd>(() => () => {})

/** Tells the dialog around it how its content ends, so that each dialog has exactly one button that closes it. */
export function useDialogEnd(end: End | null): void {
  const note = useContext(DialogEnds)
  // Before the browser paints, so that no button appears for a moment.
  useLayoutEffect(() => (end === null ? undefined : note(end)), [end, note])
}

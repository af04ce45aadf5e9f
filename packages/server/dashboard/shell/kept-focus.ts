import { useEffect } from 'react'

/**
 * When the element with the focus goes, such as the button of a deleted row, the focus moves to what is left around it. Browsers
 * give it to the document, so that the keyboard begins again at the top of the page. What is left can say with `data-focus`
 * which element in it comes next. Default: its first control.
 */
export function useKeptFocus(): void {
  useEffect(() => {
    // The element that has the focus, and all around it.
    let around: readonly HTMLElement[] = []
    // The same for what opened the dialog around it.
    let behind: readonly HTMLElement[] = []
    const note = ({ target }: FocusEvent) => {
      if (!(target instanceof HTMLElement)) return
      const dialog = target.closest('dialog')
      if (dialog === null) behind = []
      else if (around[0] && !dialog.contains(around[0]) && around[0].closest('dialog') === null) behind = around
      around = [target, ...aroundOf(target)]
    }
    const forget = ({ target }: FocusEvent) => {
      // Some browsers also send this event for an element that goes.
      queueMicrotask(() => {
        if (target === around[0] && around[0]?.isConnected) around = []
      })
    }
    const mend = () => {
      if (document.activeElement !== document.body || around.length === 0 || around[0]?.isConnected) return
      const left = [...behind, ...around].find((one) => one.isConnected && one.matches('[tabindex], [data-focus]'))
      // Behind an open dialog, nothing takes the focus. When it closes, this is called again.
      ;(left ? nextIn(left) : document.getElementById('main'))?.focus({ preventScroll: true })
    }
    const mendLater = () => void setTimeout(mend)
    const observer = new MutationObserver(mend)
    observer.observe(document.body, { childList: true, subtree: true })
    addEventListener('focusin', note)
    addEventListener('focusout', forget)
    addEventListener('close', mendLater, { capture: true })
    return () => {
      observer.disconnect()
      removeEventListener('focusin', note)
      removeEventListener('focusout', forget)
      removeEventListener('close', mendLater, { capture: true })
    }
  }, [])
}

function aroundOf(element: HTMLElement): HTMLElement[] {
  const { parentElement } = element
  return parentElement ? [parentElement, ...aroundOf(parentElement)] : []
}

const control = 'input:not([type="hidden"]), textarea, select, button, a[href]'

function nextIn(left: HTMLElement): HTMLElement {
  const wanted = left.dataset.focus
  if (wanted === undefined) return left
  return left.querySelector<HTMLElement>(wanted || control) ?? left.querySelector<HTMLElement>(control) ?? left
}

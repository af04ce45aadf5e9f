import { type ReactNode, useEffect, useId, useRef } from 'react'

interface TabsProps<Name extends string> {
  readonly label: string
  readonly tabs: readonly (readonly [name: Name, label: string])[]
  readonly chosen: Name
  readonly onChoose: (name: Name) => void
  readonly children: ReactNode
}

/** Several views of one thing. Arrow keys go from one to the next. */
export function Tabs<Name extends string>({ label, tabs, chosen, onChoose, children }: TabsProps<Name>) {
  const id = useId()
  const list = useRef<HTMLDivElement>(null)
  // On a phone the list scrolls, and the chosen tab must be in view.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the place of the tab follows from what is chosen
  useEffect(() => {
    const frame = list.current
    const tab = frame?.querySelector<HTMLElement>('[aria-selected=true]')
    if (!frame || !tab) return
    frame.scrollLeft = tab.offsetLeft - frame.offsetLeft - (frame.clientWidth - tab.offsetWidth) / 2
  }, [chosen])
  const move = (event: React.KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (step === undefined) return
    const at = tabs.findIndex(([name]) => name === chosen)
    const to = (at + step + tabs.length) % tabs.length
    const next = tabs[to]
    if (next) onChoose(next[0])
    list.current?.querySelectorAll<HTMLElement>('[role=tab]')[to]?.focus()
  }
  return (
    <div className="stack">
      <div ref={list} className="tabs" role="tablist" aria-label={label} onKeyDown={move}>
        {tabs.map(([name, text]) => (
          <button
            key={name}
            type="button"
            role="tab"
            className="tab"
            id={`${id}-${name}`}
            aria-selected={name === chosen}
            aria-controls={`${id}-panel`}
            tabIndex={name === chosen ? 0 : -1}
            onClick={() => onChoose(name)}
          >
            {text}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${chosen}`}>
        {children}
      </div>
    </div>
  )
}

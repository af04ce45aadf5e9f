import { useState } from 'react'
import { Button, IconButton } from './button.tsx'
import { Tabs } from './tabs.tsx'
import { say } from './toast.tsx'
import { noteCopied } from './unsaved.ts'

async function copy(text: string, what: string): Promise<void> {
  await navigator.clipboard.writeText(text).then(
    () => {
      noteCopied(text)
      say(`${what} copied`)
    },
    () => say('The browser does not allow copying. Select the text instead.'),
  )
}

/** Copies a text. `what` is its name, for the message. */
export function CopyButton({ text, what, label }: { readonly text: string; readonly what: string; label?: string }) {
  const press = () => void copy(text, what)
  if (!label) return <IconButton label={`Copy ${what.toLowerCase()}`} icon="copy" onClick={press} />
  return (
    <Button icon="copy" onClick={press}>
      {label}
    </Button>
  )
}

/** Lines for a shell or a file, to copy. */
export function Code({ text, what }: { readonly text: string; readonly what: string }) {
  return (
    <div className="code">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <section tabIndex={0} aria-label={what}>
        <pre>{text}</pre>
      </section>
      <CopyButton text={text} what={what} />
    </div>
  )
}

/** The same thing for several programs. */
export function Snippets({ of }: { readonly of: readonly (readonly [name: string, text: string])[] }) {
  const [chosen, choose] = useState(of[0]?.[0] ?? '')
  const text = of.find(([name]) => name === chosen)?.[1] ?? ''
  return (
    <Tabs label="Program" tabs={of.map(([name]) => [name, name])} chosen={chosen} onChoose={choose}>
      <Code text={text} what={`Lines for ${chosen}`} />
    </Tabs>
  )
}

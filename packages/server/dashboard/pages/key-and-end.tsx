import { type ReactNode, useState } from 'react'
import { Button, Confirm, Dialog, Form, Section, ShownOnce, TextField, textIn } from '../components/index.ts'

interface KeyAndEndProps {
  /** What has the key: `agent`. */
  readonly what: string
  readonly name: string
  /** Makes a new key beside the old one, which works for these seconds. Returns the new key. */
  readonly rotate: (overlapSeconds: number) => Promise<string>
  readonly remove: () => Promise<void>
  /** What goes with it. */
  readonly children: ReactNode
}

/** Gives something a new API key, or deletes it. */
export function KeyAndEnd({ what, name, rotate, remove, children }: KeyAndEndProps) {
  const [open, setOpen] = useState<'key' | 'delete' | null>(null)
  const [key, setKey] = useState<string | null>(null)
  const close = () => {
    setOpen(null)
    setKey(null)
  }
  return (
    <Section title="Key and end">
      <div className="row">
        <Button icon="turn" onClick={() => setOpen('key')}>
          New key
        </Button>
        <Button look="danger" icon="bin" onClick={() => setOpen('delete')}>
          Delete the {what}
        </Button>
      </div>
      <Dialog title="New key" open={open === 'key'} onClose={close}>
        {key === null ? (
          <Form
            onSend={async (data) => setKey(await rotate(Number(textIn(data, 'minutes') ?? 0) * 60))}
            button="Make a new key"
            onCancel={close}
          >
            <TextField
              name="minutes"
              label="The old key works for"
              type="number"
              min={0}
              defaultValue={0}
              hint="Minutes. 0: it stops at once, with all its tokens."
            />
          </Form>
        ) : (
          <ShownOnce value={key} what="Key" />
        )}
      </Dialog>
      <Confirm
        title={`Delete ${name}`}
        open={open === 'delete'}
        onClose={close}
        button={`Delete the ${what}`}
        onConfirm={remove}
      >
        {children}
      </Confirm>
    </Section>
  )
}

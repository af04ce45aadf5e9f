// Records what a page loses when it closes: text that a person typed and that the server has not stored, and values that the
// server shows only once.

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement

/** The value of each control before the person changed it. */
const before = new WeakMap<Control, string>()
const edited = new WeakSet<Control>()
/** The controls whose form was sent and has no answer yet. */
const sent = new WeakSet<Control>()

/** Remembers the value of a control that gets the focus. */
export function noteFocus({ target }: { readonly target: EventTarget }): void {
  if (isWork(target) && !edited.has(target)) before.set(target, textOf(target))
}

/** Remembers that the person changed a control. */
export function noteInput({ target }: { readonly target: EventTarget }): void {
  if (isWork(target)) edited.add(target)
}

/**
 * Whether this part of the page has an edit that is neither stored nor sent, or a value that is not kept. A form can
 * close after it is sent.
 */
export function isUnsaved(part: ParentNode): boolean {
  return unkeptIn(part) !== null || editedIn(part).some((one) => !sent.has(one))
}

interface Unkept {
  readonly value: string
  readonly what: string
}

/** The values that are shown once and are not kept yet, by their elements. */
const unkept = new Map<Node, Unkept>()

/** Notes that an element shows a value only once. The caller calls the returned function when the element goes. */
export function noteShownOnce(element: Node, shown: Unkept): () => void {
  unkept.set(element, shown)
  return () => void unkept.delete(element)
}

/** Notes that a person copied a text. It can have a value in it that is shown once. */
export function noteCopied(text: string): void {
  for (const [element, { value }] of unkept) if (text.includes(value)) unkept.delete(element)
}

/** The name of a value in this part of the page that is shown once and is not kept yet. */
export function unkeptIn(part: Node): string | null {
  return [...unkept].find(([element]) => part.contains(element))?.[1].what ?? null
}

/** Whether this part of the page has an edit that the server has not stored. */
export function isUnstored(part: ParentNode): boolean {
  return editedIn(part).length > 0
}

/** Notes that a form is sent. The caller calls the returned function with the result. */
export function noteSent(form: HTMLFormElement): (isStored: boolean) => void {
  const values = editedIn(form).map((one) => [one, textOf(one)] as const)
  for (const [one] of values) sent.add(one)
  return (isStored) => {
    for (const [one, value] of values) {
      sent.delete(one)
      if (isStored) before.set(one, value)
    }
  }
}

/** Forgets the edits and the values in this part of the page, because the person discards or has them. */
export function dropEdits(part: ParentNode | null): void {
  for (const element of unkept.keys()) if (part?.contains(element)) unkept.delete(element)
  for (const one of part ? editedIn(part) : []) edited.delete(one)
}

const editedIn = (part: ParentNode) =>
  [...part.querySelectorAll<Control>('input, textarea, select')].filter(
    (one) => edited.has(one) && textOf(one) !== (before.get(one) ?? ''),
  )

/** Passwords and codes do not count, because the person can enter them again. */
function isWork(target: EventTarget): target is Control {
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true
  return target instanceof HTMLInputElement && target.type !== 'password' && target.autocomplete !== 'one-time-code'
}

function textOf(control: Control): string {
  return control instanceof HTMLInputElement && control.type === 'checkbox' ? `${control.checked}` : control.value
}

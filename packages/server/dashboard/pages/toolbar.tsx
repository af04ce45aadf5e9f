import { createContext, type ReactNode, useContext } from 'react'
import { createPortal } from 'react-dom'

/** Where the controls of a list appear: beside the choice of the vault, if the page has one. */
export const ToolbarPlace = createContext<HTMLElement | null>(null)

/** The controls of a list, in one row. The choice of the vault stays mounted, so it keeps the focus when the list changes. */
export function Toolbar({ children }: { readonly children: ReactNode }) {
  const place = useContext(ToolbarPlace)
  return place ? createPortal(children, place) : <div className="row spread end">{children}</div>
}

import { type ReactNode, useEffect, useRef } from 'react'

interface PageProps {
  readonly title: string
  /** Where the page is: links to what contains it. */
  readonly crumbs?: ReactNode
  readonly lead?: ReactNode
  readonly actions?: ReactNode
  readonly children: ReactNode
}

/** A page: its title, what it is for, what one can do, and its content. The title goes to the tab and to screen readers. */
export function Page({ title, crumbs, lead, actions, children }: PageProps) {
  const main = useRef<HTMLElement>(null)
  useEffect(() => {
    document.title = `${title} · Pawl`
  }, [title])
  return (
    <main ref={main} id="main" className="page" tabIndex={-1}>
      <header className="page-head">
        <div>
          {crumbs && <div className="crumbs">{crumbs}</div>}
          <h1>{title}</h1>
        </div>
        {actions && <div className="row">{actions}</div>}
        {lead && <p className="lead">{lead}</p>}
      </header>
      {children}
    </main>
  )
}

/** A part of a page with a title of its own. */
export function Section({
  title,
  actions,
  children,
}: {
  readonly title: string
  readonly actions?: ReactNode
  readonly children: ReactNode
}) {
  return (
    <section className="stack">
      <div className="row spread">
        <h2>{title}</h2>
        {actions && <div className="row">{actions}</div>}
      </div>
      {children}
    </section>
  )
}

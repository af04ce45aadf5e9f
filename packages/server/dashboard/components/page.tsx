import { type ReactNode, useEffect, useRef } from 'react'

interface PageProps {
  readonly title: string
  /** Breadcrumbs: links to the parents of the page. */
  readonly crumbs?: ReactNode
  readonly lead?: ReactNode
  readonly actions?: ReactNode
  readonly children: ReactNode
}

/** A page: its title, purpose, actions and content. The title is also that of the tab, and screen readers get it. */
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

/** A section of a page with its own title. */
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

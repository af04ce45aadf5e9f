import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useLocation } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { base } from '../api.ts'
import { approvals, me } from '../asked.ts'
import { Icon, IconButton, Toasts } from '../components/index.ts'
import { signOut } from '../session.ts'
import { useKeptFocus } from './kept-focus.ts'
import { Leaving } from './leaving.tsx'
import { Palette } from './palette.tsx'
import { groups, isForAdmins } from './places.ts'
import { toggleTheme } from './theme.ts'

/** What surrounds every page: the side bar, the command palette and messages. */
export function Shell() {
  const [isPaletteOpen, setPalette] = useState(false)
  const [isMenuOpen, setMenu] = useState(false)
  const { pathname } = useLocation()
  useFocusOnPage(pathname, () => setMenu(false))
  useKeptFocus()
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'k' || !(event.ctrlKey || event.metaKey)) return
      event.preventDefault()
      setPalette((isOpen) => !isOpen)
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])
  return (
    <div className="shell">
      <a className="button primary skip" href="#main">
        Skip to the page
      </a>
      <header className="top">
        <Brand />
        <div className="row">
          <IconButton label="Search and commands" icon="search" onClick={() => setPalette(true)} />
          <IconButton
            label={isMenuOpen ? 'Close the menu' : 'Open the menu'}
            icon={isMenuOpen ? 'cross' : 'menu'}
            aria-expanded={isMenuOpen}
            onClick={() => setMenu(!isMenuOpen)}
          />
        </div>
      </header>
      <Side isOpen={isMenuOpen} onPalette={() => setPalette(true)} />
      <Outlet />
      <Palette open={isPaletteOpen} onClose={() => setPalette(false)} />
      <Leaving />
      <Toasts />
    </div>
  )
}

/** A new page has the focus, so that the keyboard and screen readers are where the eyes are. */
function useFocusOnPage(pathname: string, onMove: () => void): void {
  const last = useRef(pathname)
  useEffect(() => {
    if (last.current === pathname) return
    last.current = pathname
    onMove()
    if (!document.activeElement?.closest('[role=tree], [role=tablist]')) document.getElementById('main')?.focus()
  }, [pathname, onMove])
}

function Brand() {
  return (
    <Link to="/" className="brand">
      <img src={`${base}assets/pawl.svg`} alt="" width="18" height="18" />
      Pawl
    </Link>
  )
}

function Side({ isOpen, onPalette }: { readonly isOpen: boolean; readonly onPalette: () => void }) {
  const { data } = useQuery(me)
  const isMember = data?.role === 'member'
  const modifier = navigator.platform.startsWith('Mac') ? '⌘' : 'Ctrl '
  return (
    <nav className={isOpen ? 'side open' : 'side'} aria-label="Main">
      <Brand />
      <button type="button" className="side-link" onClick={onPalette}>
        <Icon name="search" />
        Search
        <span className="kbd" aria-hidden="true">
          {modifier}K
        </span>
      </button>
      {groups.map(({ name, places }) => (
        <div key={places[0].to} className="side-group">
          {name && <p className="side-name">{name}</p>}
          {places
            .filter((place) => !isMember || !isForAdmins(place))
            .map(({ to, label, icon }) => (
              <Link key={to} to={to} className="side-link" activeOptions={{ exact: to === '/' }}>
                <Icon name={icon} />
                {label}
                {to === '/approvals' && <Waiting />}
              </Link>
            ))}
        </div>
      ))}
      <div className="side-end">
        {data && (
          <p className="who" title={data.email}>
            {data.display_name || data.email}
          </p>
        )}
        <button type="button" className="side-link" onClick={toggleTheme}>
          <Icon name="sun" />
          Light or dark
        </button>
        <button type="button" className="side-link" onClick={signOut}>
          <Icon name="leave" />
          Sign out
        </button>
      </div>
    </nav>
  )
}

/** The number of requests that wait for this user. */
function Waiting() {
  const waiting = useQuery(approvals).data?.filter(({ status }) => status === 'pending').length ?? 0
  if (waiting === 0) return null
  return (
    <span className="count">
      {waiting}
      <span className="unseen"> waiting</span>
    </span>
  )
}

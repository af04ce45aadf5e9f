import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useMemo, useRef, useState } from 'react'
import { agents, me, vaults } from '../asked.ts'
import { Icon, type IconName } from '../components/index.ts'
import { signOut } from '../session.ts'
import { agentParts, isForAdmins, parts, places, vaultParts } from './places.ts'
import { toggleTheme } from './theme.ts'

interface Command {
  readonly id: string
  readonly label: string
  readonly kind: string
  readonly icon: IconName
  readonly run: () => void
}

const shownMax = 50

/** Goes anywhere and does the common things, from the keyboard. Ctrl+K or Cmd+K opens it. */
export function Palette({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (open) dialog.current?.showModal()
    else dialog.current?.close()
  }, [open])
  return (
    <dialog ref={dialog} className="dialog palette" aria-label="Search and commands" onClose={onClose}>
      {open && <PaletteSearch onClose={onClose} />}
    </dialog>
  )
}

function PaletteSearch({ onClose }: { readonly onClose: () => void }) {
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const commands = useCommands()
  const found = useMemo(() => best(commands, text), [commands, text])
  const chosen = found[Math.min(at, found.length - 1)]
  const list = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the element follows from what is chosen
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  const run = (command: Command | undefined) => {
    onClose()
    command?.run()
  }
  const onKey = (event: React.KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) {
      event.preventDefault()
      setAt((now) => (Math.min(now, found.length - 1) + step + found.length) % Math.max(1, found.length))
    } else if (event.key === 'Enter') {
      event.preventDefault()
      run(chosen)
    }
  }
  return (
    <>
      <input
        className="palette-input"
        role="combobox"
        aria-label="Search and commands"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={chosen && `palette-${chosen.id}`}
        placeholder="Go to a vault, an agent, a page …"
        // biome-ignore lint/a11y/noAutofocus: the person opened it to type here
        autoFocus
        autoComplete="off"
        value={text}
        onChange={(event) => {
          setText(event.target.value)
          setAt(0)
        }}
        onKeyDown={onKey}
      />
      <div ref={list} id="palette-list" className="palette-list" role="listbox" aria-label="Results">
        {found.map((command) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox above has the keys
          <div
            key={command.id}
            id={`palette-${command.id}`}
            role="option"
            tabIndex={-1}
            aria-selected={command === chosen}
            className="palette-item"
            onClick={() => run(command)}
          >
            <Icon name={command.icon} />
            {command.label}
            <span className="quiet">{command.kind}</span>
          </div>
        ))}
        {found.length === 0 && <p className="waiting">No results.</p>}
      </div>
    </>
  )
}

function useCommands(): readonly Command[] {
  const navigate = useNavigate()
  const isMember = useQuery(me).data?.role === 'member'
  const known = { vaults: useQuery(vaults).data, agents: useQuery(agents).data }
  return useMemo(() => {
    const pages = places
      .filter((place) => !isMember || !isForAdmins(place))
      .map(({ to, label, icon }) => ({
        id: `page-${label.replaceAll(' ', '-')}`,
        label,
        kind: 'Page',
        icon,
        run: () => void navigate({ to }),
      }))
    const ofPages = parts
      .filter((part) => !isMember || !isForAdmins({ to: part[0], ...part[1] }))
      .map(([to, search, label]) => ({
        id: `part-${label.replaceAll(' ', '-')}`,
        label,
        kind: 'Page',
        icon: places.find((place) => place.to === to)?.icon ?? ('home' as const),
        run: () => void navigate({ to, search }),
      }))
    const ofVaults = (known.vaults ?? []).flatMap(({ id, name }) =>
      [undefined, ...vaultParts].map((tab) => ({
        id: `${id}-${tab}`,
        label: tab ? `${name}: ${tab}` : name,
        kind: 'Vault',
        icon: 'vault' as const,
        run: () => void navigate({ to: '/vaults/$vaultId', params: { vaultId: id }, search: tab ? { tab } : {} }),
      })),
    )
    const ofAgents = (known.agents ?? []).flatMap(({ id, name }) =>
      [undefined, ...agentParts].map((tab) => ({
        id: `${id}-${tab}`,
        label: tab ? `${name}: ${tab}` : name,
        kind: 'Agent',
        icon: 'agent' as const,
        run: () => void navigate({ to: '/agents/$agentId', params: { agentId: id }, search: tab ? { tab } : {} }),
      })),
    )
    const actions: Command[] = [
      command('New vault', 'plus', () => void navigate({ to: '/vaults', search: { create: true } })),
      command('New agent', 'plus', () => void navigate({ to: '/agents', search: { create: true } })),
      command('New webhook', 'plus', () => void navigate({ to: '/webhooks', search: { create: true } })),
      command('New app', 'plus', () => void navigate({ to: '/platform', search: { create: true } })),
      command('Light or dark', 'sun', toggleTheme),
      command('Sign out', 'leave', signOut),
    ]
    return [...pages, ...actions, ...ofPages, ...ofVaults, ...ofAgents]
  }, [known.vaults, known.agents, isMember, navigate])
}

function command(label: string, icon: IconName, run: () => void): Command {
  return { id: `do-${label.replaceAll(' ', '-')}`, label, kind: 'Command', icon, run }
}

/** Commands whose label has the letters of the text in their order, those with the letters next to each other first. */
function best(commands: readonly Command[], text: string): readonly Command[] {
  const wanted = text.trim().toLowerCase()
  if (wanted === '') return commands.slice(0, shownMax)
  return commands
    .map((one) => [one, rankOf(one.label.toLowerCase(), wanted)] as const)
    .filter(([, rank]) => rank < Number.POSITIVE_INFINITY)
    .sort(([, one], [, other]) => one - other)
    .slice(0, shownMax)
    .map(([one]) => one)
}

function rankOf(label: string, wanted: string): number {
  const whole = label.indexOf(wanted)
  if (whole !== -1) return whole
  let at = -1
  for (const letter of wanted) {
    at = label.indexOf(letter, at + 1)
    if (at === -1) return Number.POSITIVE_INFINITY
  }
  return 100 + at
}

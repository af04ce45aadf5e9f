export type Theme = 'system' | 'light' | 'dark'

const kept = 'pawl-theme'

export function theme(): Theme {
  const value = localStorage.getItem(kept)
  return value === 'light' || value === 'dark' ? value : 'system'
}

/** Sets the theme of this browser. `system` follows the operating system. */
export function setTheme(next: Theme): void {
  if (next === 'system') {
    localStorage.removeItem(kept)
    delete document.documentElement.dataset.theme
  } else {
    localStorage.setItem(kept, next)
    document.documentElement.dataset.theme = next
  }
}

/** Changes to the other of light and dark. */
export function toggleTheme(): void {
  const isDark = matchMedia('(prefers-color-scheme: dark)').matches
  const shown = theme() === 'system' ? (isDark ? 'dark' : 'light') : theme()
  setTheme(shown === 'dark' ? 'light' : 'dark')
}

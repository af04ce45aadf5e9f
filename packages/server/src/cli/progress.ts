import type { Terminal } from './terminal.ts'

/** A progress line that overwrites itself. It appears only on a terminal. */
export interface Progress {
  show(text: string): void
  /** Removes the line, so that the next output stands alone. */
  end(): void
}

const showEveryMs = 100

export function progress({ line }: Terminal): Progress {
  let shownAt = Number.NEGATIVE_INFINITY
  return {
    show: (text) => {
      const now = performance.now()
      if (now - shownAt < showEveryMs) return
      shownAt = now
      line?.(text)
    },
    end: () => line?.(''),
  }
}

export function sizeOf(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB']
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1)
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`
}

export function counted(number: number, thing: string): string {
  return `${number.toLocaleString('en')} ${thing}${number === 1 ? '' : 's'}`
}

/** The author of a part, and its licence. */
export interface Part {
  readonly name: string
  readonly version: string
  readonly licence: string
  /** The texts that came with it. */
  readonly texts: readonly string[]
}

/** The notices that the licences require: each part with the full text of its licence. */
export function notices(parts: readonly Part[]): string {
  const list = parts.map(({ name, version, licence }) => `${name} ${version}: ${licence}\n`)
  const whole = parts.map(({ name, version, texts }) => {
    const said =
      texts.length > 0 ? texts.map((text) => text.trim()).join('\n\n') : 'The package contains no licence text.'
    return `\n${'='.repeat(80)}\n${name} ${version}\n\n${said}\n`
  })
  return ['Contents of this bundle and their licences. The licence texts follow.\n\n', ...list, ...whole].join('')
}

/** Who made a part, and on which terms. */
export interface Part {
  readonly name: string
  readonly version: string
  readonly licence: string
  /** The texts that came with it. */
  readonly texts: readonly string[]
}

/** What the licences ask to be told: each part with its terms, in full. */
export function notices(parts: readonly Part[]): string {
  const list = parts.map(({ name, version, licence }) => `${name} ${version}: ${licence}\n`)
  const whole = parts.map(({ name, version, texts }) => {
    const said =
      texts.length > 0 ? texts.map((text) => text.trim()).join('\n\n') : 'It came with no text of its licence.'
    return `\n${'='.repeat(80)}\n${name} ${version}\n\n${said}\n`
  })
  return ['What is in this bundle, and on which terms. The texts follow.\n\n', ...list, ...whole].join('')
}

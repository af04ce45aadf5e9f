// How TypeScript is written: comments, names and the shape of a file.

const columnsMax = 118

/** A doc comment of these paragraphs, on one line where it fits. Nothing for no paragraphs. */
export function docComment(paragraphs: readonly string[], indent: string): string {
  const lines = paragraphs.flatMap((paragraph) => paragraph.split('\n').flatMap((line) => wrapped(line, indent)))
  const [only = ''] = lines
  if (lines.length === 0) return ''
  if (lines.length === 1 && indent.length + only.length + 8 <= columnsMax) return `${indent}/** ${only} */\n`
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}`.trimEnd()).join('\n')}\n${indent} */\n`
}

/** Prose in lines; what is indented is code, and stays as it is. */
function wrapped(text: string, indent: string): string[] {
  if (text.startsWith(' ')) return [text]
  const room = columnsMax - indent.length - 3
  const lines: string[] = []
  let line = ''
  for (const word of text.replaceAll('*/', '*\\/').split(' ')) {
    if (line !== '' && line.length + word.length + 1 > room) {
      lines.push(line)
      line = ''
    }
    line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}

/** `putSecret` and `vault_id` as `PutSecret` and `VaultId`. */
export function pascal(name: string): string {
  return name.replace(/(?:^|[_-])([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

/** A property as it is declared, in quotes where it must be. */
export function property(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)
}

export function literal(value: unknown): string {
  return typeof value === 'string'
    ? `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
    : JSON.stringify(value)
}

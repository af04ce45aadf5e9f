import type { CommandSpec } from '../../derive/commands.ts'

type Item = Readonly<Record<string, unknown>>

const atOnce = 500

/** Reads a whole list in pages, so that no answer is large. A command that names a page gets only that page. */
export async function wholeOf(
  { list, fields }: Pick<CommandSpec, 'list' | 'fields'>,
  input: Item,
  call: (input: Item) => Promise<unknown>,
): Promise<unknown> {
  const hasParts = fields.some(({ name }) => name === 'cursor') && fields.some(({ name }) => name === 'limit')
  if (list === undefined || !hasParts || 'limit' in input || 'cursor' in input) return call(input)
  const items: unknown[] = []
  for (let cursor: unknown; ; ) {
    const { next_cursor, ...answer } = (await call({ ...input, limit: atOnce, cursor })) as Item
    items.push(...((answer[list] ?? []) as unknown[]))
    if (next_cursor === undefined) return { ...answer, [list]: items }
    cursor = next_cursor
  }
}

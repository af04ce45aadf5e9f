// What a GraphQL document does. It is read by the grammar, because a search for the word "mutation" would find it in a
// comment, a string or a field, and miss none of the ways to hide it.

/** The type of a document: a mutation if any of its operations is one. */
export type DocumentType = 'query' | 'mutation'

/** The type of a document, or the reason why it is refused. */
export type Read = { readonly type: DocumentType } | { readonly problem: string }

/**
 * Reads the operations of a document. Servers differ in how they choose one of several. So a document with a mutation is
 * a mutation, even if `operationName` names a query.
 *
 * @example
 * readDocument('query A { a } mutation B { b }', 'A')    // { type: 'mutation' }
 */
export function readDocument(source: string, operationName: string | undefined): Read {
  const tokens = tokensOf(source)
  const definitions = tokens && definitionsOf(tokens)
  if (!definitions) return { problem: 'must be a valid GraphQL document' }
  const operations = definitions.filter(({ type }) => type !== 'fragment')
  if (operations.length === 0) return { problem: 'must have an operation' }
  if (operations.some(({ type }) => type === 'subscription')) return { problem: 'must not have a subscription' }
  const names = operations.map(({ name }) => name)
  if (names.length > 1 && (names.includes('') || new Set(names).size !== names.length)) {
    return { problem: 'must give each operation its own name if it has several' }
  }
  if (operationName === undefined && names.length > 1)
    return { problem: 'needs an operationName, because it has several' }
  if (operationName !== undefined && !(operationName !== '' && names.includes(operationName))) {
    return { problem: 'must have the operation that operationName names' }
  }
  return { type: operations.some(({ type }) => type === 'mutation') ? 'mutation' : 'query' }
}

/** Blanks, comments, strings, names, numbers and signs. Line separators of Unicode end comments for some servers only. */
const lexeme =
  /[\ufeff\t\n\r ,]+|#[^\n\r\u0085\u2028\u2029]*(?=[\n\r]|$)|("""(?:\\"""|[^"\\]|\\(?!""")|"(?!""))*"""|"(?!"")(?:[^"\\\n\r\u0085\u2028\u2029]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}|u\{[0-9A-Fa-f]{1,6}\}))*"|""(?!")|[_A-Za-z][_0-9A-Za-z]*|-?[0-9][0-9.eE+-]*|\.\.\.|[!$&():=@[\]{|}])/y

function tokensOf(source: string): string[] | null {
  const tokens: string[] = []
  for (let at = 0; at < source.length; ) {
    lexeme.lastIndex = at
    const [all = '', token] = lexeme.exec(source) ?? []
    if (all === '') return null
    if (token !== undefined) tokens.push(token)
    at += all.length
  }
  return tokens
}

interface Definition {
  readonly type: DocumentType | 'subscription' | 'fragment'
  readonly name: string
}

/** The tokens before the selection, with each pair of parentheses as one. */
const header =
  /^(?:(query|mutation|subscription)(?: ([_A-Za-z]\w*))?(?: \(\))?|(fragment) ([_A-Za-z]\w*) on [_A-Za-z]\w*)?(?: @ [_A-Za-z]\w*(?: \(\))?)*$/

/** The definitions of a document that can be executed. Null if it has others, or brackets that do not match. */
function definitionsOf(tokens: readonly string[]): Definition[] | null {
  const found: Definition[] = []
  for (let at = 0; at < tokens.length; ) {
    const end = endOfDefinition(tokens, at)
    if (end === null) return null
    const { head, next } = end
    const [whole, operation, operationName, fragment, fragmentName] = header.exec(head.join(' ')) ?? []
    if (whole === undefined || whole.startsWith(' ')) return null
    const type = (operation ?? fragment ?? 'query') as Definition['type']
    found.push({ type, name: operationName ?? fragmentName ?? '' })
    at = next
  }
  return found
}

const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }

/** A definition ends with its selection, which is its first braces outside of parentheses. */
function endOfDefinition(tokens: readonly string[], from: number) {
  const open: string[] = []
  const head: string[] = []
  let isSelection = false
  for (let at = from; at < tokens.length; at++) {
    const token = tokens[at] as string
    const closed = closing[token]
    if (open.length === 0 && token === '{') isSelection = true
    else if (open.length === 0) head.push(token === '(' ? '()' : token)
    if (closed !== undefined) open.push(closed)
    else if (/^[)\]}]$/.test(token)) {
      if (open.pop() !== token) return null
      if (isSelection && open.length === 0) return { head, next: at + 1 }
    }
  }
  return null
}

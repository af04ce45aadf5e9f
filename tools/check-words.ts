// Refuses prose that has to be read twice, in what callers, operators and agents read: the summaries and descriptions of
// openapi.json, the help of the command line, its errors and those of the engine and the server, the settings, the dashboard
// and the documents. The rules are those of STYLE.md, "Words".
//
//   tsx tools/check-words.ts
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { transformSync } from 'esbuild'

interface Text {
  readonly where: string
  readonly text: string
  /** One line of a list: one fact. */
  readonly isSummary?: boolean
}

const root = resolve(import.meta.dirname, '..')
const wordsMax = 25

const refused: readonly (readonly [RegExp, string])[] = [
  [/\bwhoever\b/i, 'name the actor: caller, agent, operator, server'],
  [
    /\b(some|any|every)(body|one)\b(?! with )|\bnobody\b|\bno one\b/i,
    'name the actor: caller, agent, operator, server',
  ],
  [/\bby (itself|themselves)\b/i, 'write "automatically", or name what does it'],
  [/\bunless told\b/i, 'write "Default: x"'],
  [/\bmay not even\b/i, 'say what the caller gets'],
  [/\bwhat (becomes|became) of\b/i, 'name the policy or the result'],
  [/\bis told of\b/i, 'name the record or the message'],
  [/\bthere is no such\b/i, 'name the thing: "The agent does not exist."'],
  [/\band a sign\b/i, 'write "symbol"'],
  [/\bmust be a text\b/i, 'write "is missing" or "must be a string"'],
]

const texts = [...contractTexts(), ...sourceTexts(), ...documentTexts()]
const problems = texts.flatMap((text) =>
  problemsOf(text).map((problem) => `${text.where}: ${problem}\n    ${text.text}`),
)

for (const problem of problems) console.error(problem)
console.log(
  `check-words: ${texts.length} texts, ${problems.length === 0 ? 'all plain' : `${problems.length} problems`}`,
)
process.exitCode = problems.length === 0 ? 0 : 1

function problemsOf({ text, isSummary }: Text): string[] {
  const found = refused
    .filter(([words]) => words.test(text))
    .map(([words, advice]) => `${text.match(words)?.[0]}: ${advice}`)
  if (isSummary && text.includes(';')) found.push('two facts joined by a semicolon: write two sentences')
  for (const sentence of text.split(/(?<=[.!?:;])\s+/)) {
    const count = sentence.split(/\s+/).filter((word) => /\p{L}/u.test(word)).length
    if (count > wordsMax) found.push(`a sentence of ${count} words, where ${wordsMax} are the most`)
  }
  return found
}

/** The summaries and descriptions of openapi.json. */
function contractTexts(): Text[] {
  const file = 'packages/server/openapi.json'
  const found = new Map<string, Text>()
  const visit = (node: unknown, at: string): void => {
    if (node === null || typeof node !== 'object') return
    for (const [key, value] of Object.entries(node)) {
      const isText = (key === 'summary' || key === 'description') && typeof value === 'string'
      if (isText) found.set(value, { where: `${file} ${at}`, text: value, isSummary: true })
      else visit(value, `${at}/${key}`)
    }
  }
  visit(JSON.parse(readFileSync(join(root, file), 'utf8')), '')
  return [...found.values()]
}

/** Every string of the source that reads like a sentence: messages, help, settings. */
function sourceTexts(): Text[] {
  const folders = ['core/src', 'server/src', 'server/dashboard', 'adapters/src']
  const files = folders.flatMap((name) => sourcesIn(join(root, 'packages', name)))
  return files.flatMap((file) => {
    // What comes out has no comments, and a text that was written in pieces is in one piece.
    const loader = file.endsWith('x') ? 'tsx' : 'ts'
    const { code } = transformSync(readFileSync(file, 'utf8'), { loader, minifySyntax: true, charset: 'utf8' })
    // The first alternative is a regular expression: its quotes begin no text.
    const literals = [
      ...code.matchAll(
        /(?<=[(,=:[!&|?{};>]\s*)\/(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\[\s\S])*)`/g,
      ),
    ]
    // Elements of a page end a sentence.
    const tag = /<[!/]?[a-z][^>]*>/g
    const isSql = (text: string) => /^\s*(ALTER|CREATE|DELETE|INSERT|SELECT|UPDATE|WITH) /.test(text)
    const isScript = (text: string) => /^\s*(const|let) \w+ = /.test(text)
    return literals.flatMap(([, plain, template]) => {
      const text = (plain ?? template ?? '')
        .replaceAll(/\$\{[^}]*\}/g, 'x')
        .replaceAll('\\n', '\n')
        .replaceAll(tag, '\n\n')
      return /\p{L}{2,} \p{L}{2,}/u.test(text) && !isSql(text) && !isScript(text)
        ? paragraphs(relative(root, file), text)
        : []
    })
  })
}

function sourcesIn(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return files
    .filter((file) => /(?<!\.test)\.tsx?$/.test(file) && !/^(dist|node_modules)\//.test(file))
    .map((file) => join(folder, file))
}

/** The documents, without their code. */
function documentTexts(): Text[] {
  return documents().flatMap((file) => {
    const prose = readFileSync(join(root, file), 'utf8')
      .replaceAll(/^```[\s\S]*?^```/gm, '')
      .replaceAll(/`[^`]*`/g, 'x')
      .replaceAll('**', '')
    return paragraphs(file, prose)
  })
}

function documents(): string[] {
  const readmes = ['packages', 'packages/core/src/areas', 'examples'].flatMap((folder) =>
    foldersIn(folder).map((name) => `${folder}/${name}/README.md`),
  )
  return [
    ...['README.md', 'SECURITY.md', 'CONTRIBUTING.md', 'STYLE.md', 'examples/README.md'],
    ...['packages/server/test/attacks/README.md', 'tools/create-plugin/README.md', ...readmes],
    ...readdirSync(join(root, 'docs')).map((file) => `docs/${file}`),
  ].filter((file) => file.endsWith('.md') && existsSync(join(root, file)))
}

function foldersIn(folder: string): string[] {
  const entries = readdirSync(join(root, folder), { withFileTypes: true })
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
}

function paragraphs(where: string, text: string): Text[] {
  const parts = text.split(/\n\s*\n|\n(?=[-|#\d])|\|/).map((part) => part.replaceAll(/\s+/g, ' ').trim())
  return parts.filter((part) => part.length > 0).map((part) => ({ where, text: part }))
}

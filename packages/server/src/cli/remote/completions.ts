/** A command, as a shell completes it. */
export interface Completion {
  readonly command: string
  readonly summary: string
  readonly flags: readonly string[]
}

type Script = (completions: readonly Completion[]) => string

/** The completion script of each shell. The script has a table of the next words, so the shell only looks them up. */
export const scripts: Readonly<Record<string, Script>> = { bash, zsh, fish }

function bash(completions: readonly Completion[]): string {
  return `_pawl() {
  local word=\${COMP_WORDS[COMP_CWORD]} before="\${COMP_WORDS[*]:1:COMP_CWORD-1}" list
  before=\${before%% -*}
  case "$before" in
${branches(completions)}
  esac
  COMPREPLY=($(compgen -W "$list" -- "$word"))
  [[ \${#COMPREPLY[@]} -gt 0 ]] || COMPREPLY=($(compgen -f -- "$word"))
}
complete -F _pawl pawl`
}

function zsh(completions: readonly Completion[]): string {
  return `#compdef pawl
_pawl() {
  local before="\${words[2,CURRENT-1]}" list
  before=\${before%% -*}
  case "$before" in
${branches(completions)}
  esac
  compadd -- \${=list} || _files
}
compdef _pawl pawl`
}

interface Case {
  /** The words before the one that is completed. */
  readonly words: string
  /** Whether other words may come in between. */
  readonly isOpen: boolean
  /** The possible words, each with a description if there is one. */
  readonly list: readonly (readonly [word: string, about: string])[]
}

/** The longer words first, because they begin with the shorter. */
function casesOf(completions: readonly Completion[]): Case[] {
  const groups = new Map<string, [string, string][]>([['', []]])
  const top = new Map<string, string>()
  for (const { command, summary } of completions) {
    const [noun = '', verb] = command.split(' ')
    if (verb === undefined) top.set(noun, summary)
    else {
      groups.set(noun, [...(groups.get(noun) ?? []), [verb, summary]])
      if (!top.has(noun)) top.set(noun, '')
    }
  }
  groups.set('', [...top])
  return [
    ...[...groups].map(([words, list]) => ({ words, isOpen: false, list })),
    ...[...completions]
      .sort((a, b) => b.command.length - a.command.length)
      .map(({ command, flags }) => ({
        words: command,
        isOpen: true,
        list: flags.map((flag) => [flag, ''] as const),
      })),
  ]
}

/** In the `case` syntax of bash and zsh. */
function branches(completions: readonly Completion[]): string {
  return casesOf(completions)
    .map(
      ({ words, isOpen, list }) =>
        `    '${words}'${isOpen ? '*' : ''}) list='${list.map(([word]) => word).join(' ')}' ;;`,
    )
    .join('\n')
}

function fish(completions: readonly Completion[]): string {
  const quoted = (text: string) => `'${text.replaceAll('\\', '').replaceAll("'", '’')}'`
  const cases = casesOf(completions).map(({ words, isOpen, list }) => {
    const answers = list.map(([word, about]) => quoted(about ? `${word}\t${about}` : word)).join(' ')
    // Also completes files if an argument may be a file.
    const files = isOpen ? ["string match -q -- '-*' $word; or __fish_complete_path $word"] : []
    return [`    case '${words}${isOpen ? '*' : ''}'`, `printf '%s\\n' ${answers}`, ...files].join('\n      ')
  })
  return `function __pawl
  set -l word (commandline -ct)
  set -l before
  for one in (commandline -opc)[2..]
    string match -q -- '-*' $one; and break
    set -a before $one
  end
  switch "$before"
${cases.join('\n')}
  end
end
complete -c pawl -f -a '(__pawl)'`
}

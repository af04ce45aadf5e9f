/** A command, as a shell completes it. */
export interface Completion {
  readonly command: string
  readonly summary: string
  readonly flags: readonly string[]
}

type Script = (completions: readonly Completion[]) => string

/** What each shell reads. What comes after which words is worked out here, so that the shell only looks it up. */
export const scripts: Readonly<Record<string, Script>> = { bash, zsh, fish }

function bash(completions: readonly Completion[]): string {
  return `_pawl() {
  local word=\${COMP_WORDS[COMP_CWORD]} before="\${COMP_WORDS[*]:1:COMP_CWORD-1}" list
  before=\${before%% -*}
  case "$before" in
${casesOf(completions)}
  esac
  COMPREPLY=($(compgen -W "$list" -- "$word"))
  [[ \${#COMPREPLY[@]} -gt 0 ]] || COMPREPLY=($(compgen -f -- "$word"))
}
complete -F _pawl pawl`
}

function zsh(completions: readonly Completion[]): string {
  return `#compdef pawl
_pawl() {
  local before="\${command[2,CURRENT-1]}" list
  before=\${before%% -*}
  case "$before" in
${casesOf(completions)}
  esac
  compadd -- \${=list} || _files
}
compdef _pawl pawl`
}

/** The longer words first, because they begin with the shorter. */
function casesOf(completions: readonly Completion[]): string {
  const flags = [...completions].sort((a, b) => b.command.length - a.command.length)
  const nouns = [
    ...new Set(completions.flatMap(({ command }) => (command.includes(' ') ? [command.split(' ')[0] ?? ''] : []))),
  ]
  const verbs = (noun: string) =>
    completions.flatMap(({ command }) => (command.startsWith(`${noun} `) ? [command.slice(noun.length + 1)] : []))
  const top = [...new Set(completions.map(({ command }) => command.split(' ')[0] ?? ''))]
  return [
    `    '') list='${top.join(' ')}' ;;`,
    ...nouns.map((noun) => `    '${noun}') list='${verbs(noun).join(' ')}' ;;`),
    ...flags.map(({ command, flags }) => `    '${command}'*) list='${flags.join(' ')}' ;;`),
  ].join('\n')
}

function fish(completions: readonly Completion[]): string {
  const about = (text: string) => `'${text.replaceAll('\\', '').replaceAll("'", '’')}'`
  const alone = completions.filter(({ command }) => !command.includes(' '))
  const groups = new Set(
    completions.flatMap(({ command }) => (command.includes(' ') ? [command.split(' ')[0] ?? ''] : [])),
  )
  const lines = [
    'complete -c pawl -f',
    ...alone.map(
      ({ command, summary }) => `complete -c pawl -n __fish_use_subcommand -a ${command} -d ${about(summary)}`,
    ),
    ...[...groups]
      .filter((noun) => !alone.some(({ command }) => command === noun))
      .map((noun) => `complete -c pawl -n __fish_use_subcommand -a ${noun}`),
  ]
  for (const { command, summary, flags } of completions) {
    const [noun = '', verb] = command.split(' ')
    const here = `'__fish_seen_subcommand_from ${noun}${verb ? `; and __fish_seen_subcommand_from ${verb}` : ''}'`
    if (verb) lines.push(`complete -c pawl -n '__fish_seen_subcommand_from ${noun}' -a ${verb} -d ${about(summary)}`)
    for (const flag of flags) lines.push(`complete -c pawl -n ${here} -l ${flag.slice(2)}`)
  }
  return lines.join('\n')
}

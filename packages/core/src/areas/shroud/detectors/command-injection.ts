import type { Level } from '../settings.ts'
import type { Detector, Hit } from './detector.ts'
import { type Pattern, PatternSet } from './patterns.ts'
import { userPatterns } from './user-patterns.ts'

// Commands that a text carries to where a shell could run them. People who write programs talk about commands all day, so
// the default patterns look for what does harm or hides, and not for every command.

const rule = (
  name: string,
  severity: Pattern['severity'],
  starts: string,
  expression: RegExp,
  message: string,
): Pattern => ({ ...{ name, severity, starts, expression, message }, score: severity === 'critical' ? 0.95 : 0.8 })

const shell = '(?:ba|z|k|c|da|fi)?sh'
const downloads = '(?:curl|wget|fetch|iwr|invoke-webrequest)'
/** What a chain would end in. */
const harmful = `(?:curl|wget|nc|ncat|netcat|rm -|rm /|chmod [0-7+]|chown |mkfs|dd if|sudo |su -|${shell} -[ci]|python[23]? -c|perl -e|ruby -e|php -r|node -e|eval |exec |base64 -|cat /etc|cat ~|scp |telnet |shutdown|reboot|halt|kill -9|useradd|usermod|passwd|crontab|nohup|id;|id$|whoami|uname -a|env\\b|printenv|powershell|cmd(?:\\.exe)? /c|certutil|bitsadmin)`

const unmistakable: readonly Pattern[] = [
  rule(
    'pipe_to_shell',
    'critical',
    'curl wget fetch iwr invoke-webrequest',
    new RegExp(
      `${downloads}\\b[^\\n|]{1,300}\\| {0,3}(?:sudo (?:-[a-z]{1,3} )?)?(?:/(?:usr/)?bin/)?(?:${shell}|python[23]?|perl|ruby|node|php|iex|invoke-expression)\\b`,
      'y',
    ),
    'The text sends a download to a shell.',
  ),
  rule(
    'pipe_to_shell',
    'critical',
    'base64',
    new RegExp(`base64 {1,3}(?:-d|-D|--decode)\\b[^\\n|]{0,200}\\| {0,3}(?:sudo )?${shell}\\b`, 'y'),
    'The text sends decoded data to a shell.',
  ),
  rule(
    'download_and_run',
    'critical',
    'bash sh zsh eval source python python3',
    new RegExp(`(?:${shell}|eval|source|python3?) {1,3}(?:-c {1,3})?["']?(?:<\\(|\\$\\(|\`) {0,2}${downloads}\\b`, 'y'),
    'The text runs a download.',
  ),
  rule(
    'reverse_shell',
    'critical',
    '/dev/tcp/ /dev/udp/',
    /\/dev\/(?:tcp|udp)\/[a-z0-9.$_{}-]{1,100}(?:\/[0-9${}a-z_]{1,20})?/y,
    'The text opens a shell to another machine.',
  ),
  rule(
    'reverse_shell',
    'critical',
    'bash sh zsh',
    /(?:ba|z)?sh {1,3}-i {0,3}(?:>&|[0-9]?>|<)/y,
    'The text opens a shell to another machine.',
  ),
  rule(
    'reverse_shell',
    'critical',
    'nc ncat netcat',
    /(?:nc|ncat|netcat)(?:\.exe|\.traditional|\.openbsd)? [^\n]{0,80}(?:-[a-z]{0,4}[ec][a-z]{0,2} {1,3}(?:\/(?:usr\/)?bin\/)?(?:ba|z|da)?sh|-e cmd|--exec|--sh-exec)/y,
    'The text gives a shell to another machine.',
  ),
  rule(
    'reverse_shell',
    'critical',
    'mkfifo',
    /mkfifo {1,3}[^\n;]{1,80};[^\n]{0,200}(?:nc|ncat|telnet|openssl)\b/y,
    'The text opens a shell to another machine.',
  ),
  rule(
    'reverse_shell',
    'critical',
    'python python3 python2 perl ruby php',
    /(?:python[23]?|perl|ruby|php) {1,3}-[cer] {1,3}["'][^\n]{0,200}(?:socket|fsockopen|tcpsocket|pty\.spawn)/y,
    'The text opens a connection from a line of code.',
  ),
  rule(
    'destructive',
    'critical',
    'rm',
    /rm {1,3}(?:-[a-z-]{1,20} {1,3}){0,4}(?:-[a-z]{0,4}(?:rf|fr|r)[a-z]{0,4}|--recursive|--force)(?: {1,3}-[a-z-]{1,20}){0,3} {1,3}["']?(?:\/(?:\*|etc|usr|var|home|bin|boot|lib|root|opt|srv|sys|dev|\s|$)|~|\$home|\*|\.\.|\/["'])/y,
    'The text deletes whole folders of a system.',
  ),
  rule(
    'destructive',
    'critical',
    'mkfs',
    /mkfs(?:\.[a-z0-9]{2,8})? {1,3}[^\n]{0,40}\/dev\//y,
    'The text formats a disk.',
  ),
  rule('destructive', 'critical', 'dd', /dd {1,3}if=[^\s]{1,80} {1,3}of=\/dev\/[a-z]/y, 'The text overwrites a disk.'),
  rule('destructive', 'critical', ':(', /:\( ?\) ?\{ ?: ?\| ?: ?& ?\} ?;? ?:/y, 'The text exhausts a machine.'),
  rule(
    'destructive',
    'high',
    'format del rd',
    /(?:format {1,3}[a-z]:|del {1,3}(?:\/[a-z] {1,3}){1,4}[a-z]:\\|rd {1,3}\/s[^\n]{0,20}[a-z]:\\)/y,
    'The text deletes a disk.',
  ),
  rule(
    'encoded_command',
    'critical',
    'powershell pwsh',
    /(?:powershell|pwsh)(?:\.exe)? [^\n]{0,120}-(?:encodedcommand|enc|ec|e) {1,3}[a-z0-9+/=]{16,400}/y,
    'The text runs a command that it hides.',
  ),
  rule(
    'encoded_command',
    'critical',
    'iex invoke-expression',
    /(?:iex|invoke-expression) {0,3}\(? {0,3}\(?(?:new-object|invoke-webrequest|iwr|\[system\.)/y,
    'The text runs a download.',
  ),
]

const usual: readonly Pattern[] = [
  rule('path_traversal', 'high', '../ ..\\', /(?:\.\.[\\/]){2,60}[^\s"']{0,100}/y, 'The text leaves a folder upwards.'),
  rule('path_traversal', 'high', '%2e%2e', /(?:%2e%2e(?:%2f|%5c|\/)){1,40}/y, 'The text leaves a folder upwards.'),
  rule(
    'chained_command',
    'high',
    '; && || &',
    new RegExp(`(?:;|&&|\\|\\||&) {0,3}(?:sudo (?:-[a-z]{1,3} )?)?${harmful}`, 'y'),
    'The text appends a command.',
  ),
  rule(
    'chained_command',
    'high',
    '|',
    new RegExp(
      `\\| {0,3}(?:sudo )?(?:/(?:usr/)?bin/)?(?:${shell}|nc|ncat|netcat|telnet) {0,2}(?:-[a-z]{1,4}\\b|[a-z0-9.-]{4,100} {1,2}[0-9]{2,5}|$|\\n|["'\`])`,
      'y',
    ),
    'The text sends data to a command.',
  ),
  rule(
    'command_substitution',
    'high',
    '$(',
    new RegExp(
      `\\$\\( {0,3}(?:${harmful}|cat |ls[ )]|id\\)|hostname|find |grep |echo [^)\\n]{1,80}\\||${downloads})`,
      'y',
    ),
    'The text runs a command within another.',
  ),
  rule(
    'command_substitution',
    'high',
    'echo curl wget ping nslookup dig host= url= x= a= q= -d export',
    new RegExp(
      `(?:(?:echo|curl|wget|ping|nslookup|dig|export)[^\\n\`]{1,120}|(?:host|url|x|a|q|-d)=?[^\\n\`]{0,40})\`(?:${harmful}|cat |ls[ \`]|id\`|hostname|find |uname)`,
      'y',
    ),
    'The text runs a command within another.',
  ),
  rule(
    'command_substitution',
    'high',
    ';` |` &`',
    new RegExp(`[;|&]\`(?:${harmful}|cat |id\`|ls)`, 'y'),
    'The text runs a command within another.',
  ),
  rule(
    'environment_takeover',
    'high',
    'ld_preload ld_library_path dyld_insert_libraries',
    /(?:ld_preload|ld_library_path|dyld_insert_libraries) {0,2}=[^\s]{1,200}/y,
    'The text loads code into other programs.',
  ),
  rule(
    'environment_takeover',
    'high',
    'path',
    /path=(?:\/tmp|\.|\/dev\/shm|\/var\/tmp)[^\s]{0,200}/y,
    'The text changes where programs are found.',
  ),
  rule(
    'privilege_change',
    'high',
    'chmod',
    /chmod {1,3}(?:-r {1,3})?(?:[0-7]?777|[ugoa]{0,4}\+s|4[0-7]{3}) {1,3}\/[^\s]{1,200}/y,
    'The text opens files to every user.',
  ),
  rule(
    'persistence',
    'high',
    'crontab echo (crontab',
    /(?:\(crontab -l|crontab {1,3}-[^\n]{0,40}\||echo [^\n]{1,200}>> {0,2}(?:~\/\.(?:bashrc|profile|zshrc|ssh\/authorized_keys)|\/etc\/(?:crontab|passwd|sudoers|rc\.local)))/y,
    'The text stays on a machine.',
  ),
]

const more: readonly Pattern[] = [
  rule(
    'any_chain',
    'medium',
    '; && ||',
    /(?:;|&&|\|\|) {0,3}(?:ls|cd|cat|echo|ps|mv|cp|touch|mkdir|kill|find|grep|awk|sed|tar|zip|ssh|git|npm|pip|docker|export|source)\b/y,
    'The text chains commands.',
  ),
  rule(
    'any_substitution',
    'medium',
    '$( `',
    /(?:\$\([a-z/][^)\n]{1,200}\)|`[a-z/]{2,20} [^`\n]{1,200}`)/y,
    'The text has a command within another.',
  ),
  rule('path_traversal', 'medium', '../ ..\\', /\.\.[\\/][^\s]{1,100}/y, 'The text leaves a folder upwards.'),
  rule('sudo', 'medium', 'sudo', /sudo {1,3}[a-z/][^\n]{1,200}/y, 'The text asks for the rights of an administrator.'),
  rule('download', 'medium', 'curl wget', /(?:curl|wget) {1,3}[^\n]{1,300}/y, 'The text downloads something.'),
]

export const commandPatterns: Readonly<Record<Level, PatternSet>> = {
  relaxed: new PatternSet(unmistakable),
  default: new PatternSet([...unmistakable, ...usual]),
  strict: new PatternSet([...unmistakable, ...usual, ...more]),
}

export const commandInjection: Detector = {
  name: 'command_injection',
  isOn: ({ commands: { isOn } }) => isOn,
  detect: ({ shadow, part }, { commands: { action, level, customPatterns } }) => {
    // What the agent itself says to the model, and what the model has said.
    if (part.role === 'system' || (part.role === 'assistant' && part.tool === undefined)) return []
    const hits: Hit[] = commandPatterns[level]
      .findIn(shadow, shadow.lower)
      .map(({ pattern: { name, severity, score, message }, start, end }) => ({
        ...{ rule: name, severity, score, message, start, end, action, marker: '[REMOVED:command]' },
      }))
    for (const { start, end } of userPatterns(customPatterns).find(shadow.text)) {
      const message = 'The text matches a pattern of the operator.'
      hits.push({
        ...{ rule: 'custom_pattern', severity: 'high', score: 0.8, message, start, end, action },
        marker: '[REMOVED:command]',
      })
    }
    return hits
  },
}

import { type Check, diagnose, readConfig } from '../../host/index.ts'
import { command } from '../command.ts'
import { exits } from '../exits.ts'
import { bold, dim } from '../terminal.ts'

/** `pawl doctor` */
export const doctor = command({
  flags: [{ flag: 'json', takes: 'nothing', about: 'Print the checks as JSON.' }],
  help: () => [
    'Prints one line per check: ok, warn or fail, and what to do. Changes nothing. Exits with 1 if a check fails.',
  ],
  run: async ({ flags }, terminal) => {
    const checks = await diagnose(readConfig(terminal.env))
    if (flags.has('json')) terminal.out(JSON.stringify(checks, null, 2))
    else for (const line of checks.flatMap((check) => shown(check))) terminal.out(line)
    return checks.some(({ verdict }) => verdict === 'fail') ? exits.failed : exits.ok

    function shown({ name, verdict, says, remedy }: Check): string[] {
      const mark = verdict === 'ok' ? verdict : bold(verdict, terminal)
      const line = `${mark}${' '.repeat(6 - verdict.length)}${name.padEnd(10)}${says}`
      return remedy === undefined ? [line] : [line, dim(`${' '.repeat(16)}${remedy}`, terminal)]
    }
  },
})

import { describe, expect, test } from 'vitest'
import { readArguments } from '../arguments.ts'
import { ownCommands } from '../manifest.ts'
import { flagsOf } from './form.ts'
import { typedOf } from './input.ts'

function typed(command: string, ...args: string[]) {
  const spec = ownCommands().find((one) => one.command === command) ?? expect.fail()
  return Object.fromEntries(typedOf(spec, readArguments(command, args, flagsOf(spec))))
}

describe('what is typed after a command (N4)', () => {
  test('a list takes the prefix as its one argument, as vault kv list does, or as a flag', () => {
    expect(typed('secret list', 'db/')).toEqual({ prefix: ['db/'] })
    expect(typed('secret list', '--prefix', 'db/')).toEqual({ prefix: ['db/'] })
    expect(() => typed('secret list', 'db/', 'app/')).toThrow('takes no positional arguments')
  })

  test('a lone dash after the path stands for standard input, which is read anyway', () => {
    expect(typed('secret set', 'db/password', '-')).toEqual({ path: ['db/password'] })
  })

  test.each([
    [['db/password', 'value=x']],
    [['DB_PASSWORD=x']],
    [['db/password', '@file']],
    [['db/password', '--password', 'x']],
    [['db/password', '--body=x']],
  ])('a value on the command line is refused, with the way to give it: %j', (args) => {
    expect(() => typed('secret set', ...args)).toThrow(/command line.*[Pp]ipe it in|takes only <path>/)
  })
})

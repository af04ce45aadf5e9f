import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { initialiseToken, readConfig, readPin } from '../../host/index.ts'
import { exits } from '../exits.ts'
import { type Command, columns, type Terminal, UsageError } from '../terminal.ts'

const options = {
  label: { type: 'string', default: 'pawl' },
  module: { type: 'string' },
  'pin-file': { type: 'string' },
  'so-pin-file': { type: 'string' },
} as const

/** `pawl hsm init` */
export const hsmInit: Command = {
  usage: '[options]',
  help: () => [
    'A token that is initialised already is never touched. Without files, the PINs are asked for on the terminal.',
    '',
    ...columns([
      ['--label <text>', 'What the token is called; pawl by default.'],
      ['--module <path>', 'The PKCS#11 module; by default the one that PAWL_HSM names.'],
      ['--pin-file <path>', 'File of the PIN that opens the keys. The vault reads it at each start.'],
      ['--so-pin-file <path>', 'File of the PIN of the security officer. The vault never needs it.'],
    ]),
  ],
  run: async (args, terminal) => {
    const { label, module, 'pin-file': pinFile, 'so-pin-file': soPinFile } = optionsIn(args)
    const modulePath = module === undefined ? configuredModule(terminal) : resolve(module)
    const soPin = await pinFrom(soPinFile, 'PIN of the security officer', terminal)
    const pin = await pinFrom(pinFile, 'PIN of the user', terminal)
    const pinSource = pinFile === undefined ? {} : { pinSource: resolve(pinFile) }
    const uri = await initialiseToken({ modulePath, label, soPin, pin, ...pinSource })
    terminal.out(`The token ${label} is ready. Keep the PIN of its security officer away from this machine, and set:`)
    terminal.out(`PAWL_HSM='${uri}'`)
    return exits.ok
  },
}

function optionsIn(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, strict: true }).values
  } catch {
    throw new UsageError('hsm init takes --label, --module, --pin-file and --so-pin-file; PINs stand in files')
  }
}

function configuredModule({ env }: Terminal): string {
  const { hsm } = readConfig(env)
  if (hsm?.kind === 'pkcs11') return hsm.modulePath
  throw new UsageError('hsm init needs --module, the path of the PKCS#11 module')
}

async function pinFrom(file: string | undefined, name: string, terminal: Terminal): Promise<Uint8Array> {
  if (file !== undefined) return readPin(resolve(file))
  if (!terminal.ask) throw new UsageError('hsm init needs --pin-file and --so-pin-file where there is no terminal')
  const pin = await terminal.ask(`${name}: `)
  if (pin === '') throw new UsageError(`the ${name} must not be empty`)
  if (pin !== (await terminal.ask(`${name}, again: `))) throw new UsageError(`the ${name} was not the same twice`)
  return new TextEncoder().encode(pin)
}

import { resolve } from 'node:path'
import { initialiseToken, readConfig, readPin } from '../../host/index.ts'
import { last } from '../arguments.ts'
import { command } from '../command.ts'
import { exits } from '../exits.ts'
import { type Terminal, UsageError } from '../terminal.ts'

/** `pawl hsm init` */
export const hsmInit = command({
  flags: [
    { flag: 'label', takes: 'value', value: 'text', about: 'Label of the token. Default: pawl.' },
    {
      flag: 'module',
      takes: 'value',
      value: 'path',
      about: 'Path of the PKCS#11 module. Default: the module in PAWL_HSM.',
    },
    {
      flag: 'pin-file',
      takes: 'value',
      value: 'path',
      about: 'File with the user PIN. The vault reads it at each start.',
    },
    {
      flag: 'so-pin-file',
      takes: 'value',
      value: 'path',
      about: 'File with the PIN of the security officer. The vault never reads it.',
    },
  ],
  help: () => [
    'Never changes a token that is already initialised. Without PIN files, asks for the PINs on the terminal.',
  ],
  run: async ({ flags }, terminal) => {
    const label = last(flags, 'label') ?? 'pawl'
    const [module, pinFile, soPinFile] = ['module', 'pin-file', 'so-pin-file'].map((flag) => last(flags, flag))
    const modulePath = module === undefined ? configuredModule(terminal) : resolve(module)
    const soPin = await pinFrom(soPinFile, 'PIN of the security officer', terminal)
    const pin = await pinFrom(pinFile, 'user PIN', terminal)
    const pinSource = pinFile === undefined ? {} : { pinSource: resolve(pinFile) }
    const uri = await initialiseToken({ modulePath, label, soPin, pin, ...pinSource })
    terminal.out(`The token ${label} is ready. Keep the PIN of the security officer on another machine, and set:`)
    terminal.out(`PAWL_HSM='${uri}'`)
    return exits.ok
  },
})

function configuredModule({ env }: Terminal): string {
  const { hsm } = readConfig(env)
  if (hsm?.kind === 'pkcs11') return hsm.modulePath
  throw new UsageError('hsm init needs --module, the path of the PKCS#11 module')
}

async function pinFrom(file: string | undefined, name: string, terminal: Terminal): Promise<Uint8Array> {
  if (file !== undefined) return readPin(resolve(file))
  if (!terminal.ask) throw new UsageError('hsm init needs --pin-file and --so-pin-file when it has no terminal')
  const pin = await terminal.ask(`${name}: `)
  if (pin === '') throw new UsageError(`the ${name} must not be empty`)
  if (pin !== (await terminal.ask(`${name}, again: `))) throw new UsageError(`the two entries of the ${name} differ`)
  return new TextEncoder().encode(pin)
}

import { singular } from '../derive/singular.ts'

// Aliases for users of other programs: vault, op, doppler, gh, aws. No other file has aliases.

/** Aliases of a whole command. */
const commands = new Map(
  Object.entries({
    get: 'secret get',
    read: 'secret get',
    cat: 'secret get',
    show: 'secret get',
    set: 'secret set',
    put: 'secret set',
    write: 'secret set',
    ls: 'secret list',
    list: 'secret list',
    rm: 'secret delete',
    delete: 'secret delete',
    remove: 'secret delete',
    describe: 'secret describe',
    rotate: 'secret rotate',
    generate: 'secret rotate',
    history: 'secret versions',
    versions: 'secret versions',
    diff: 'secret diff',
    undelete: 'secret restore',
    'secret trash': 'secret list-deleted',
    run: 'env run',
    exec: 'env run',
    pull: 'env pull',
    push: 'env push',
    'env export': 'env pull',
    'secret download': 'env pull',
    'secret upload': 'env push',
    'secret metadata get': 'secret describe',
    'secret share': 'share create',
    edit: 'secret set',
    export: 'env pull',
    setup: 'vault link',
    use: 'vault link',
    link: 'vault link',
    unlink: 'vault unlink',
    explain: 'policy explain',
    signin: 'login',
    signout: 'logout',
    'auth login': 'login',
    'auth logout': 'logout',
    'auth status': 'whoami',
    'auth whoami': 'whoami',
    'token lookup': 'whoami',
    me: 'whoami',
    status: 'health',
    members: 'org members',
    users: 'org members',
    'user list': 'org members',
    'user add': 'org add-member',
    'member list': 'org members',
    'member add': 'org add-member',
    invite: 'org invite',
    server: 'serve',
    start: 'serve',
    'operator init': 'hsm init',
    'operator seal': 'seal',
    'operator unseal': 'unseal',
    'operator rotate': 'keys rotate',
    activity: 'audit list',
    log: 'audit list',
    logs: 'audit list',
    'vault use': 'vault link',
    'vault switch': 'vault link',
    'vault select': 'vault link',
    'secretsmanager list-secrets': 'secret list',
    'secretsmanager get-secret-value': 'secret get',
    'ssm get-parameter': 'secret get',
    'sts get-caller-identity': 'whoami',
  }),
)

/** Aliases of a noun. Its plural is one too. */
const nouns = new Map(
  Object.entries({
    kv: 'secret',
    item: 'secret',
    document: 'secret',
    key: 'api-key',
    token: 'api-key',
    apikey: 'api-key',
    acl: 'policy',
    perm: 'policy',
    permission: 'policy',
    environment: 'env',
    organization: 'org',
    service: 'binding',
    'service-account': 'agent',
  }),
)

/** Aliases of a verb, each with the verbs that it may mean. The first verb that the noun has counts. */
const verbs = new Map<string, readonly string[]>(
  Object.entries({
    ls: ['list', 'members'],
    list: ['members', 'calls'],
    rm: ['delete', 'revoke', 'remove-member'],
    delete: ['revoke', 'remove-member'],
    remove: ['delete', 'revoke', 'remove-member'],
    destroy: ['delete'],
    revoke: ['delete'],
    show: ['get', 'list'],
    read: ['get', 'open'],
    view: ['get', 'open'],
    cat: ['get', 'open'],
    put: ['set', 'update'],
    write: ['set', 'create'],
    add: ['create', 'set', 'add-member'],
    new: ['create', 'set'],
    create: ['set'],
    edit: ['update', 'set'],
    update: ['set'],
    patch: ['update', 'set'],
    metadata: ['describe'],
    info: ['describe', 'get'],
    inspect: ['describe', 'get'],
    history: ['versions'],
    undelete: ['restore'],
    rotate: ['rotate-key'],
    test: ['explain'],
    tail: ['list'],
    log: ['list'],
    export: ['pull'],
    import: ['push'],
    exec: ['run'],
  }),
)

/** Verbs that users also type first, as in `list vaults`. No path of a secret comes after these. */
const leading: readonly string[] = ['list', 'ls', 'create', 'new', 'add']

/** Advice for verbs of other programs that Pawl does not have. */
const instead = new Map(
  [
    {
      words: ['mv', 'move', 'rename', 'cp', 'copy'],
      text: 'To copy a secret, type: pawl get <old path> -q | pawl set <new path>. To move it, then delete the old secret.',
    },
    {
      words: ['rollback', 'revert'],
      text: 'To make an old version the newest, type: pawl get <path> --version <number> -q | pawl set <path>.',
    },
    {
      words: ['inject', 'substitute'],
      text: 'To give secrets to a program as environment variables, type: pawl run -- <program>.',
    },
  ].flatMap(({ words, text }) => words.map((word) => [word, text] as const)),
)

/** The advice for a verb of another program: `mv` or `secret mv`. Null: there is none. */
export function insteadOf([noun = '', verb = '']: readonly string[]): string | null {
  return instead.get(noun) ?? (noun === 'secret' ? instead.get(verb) : undefined) ?? null
}

/** Aliases of a flag. The command's own flag with the same name takes precedence. */
export const flagAliases = new Map(
  Object.entries({
    format: 'output',
    force: 'yes',
    plain: 'quiet',
    raw: 'quiet',
    silent: 'quiet',
    'vault-id': 'vault',
    project: 'vault',
    mount: 'vault',
    'secret-id': 'path',
    address: 'api-url',
    url: 'api-url',
    server: 'api-url',
    ttl: 'expires',
    reveal: 'quiet',
    category: 'type',
    // The value is never on the command line: its own flag says why.
    body: 'value',
    password: 'value',
  }),
)

/**
 * Advice for flags of other programs that no command has. Node 20 reads `--env-file` too, wherever it stands before a lone `--`. So no
 * command can have a flag of this name: Node ends before the command starts if the file does not exist.
 */
export const flagAdvice = new Map([
  [
    'env-file',
    'To store the variables of a .env file, type: pawl env push .env. To store each as a secret: pawl import .env.',
  ],
])

/**
 * The command line with aliases replaced by known commands, or unchanged.
 *
 * @example
 * withOurWords(['secrets', 'ls', '--json'], ['secret list']) // ['secret', 'list', '--json']
 */
export function withOurWords(args: readonly string[], known: readonly string[]): readonly string[] {
  const [first = '', second, third] = args
  if (second !== undefined) {
    const three = commands.get(`${ourNoun(first, known)} ${second} ${third}`)
    if (three !== undefined && known.includes(three)) return [...three.split(' '), ...args.slice(3)]
    const two = twoWords(first, second, known)
    if (two !== null) return [...two.split(' '), ...args.slice(2)]
  }
  const one = known.includes(first) ? undefined : commands.get(first)
  if (one !== undefined && known.includes(one)) return [...one.split(' '), ...args.slice(1)]
  const noun = ourNoun(first, known)
  return noun === null ? args : [noun, ...args.slice(1)]
}

function twoWords(first: string, second: string, known: readonly string[]): string | null {
  const noun = ourNoun(first, known) ?? first
  const meant = [second, ...(verbs.get(second) ?? [])]
  const candidates = [
    `${first} ${second}`,
    commands.get(`${noun} ${second}`),
    commands.get(`${singular(first)} ${second}`),
    ...meant.map((verb) => `${noun} ${verb}`),
    ...(leading.includes(first) ? turned(first, second, known) : []),
  ]
  return candidates.find((one) => one !== undefined && known.includes(one)) ?? null
}

function turned(verb: string, word: string, known: readonly string[]): string[] {
  const noun = ourNoun(word, known)
  return noun === null ? [] : [verb, ...(verbs.get(verb) ?? [])].map((one) => `${noun} ${one}`)
}

/** The noun of a known command that this word means. */
function ourNoun(word: string, known: readonly string[]): string | null {
  const isNoun = (one: string) => known.some((name) => name === one || name.startsWith(`${one} `))
  const one = singular(word)
  const candidates = [word, one, nouns.get(word), nouns.get(one)]
  return candidates.find((candidate) => candidate !== undefined && isNoun(candidate)) ?? null
}

/** Aliases of known commands: a suggestion may name them too. */
export function otherWords(known: readonly string[]): string[] {
  return [...commands].flatMap(([word, command]) => (known.includes(command) ? [word] : []))
}

import { checkMessage, isMailbox, isThisMachine, type Mailer } from '@pawl/core/ports'

export interface SmtpMailerOptions {
  /**
   * `smtp://user:password@host:port`, or `smtps://` for TLS from the first byte. Any host but this machine must offer
   * STARTTLS and show a certificate for its name; `?tls=off` lets it not.
   */
  readonly url: string
  /** The address that messages are from. The ids of messages end in its domain. */
  readonly from: string
  /** The timeout for sending a message. Default: 30 seconds. */
  readonly timeoutMs?: number
  /** The certificate authorities, in PEM. Default: those of Node and of NODE_EXTRA_CA_CERTS. */
  readonly ca?: string
}

/**
 * Sends messages to a mail server, each over a separate connection.
 *
 * @example
 * const mailer = smtpMailer({ url: 'smtp://pawl:password@mail.example.com:587', from: 'vault@example.com' })
 */
export function smtpMailer({ url, from, timeoutMs = 30_000, ca }: SmtpMailerOptions): Mailer {
  const { at, ...server } = readSmtpUrl(url)
  if (!isMailbox(from)) throw new TypeError('from must be one address, such as vault@example.com.')
  const domain = from.slice(from.indexOf('@') + 1)
  return {
    send: async (message) => {
      checkMessage(message)
      const { id, to, subject, text, html } = message
      const { createTransport } = await driver()
      // Set explicitly, so that no environment variable overrides it.
      const transport = createTransport({ ...server, tls: { rejectUnauthorized: true, ca } })
      const mail = {
        ...{
          from,
          to: { name: '', address: to },
          envelope: { from, to: [to] },
          subject,
          text,
          ...(html === undefined ? {} : { html }),
        },
        messageId: `<${encodeURIComponent(id)}@${domain}>`,
        // Asks mail servers not to send out-of-office replies to this address.
        headers: { 'Auto-Submitted': 'auto-generated' },
        ...{ xMailer: false as const, disableFileAccess: true, disableUrlAccess: true },
        signal: AbortSignal.timeout(timeoutMs),
      }
      await transport.sendMail(mail).catch((error: unknown) => {
        throw explain(error, at)
      })
    },
  }
}

/** Loaded on first use, so a server that sends no mail needs no driver. */
async function driver() {
  return import('nodemailer').catch(() => {
    throw new Error('The SMTP driver is missing. Install the package nodemailer.')
  })
}

export interface SmtpServer {
  /** `host:port`, which is what may be shown of the URL. */
  readonly at: string
  readonly host: string
  readonly port: number
  readonly secure: boolean
  readonly requireTLS: boolean
  readonly ignoreTLS: boolean
  readonly auth?: { readonly user: string; readonly pass: string }
}

/**
 * The parts of the URL of a server; a TypeError, which repeats none of it, when there is something wrong with it.
 *
 * @example
 * readSmtpUrl('smtps://mail.example.com').port // 465
 */
export function readSmtpUrl(text: string): SmtpServer {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !/^smtps?:$/.test(url.protocol)) throw unfit('must begin with smtp:// or smtps://')
  if (url.hostname === '' || !['', '/'].includes(url.pathname) || url.hash !== '') throw unfit('must end with the host')
  if (!['', '?tls=off'].includes(url.search)) throw unfit('has an unknown parameter. Only tls=off is known')
  const secure = url.protocol === 'smtps:'
  if (secure && url.search !== '') throw unfit('must not combine smtps with tls=off')
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const port = url.port === '' ? (secure ? 465 : 587) : Number(url.port)
  const isOpen = !secure && (url.search !== '' || isThisMachine(host))
  const tls = { secure, requireTLS: !secure && !isOpen, ignoreTLS: isOpen }
  return { at: `${url.hostname}:${port}`, host, port, ...tls, ...credentialsOf(url) }
}

function credentialsOf({ username, password }: URL): Pick<SmtpServer, 'auth'> {
  if (username === '' && password === '') return {}
  if (username === '' || password === '') throw unfit('must have both a user and a password, or neither')
  try {
    return { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }
  } catch {
    throw unfit('has credentials with a % that is not an escape. Write %25')
  }
}

function unfit(problem: string): TypeError {
  return new TypeError(`The URL of the SMTP server ${problem}.`)
}

/** What an error of the server, of the network or of TLS means for the operator. */
const meanings: readonly (readonly [RegExp, string])[] = [
  [/^EAUTH/, 'refuses this user or password'],
  [/^EENVELOPE/, 'refuses the sender or the recipient'],
  [/^EMESSAGE/, 'refuses the message'],
  [/^EABORT/, 'did not accept a message in time'],
  [
    /^(ETLS|ERR_TLS|ERR_SSL|CERT_|UNABLE_TO|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_)/,
    'offers no TLS, or a certificate that cannot be verified',
  ],
  [/./, 'cannot be reached'],
]

/** Without the message of the server: some servers repeat what they got. The status is enough to look the error up. */
function explain(error: unknown, at: string): Error {
  const { code = 'no code', originalCode = code, responseCode } = error as Record<string, string | undefined>
  const meaning = meanings.find(([pattern]) => pattern.test(originalCode))
  return new Error(`${at} ${meaning?.[1]} (${responseCode ?? originalCode}). Check PAWL_SMTP_URL.`)
}

/**
 * Whether a host, as a setting or a URL writes it, is always this machine. What goes there, no other machine can read.
 *
 * @example
 * isThisMachine('127.0.0.2') // true
 */
export function isThisMachine(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|::1|\[::1\])$/i.test(host)
}

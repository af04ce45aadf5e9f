const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789'

/** A random value of 32 letters and digits, made in the browser. Letters that look alike are left out. */
export function generated(length = 32): string {
  const chosen: string[] = []
  // A byte above the largest multiple would make the first letters more likely.
  const most = 256 - (256 % letters.length)
  while (chosen.length < length) {
    for (const byte of crypto.getRandomValues(new Uint8Array(length))) {
      if (byte < most && chosen.length < length) chosen.push(letters[byte % letters.length] ?? '')
    }
  }
  return chosen.join('')
}

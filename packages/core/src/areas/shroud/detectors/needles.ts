// Texts that the settings of an agent name, such as paths and hosts. The search for a text looks for its rarest character first,
// so it stops at few places of a text that people write.

/** The rarest character first. A character that is not here is rarer than all of these. */
const byRarity = '0123456789_/\\jqxzkvbpgwyfmcu.ldhrsnioate '

export interface Needle {
  readonly text: string
  /** As `haystack.indexOf(text, from)`. */
  next(haystack: string, from: number): number
}

/**
 * Reads lists of texts, each text in the form of the function, without those that are empty. The settings keep their lists, so each
 * list is read once.
 *
 * @example needlesIn((text) => text.toLowerCase())(['.SSH', '']) // one needle, '.ssh'
 */
export function needlesIn(form: (text: string) => string): (given: readonly string[]) => readonly Needle[] {
  const made = new WeakMap<readonly string[], readonly Needle[]>()
  return (given) => {
    const known = made.get(given)
    if (known !== undefined) return known
    const needles = given
      .map(form)
      .filter((text) => text !== '')
      .map(needleOf)
    made.set(given, needles)
    return needles
  }
}

/** @example needleOf('.ssh/').next('cat .ssh/id', 0) // 4 */
export function needleOf(text: string): Needle {
  const rarities = Array.from({ length: text.length }, (_, at) => byRarity.indexOf(text.charAt(at)))
  const rarest = rarities.indexOf(Math.min(...rarities))
  const rest = text.slice(rarest)
  return {
    text,
    next: (haystack, from) => {
      let at = haystack.indexOf(rest, from + rarest)
      while (at !== -1 && !haystack.startsWith(text, at - rarest)) at = haystack.indexOf(rest, at + 1)
      return at === -1 ? -1 : at - rarest
    },
  }
}

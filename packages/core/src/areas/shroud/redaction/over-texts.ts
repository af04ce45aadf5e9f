import type { Place, Redactor } from '../../../kernel/redactor.ts'

/** The places of values, one list for each text. */
export type PlacesInTexts = readonly (readonly Place[])[]

/**
 * Finds values in texts that a model reads one after the other. A value can begin in one text and end in another. Then each of these
 * texts has a place.
 *
 * @example findOver(['a hun', 'ter22 b'], redactor) // a place in each
 */
export function findOver(texts: readonly string[], redactor: Redactor): PlacesInTexts {
  const found = redactor.find(texts.join(''))
  let next = 0
  let before = 0
  return texts.map((text) => {
    const from = before
    before += text.length
    const own: Place[] = []
    for (let place = found[next]; place && place.start < before; place = found[next]) {
      const [start, end] = [Math.max(place.start, from), Math.min(place.end, before)]
      if (start < end) own.push({ start: start - from, end: end - from, marker: place.marker })
      if (place.end > before) break
      next++
    }
    return own
  })
}

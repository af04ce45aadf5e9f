import { type Address, parseCidr } from './ip.ts'

// Where addresses are, from a file of the operator. Without one, no place is known and none is made up.
//
//   file = "network,country,latitude,longitude,city" newline *( row newline )
//   row  = CIDR "," two letters "," degrees "," degrees "," name, which can be empty and has no comma
//
// Networks may be nested: the smallest one that has the address counts.

export interface Place {
  /** Two letters, such as CH. */
  readonly country: string
  readonly city: string | null
  readonly latitude: number
  readonly longitude: number
}

/** Says where an address is. Null: the file does not know. */
export interface Geo {
  locate(address: Address): Place | null
}

const header = 'network,country,latitude,longitude,city'

/**
 * Reads a geo file. Throws a `TypeError` that names the line that does not fit.
 *
 * @example
 * const geo = geoFrom(await readFile('geo.csv', 'utf8'))
 * const pawl = await createPawl({ storage, hsm, geo })
 */
export function geoFrom(text: string): Geo {
  const [first = '', ...rows] = text.replace(/^\ufeff/, '').split(/\r?\n/)
  if (first.trim() !== header) throw new TypeError(`The first line of a geo file must be ${header}`)
  const byPrefix = new Map<string, Map<string, Place>>()
  for (const [at, row] of rows.entries()) {
    if (row.trim() === '') continue
    const read = readRow(row)
    if (!read) throw new TypeError(`Line ${at + 2} of the geo file does not fit: ${header}`)
    const level = `${read.version} ${read.prefix}`
    const places = byPrefix.get(level) ?? new Map<string, Place>()
    places.set(read.network, read.place)
    byPrefix.set(level, places)
  }
  return new Networks(byPrefix)
}

class Networks implements Geo {
  readonly #byPrefix: ReadonlyMap<string, ReadonlyMap<string, Place>>

  constructor(byPrefix: ReadonlyMap<string, ReadonlyMap<string, Place>>) {
    this.#byPrefix = byPrefix
  }

  locate({ version, words }: Address): Place | null {
    for (let prefix = words.length * 32; prefix >= 0; prefix--) {
      const places = this.#byPrefix.get(`${version} ${prefix}`)
      const place = places?.get(networkOf(words, prefix))
      if (place) return place
    }
    return null
  }
}

/** One text for each network. */
function networkOf(words: readonly number[], prefix: number): string {
  return words
    .map((word, at) => {
      const bits = Math.min(32, Math.max(0, prefix - at * 32))
      return bits === 0 ? 0 : word & (-1 << (32 - bits))
    })
    .join('.')
}

function readRow(row: string) {
  const cells = row.split(',').map((cell) => cell.trim())
  const [network = '', country = '', latitude = '', longitude = '', city = ''] = cells
  const range = parseCidr(network)
  const [north, east] = [degrees(latitude, 90), degrees(longitude, 180)]
  if (!range || cells.length !== 5 || !/^[A-Z]{2}$/.test(country) || north === null || east === null) return null
  const place: Place = { country, city: city === '' ? null : city, latitude: north, longitude: east }
  return { version: range.version, prefix: range.prefix, network: networkOf(range.network, range.prefix), place }
}

function degrees(text: string, max: number): number | null {
  const value = /^-?\d{1,3}(?:\.\d{1,8})?$/.test(text) ? Number(text) : Number.NaN
  return Math.abs(value) <= max ? value : null
}

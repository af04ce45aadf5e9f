import type { Place } from '../../../kernel/geo.ts'
import { hour } from '../../../kernel/time.ts'
import type { Detector } from './detector.ts'

const kilometresPerHourMax = 900
/** Addresses are placed to a city at best. */
const kilometresMin = 200

/** Two requests come from places that are too far from each other for the time between them. */
export const geoVelocity: Detector = {
  name: 'geo_velocity',
  restMs: 0,
  judge: ({ at, place, lastPlace }) => {
    if (!place || !lastPlace) return null
    const kilometres = Math.round(distance(lastPlace, place))
    const hours = Math.max(0, at - lastPlace.at) / hour
    if (kilometres < kilometresMin || kilometres <= kilometresPerHourMax * hours) return null
    const minutes = Math.round(hours * 60)
    return {
      severity: place.country === lastPlace.country ? 'medium' : 'high',
      description: `Two requests ${minutes} minutes apart came from places ${kilometres} km apart (${lastPlace.country}, ${place.country}). The limit is ${kilometresPerHourMax} km/h.`,
      metadata: { kilometres, minutes, threshold: kilometresPerHourMax, from: lastPlace.country, to: place.country },
    }
  },
}

/** Along a great circle, in kilometres. */
function distance(from: Place, to: Place): number {
  const [north, otherNorth] = [radians(from.latitude), radians(to.latitude)]
  const [byNorth, byEast] = [otherNorth - north, radians(to.longitude - from.longitude)]
  const half = Math.sin(byNorth / 2) ** 2 + Math.cos(north) * Math.cos(otherNorth) * Math.sin(byEast / 2) ** 2
  return 2 * 6_371 * Math.asin(Math.min(1, Math.sqrt(half)))
}

const radians = (degrees: number) => (degrees * Math.PI) / 180

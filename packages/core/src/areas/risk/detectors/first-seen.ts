import type { Detector } from './detector.ts'

/** A principal calls from a network from which it never called before. The very first network is not news. */
export const firstSeen: Detector = {
  name: 'first_seen',
  restMs: 0,
  judge: ({ isNewAddress, network, networks, place, lastPlace }) => {
    if (!isNewAddress || network === null || networks.length === 0 || networks.includes(network)) return null
    const isNewCountry = place !== null && lastPlace !== null && place.country !== lastPlace.country
    return {
      severity: isNewCountry ? 'medium' : 'low',
      description: isNewCountry
        ? `The first request from ${place.country}, and from this network. The one before came from ${lastPlace.country}.`
        : 'The first request from this network.',
      metadata: { network, known_networks: networks.length },
    }
  },
}

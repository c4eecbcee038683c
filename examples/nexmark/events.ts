/** Somebody who sells and bids. */
export interface Person {
  kind: 'person'
  id: number
  name: string
  city: string
  state: string
  time: number
}

export interface Auction {
  kind: 'auction'
  id: number
  seller: number
  category: number
  reserve: number
  time: number
}

export interface Bid {
  kind: 'bid'
  auction: number
  bidder: number
  /** In cents of a dollar. */
  price: number
  time: number
}

export type Event = Person | Auction | Bid

const CITIES = [
  ['Phoenix', 'AZ'],
  ['Los Angeles', 'CA'],
  ['San Francisco', 'CA'],
  ['Boise', 'ID'],
  ['Portland', 'OR'],
  ['Bend', 'OR'],
  ['Redmond', 'WA'],
  ['Cheyenne', 'WY'],
] as const
const NAMES = ['Peter', 'Paul', 'Luke', 'John', 'Saul', 'Vicky', 'Kate', 'Julie', 'Sarah', 'Deiter', 'Walter']

/** Milliseconds between one event and the next. */
const STEP = 50
/** How much later than its time an event may come. */
export const LATENESS = '3s'

/**
 * The events of the Nexmark benchmark, in its proportions: of fifty in a row, one is a person, three are auctions and the
 * rest bids. They are the same in every run; times are milliseconds from 0.
 */
export function events(count: number): Event[] {
  let seed = 1
  const below = (n: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
    return (seed >>> 8) % n
  }
  const made: Event[] = []
  let [people, auctions] = [0, 0]
  for (let i = 0; i < count; i++) {
    const time = i * STEP
    const place = i % 50
    if (place === 0) {
      const [city, state] = CITIES[below(CITIES.length)]!
      made.push({ kind: 'person', id: people++, name: NAMES[below(NAMES.length)]!, city, state, time })
    } else if (place <= 3) {
      // Those who came last sell, now and then somebody who is still to come.
      const seller = Math.max(0, people - below(6))
      const auction = { seller, category: 10 + below(5), reserve: 100 + below(900), time }
      made.push({ kind: 'auction', id: auctions++, ...auction })
    } else {
      const last = auctions - 1
      // Half of the bids are for the auction that everybody looks at.
      const auction = below(2) === 0 ? last - (last % 10) : below(auctions)
      made.push({ kind: 'bid', auction, bidder: below(people), price: 100 + below(10_000), time })
    }
  }
  return made
}

/** The same events in the order in which they come: each up to three seconds after its time. */
export function arrivals(count: number): Event[] {
  return events(count)
    .map((event, i) => ({ event, at: event.time + ((i * 7919) % 3000) }))
    .sort((a, b) => a.at - b.at)
    .map(({ event }) => event)
}

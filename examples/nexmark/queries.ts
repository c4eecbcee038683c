import type { DStream } from 'millrace'
import type { Auction, Bid, Event, Person } from './events.js'

/** The streams of the benchmark: all events, and those of a kind. */
export interface Streams {
  events: DStream<Event>
  people: DStream<Person>
  auctions: DStream<Auction>
  bids: DStream<Bid>
}

/** The queries by their numbers in the benchmark. */
export const QUERIES: Record<number, (streams: Streams) => DStream<unknown>> = {
  /** Currency conversion: the prices of all bids in euros. */
  1: ({ bids }) => bids.map(bid => ({ ...bid, price: bid.price * 0.908 })),

  /** Selection: the bids for some auctions. */
  2: ({ bids }) =>
    bids.filter(({ auction }) => auction % 123 === 0).map(({ auction, price }) => ({ auction, price })),
}

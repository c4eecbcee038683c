import type { DStream, EventTimeStream } from 'millrace'
import { type Auction, type Bid, type Event, LATENESS, type Person } from './events.js'
import type { Streams } from './queries.js'

const timed = <T extends Event>(stream: DStream<T>): EventTimeStream<T> =>
  stream.withEventTime(event => event.time, { lateness: LATENESS })

/** The auctions with the most bids, and how many each has. */
interface Items {
  auctions: number[]
  bids: number
}

/** A person who has come in a window, and the auctions that were opened under that number. */
interface Newcomer {
  name?: string
  auctions: number[]
}

const merged = (a: Newcomer, b: Newcomer): Newcomer => ({
  ...a,
  ...b,
  auctions: [...a.auctions, ...b.auctions],
})

/** The queries over windows of event time, by their numbers in the benchmark. */
export const WINDOW_QUERIES: Record<number, (streams: Streams) => DStream<unknown>> = {
  /** Hot items: every 2 seconds, the auctions with the most bids of the last 10. */
  5: ({ bids }) =>
    timed(bids)
      .keyBy(bid => bid.auction)
      .sliding('10s', '2s')
      .count()
      // All results of a window come in one batch.
      .map(({ key, end, value }): [number, Items] => [end, { auctions: [key], bids: value }])
      .reduceByKey((a, b) => {
        if (a.bids !== b.bids) return a.bids > b.bids ? a : b
        return { auctions: [...a.auctions, ...b.auctions], bids: a.bids }
      })
      .map(([end, { auctions, bids }]) => ({ end, auctions: auctions.sort((a, b) => a - b), bids })),

  /** Highest bid: of every 10 seconds; of equal ones the first. */
  7: ({ bids }) =>
    timed(bids)
      .tumbling('10s')
      .reduce((a, b) => (b.price > a.price || (b.price === a.price && b.time < a.time) ? b : a))
      .map(({ end, value: { auction, bidder, price } }) => ({ end, auction, bidder, price })),

  /** Monitor new users: who has come and opened an auction, both in the same 10 seconds. */
  8: ({ events }) =>
    timed(events.filter((event): event is Person | Auction => event.kind !== 'bid'))
      .keyBy(event => (event.kind === 'person' ? event.id : event.seller))
      .tumbling('10s')
      .aggregate(
        { auctions: [] } as Newcomer,
        (newcomer, event) =>
          merged(
            newcomer,
            event.kind === 'person' ? { name: event.name, auctions: [] } : { auctions: [event.id] },
          ),
        merged,
        { merged },
      )
      .filter(({ value }) => value.name !== undefined && value.auctions.length > 0)
      .map(({ key, end, value }) => ({ end, id: key, name: value.name, auctions: value.auctions.length })),

  /** User sessions: how often somebody bids before being silent for 4 seconds. */
  11: ({ bids }) =>
    timed(bids)
      .keyBy((bid: Bid) => bid.bidder)
      .session('4s')
      .count()
      .map(({ key, start, end, value }) => ({ bidder: key, start, end, bids: value })),
}

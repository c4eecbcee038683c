import { type DStream, type State, StateSpec } from 'millrace'
import type { Auction, Bid, Event, Person } from './events.js'
import { WINDOW_QUERIES } from './windows.js'

/** The streams of the benchmark: all events, and those of a kind. */
export interface Streams {
  events: DStream<Event>
  people: DStream<Person>
  auctions: DStream<Auction>
  bids: DStream<Bid>
}

/** A seller, once he has come, and the auctions that came before him. */
interface Seller {
  person?: Person
  waiting: number[]
}

/** What a person or an auction makes known: a seller and auctions of his. */
const sellers = StateSpec.function((_: number, event: Person | Auction | undefined, state: State<Seller>) => {
  const { person, waiting }: Seller = state.getOption() ?? { waiting: [] }
  if (event?.kind === 'person') {
    state.update({ person: event, waiting: [] })
    return { person: event, auctions: waiting }
  }
  if (person === undefined) state.update({ waiting: [...waiting, event!.id] })
  return { person, auctions: [event!.id] }
})

/** The queries by their numbers in the benchmark. */
export const QUERIES: Record<number, (streams: Streams) => DStream<unknown>> = {
  /** Currency conversion: the prices of all bids in euros. */
  1: ({ bids }) => bids.map(bid => ({ ...bid, price: bid.price * 0.908 })),

  /** Selection: the bids for some auctions. */
  2: ({ bids }) =>
    bids.filter(({ auction }) => auction % 123 === 0).map(({ auction, price }) => ({ auction, price })),

  /** Local item suggestion: who sells things of category 10 in Oregon, Idaho or California; whoever comes first waits. */
  3: ({ events }) =>
    events
      .filter((event): event is Person | Auction =>
        event.kind === 'person'
          ? ['OR', 'ID', 'CA'].includes(event.state)
          : event.kind === 'auction' && event.category === 10,
      )
      .map((event): [number, Person | Auction] => [event.kind === 'person' ? event.id : event.seller, event])
      .mapWithState(sellers)
      .flatMap(({ person, auctions }) =>
        person === undefined
          ? []
          : auctions.map(auction => ({ name: person.name, city: person.city, state: person.state, auction })),
      ),

  ...WINDOW_QUERIES,
}

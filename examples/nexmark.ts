// Queries of the Nexmark benchmark: people sell things by auction, others bid. Each result is a line of JSON after the
// number of its query.
//
//   node dist/examples/nexmark.js        all of them
//   node dist/examples/nexmark.js 1 5    some

import { Context, StreamingContext } from 'millrace'
import { type Auction, arrivals, type Bid, type Person } from './nexmark/events.js'
import { QUERIES } from './nexmark/queries.js'

const given = process.argv.slice(2)
const numbers = given.length > 0 ? given : Object.keys(QUERIES)

const sc = new Context({ threads: 2 })
const ssc = new StreamingContext(sc, '100ms')

// 2,000 events, a hundred in each batch. Windows that are not complete with the last of them are not shown.
const all = arrivals(2000)
const batches = Array.from({ length: 20 }, (_, i) => all.slice(i * 100, (i + 1) * 100))
const stream = ssc.queueStream(batches).persist()
const streams = {
  events: stream,
  people: stream.filter((event): event is Person => event.kind === 'person'),
  auctions: stream.filter((event): event is Auction => event.kind === 'auction'),
  bids: stream.filter((event): event is Bid => event.kind === 'bid'),
}

for (const number of numbers) {
  QUERIES[Number(number)]!(streams).foreachRDD(async rdd => {
    for (const result of await rdd.collect()) console.log(number, JSON.stringify(result))
  })
}

try {
  await ssc.start()
  await ssc.awaitTerminationOrTimeout('2500ms')
} finally {
  await ssc.stop({ gracefully: true })
}

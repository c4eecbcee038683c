import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Auction, type Bid, events, type Person } from '../../examples/nexmark/events.js'
import { output } from '../support/program.js'

const all = events(2000)
const people = all.filter((event): event is Person => event.kind === 'person')
const auctions = all.filter((event): event is Auction => event.kind === 'auction')
const bids = all.filter((event): event is Bid => event.kind === 'bid')

/** The lines of each query. */
const results = new Map<number, string[]>()
for (const line of (await output('examples/nexmark.js')).trim().split('\n')) {
  const [, number, json] = /^(\d+) (.+)$/.exec(line)!
  results.set(Number(number), [...(results.get(Number(number)) ?? []), json!])
}

/** Equal, whatever the order. */
function gives(query: number, expected: unknown[]): void {
  assert.ok(expected.length > 0, 'a query that gives nothing shows nothing')
  assert.equal([...(results.get(query) ?? [])].sort(), expected.map(x => JSON.stringify(x)).sort())
}

test('the events have the proportions of the benchmark', () => {
  assert.equal([people.length, auctions.length, bids.length], [40, 120, 1840])
})

test('query 1 converts prices', () => {
  gives(
    1,
    bids.map(({ kind, auction, bidder, price, time }) => ({
      kind,
      auction,
      bidder,
      price: price * 0.908,
      time,
    })),
  )
})

test('query 2 selects bids', () => {
  const selected = new Set([0, 123])
  gives(
    2,
    bids.filter(({ auction }) => selected.has(auction)).map(({ auction, price }) => ({ auction, price })),
  )
})

test('query 3 finds sellers and their auctions, whoever came first', () => {
  const found = auctions
    .filter(({ category }) => category === 10)
    .flatMap(({ id, seller }) => {
      const { name, city, state } = people[seller]!
      return ['OR', 'ID', 'CA'].includes(state) ? [{ name, city, state, auction: id }] : []
    })
  assert.ok(found.some(({ auction }) => people[auctions[auction]!.seller]!.time > auctions[auction]!.time))
  gives(3, found)
})

test.run()

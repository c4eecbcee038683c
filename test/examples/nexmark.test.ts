import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Auction, arrivals, type Bid, events, type Person } from '../../examples/nexmark/events.js'
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

/** Up to where all windows are shown: the last event may be followed by one that is three seconds older. */
const COMPLETE = Math.max(...all.map(({ time }) => time)) - 3000

/** The windows `[end - size, end)` that hold something and are complete. */
function windows<T extends { time: number }>(
  records: T[],
  size: number,
  slide: number,
): [end: number, T[]][] {
  const found: [number, T[]][] = []
  for (let end = slide; end <= COMPLETE; end += slide) {
    const inside = records.filter(({ time }) => time >= end - size && time < end)
    if (inside.length > 0) found.push([end, inside])
  }
  return found
}

/** How often each number occurs. */
function occurrences(numbers: number[]): Map<number, number> {
  const counts = new Map<number, number>()
  for (const n of numbers) counts.set(n, (counts.get(n) ?? 0) + 1)
  return counts
}

test('events come out of order, each once', () => {
  const come = arrivals(2000)
  let [newest, latest] = [0, 0]
  for (const { time } of come) {
    newest = Math.max(newest, time)
    latest = Math.max(latest, newest - time)
  }
  assert.ok(latest > 2000 && latest <= 3000, `${latest} ms behind`)
  assert.equal(
    [...come].sort((a, b) => a.time - b.time),
    all,
  )
})

test('query 5 finds the auctions with the most bids of each 10 seconds, every 2', () => {
  gives(
    5,
    windows(bids, 10_000, 2000).map(([end, inside]) => {
      const counts = occurrences(inside.map(({ auction }) => auction))
      const most = Math.max(...counts.values())
      const hot = [...counts].flatMap(([auction, n]) => (n === most ? [auction] : []))
      return { end, auctions: hot.sort((a, b) => a - b), bids: most }
    }),
  )
})

test('query 7 finds the highest bid of each 10 seconds', () => {
  gives(
    7,
    windows(bids, 10_000, 10_000).map(([end, inside]) => {
      const highest = Math.max(...inside.map(({ price }) => price))
      const { auction, bidder, price } = inside.find(bid => bid.price === highest)!
      return { end, auction, bidder, price }
    }),
  )
})

test('query 8 finds who came and opened an auction in the same 10 seconds', () => {
  const opened = new Map(windows(auctions, 10_000, 10_000))
  gives(
    8,
    windows(people, 10_000, 10_000).flatMap(([end, came]) =>
      came.flatMap(({ id, name }) => {
        const own = (opened.get(end) ?? []).filter(({ seller }) => seller === id)
        return own.length > 0 ? [{ end, id, name, auctions: own.length }] : []
      }),
    ),
  )
})

test('query 11 counts the bids of each session', () => {
  const sessions: { bidder: number; start: number; end: number; bids: number }[] = []
  const open = new Map<number, (typeof sessions)[number]>()
  for (const { bidder, time } of bids) {
    let session = open.get(bidder)
    if (session === undefined || time > session.end) {
      session = { bidder, start: time, end: 0, bids: 0 }
      open.set(bidder, session)
      sessions.push(session)
    }
    session.end = time + 4000
    session.bids++
  }
  assert.ok(occurrences(sessions.map(({ bidder }) => bidder)).get(5)! > 1, 'nobody comes again')
  gives(
    11,
    sessions.filter(({ end }) => end <= COMPLETE),
  )
})

test.run()

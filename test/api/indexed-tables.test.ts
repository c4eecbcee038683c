import { Context, type RDD } from 'millrace'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly } from '../support/exactly.js'

/** A persisted table that is joined again and again gets an index of its keys; nobody should see that but by the clock. */

const sc = new Context({ threads: 2, memory: '128MiB' })
test.after(() => sc.stop())

type Pairs = RDD<[unknown, unknown]>

const RECORDS = 30_000
const KEYS: Record<string, (n: number) => unknown> = {
  'whole numbers': n => n * 3 - 20_000,
  'numbers with a fraction': n => n / 8,
  text: n => `key ${n}`,
  'all kinds': n => [n, n / 4, `key ${n}`, [n, 'x'], { n }, BigInt(n), -0, null][n % 8],
}
const JOINS: Record<string, (a: Pairs, b: Pairs) => RDD<unknown>> = {
  join: (a, b) => a.join(b, 3),
  leftOuterJoin: (a, b) => a.leftOuterJoin(b, 3),
  rightOuterJoin: (a, b) => a.rightOuterJoin(b, 3),
  subtractByKey: (a, b) => a.subtractByKey(b, 3),
}

for (const [kind, keyOf] of Object.entries(KEYS)) {
  test(`joins with a table whose keys are ${kind} give the same each time`, async () => {
    // Every third key comes twice, one comes a thousand times.
    const key = (i: number): unknown => keyOf(i % 30 === 7 ? 7 : i % 3 === 0 ? i % 15_000 : i)
    const table = sc
      .parallelize(
        Array.from({ length: RECORDS }, (_, i) => [key(i), `row ${i}`] as [unknown, unknown]),
        4,
      )
      .partitionBy(3)
      .persist()
    const batches = [0, 1, 2].map(b =>
      sc.parallelize(
        [3, 7, 12, 3, 7, 14_997 + b, 29_999, 40_000 + b].map(n => [keyOf(n), b] as [unknown, unknown]),
        2,
      ),
    )
    for (const [name, joined] of Object.entries(JOINS)) {
      for (const batch of batches) {
        const plain = sc.parallelize(await table.collect(), 1).partitionBy(3)
        for (const tableFirst of [false, true]) {
          const made = (rows: Pairs): RDD<unknown[]> =>
            (tableFirst ? joined(rows, batch) : joined(batch, rows)).glom()
          exactly(await made(table).collect(), await made(plain).collect(), name)
        }
      }
    }
    table.unpersist()
  })
}

const rows = (length: number, what: string): Pairs =>
  sc.parallelize(
    Array.from({ length }, (_, i) => [i, what] as [unknown, unknown]),
    2,
  )
/** Bytes that a second join leaves in the heap. */
async function leftBySecondJoin(table: Pairs): Promise<number> {
  const batch = rows(10, 'batch')
  const used: number[] = []
  for (let i = 0; i < 4; i++) {
    await batch.join(table, 3).count()
    used.push(sc.info().heap.used)
  }
  assert.is(used[3], used[2])
  return used[1]! - used[0]!
}

test('the index is made when keys are looked for again, of large tables only, and goes with the table', async () => {
  await leftBySecondJoin(rows(RECORDS, 'warm').partitionBy(3).persist())
  const few = rows(1000, 'few').partitionBy(3).persist()
  assert.is(await leftBySecondJoin(few), 0)
  const table = rows(RECORDS, 'many').partitionBy(3).persist()
  await table.count()
  const before = sc.info().heap.used
  assert.ok((await leftBySecondJoin(table)) > RECORDS * 8)
  const after = sc.info().heap.used
  assert.ok(after > before)
  table.unpersist()
  assert.ok(sc.info().heap.used < before)
})

test('a table that was given up is joined without, and with a new one when it is kept again', async () => {
  const first = rows(RECORDS, 'first').partitionBy(3).persist()
  const batch = rows(2, 'batch')
  const ask = async (of: Pairs): Promise<unknown[]> =>
    (await batch.join(of, 3).values().collect()) as unknown[]
  for (let i = 0; i < 3; i++)
    exactly(await ask(first), [
      ['batch', 'first'],
      ['batch', 'first'],
    ])
  first.unpersist()
  exactly(await ask(first), [
    ['batch', 'first'],
    ['batch', 'first'],
  ])
  first.persist()
  for (let i = 0; i < 3; i++)
    exactly(await ask(first), [
      ['batch', 'first'],
      ['batch', 'first'],
    ])
})

test('joins at once with the same table', async () => {
  const table = rows(RECORDS, 'row').partitionBy(3).persist()
  const counts = await Promise.all(
    Array.from({ length: 8 }, (_, i) =>
      rows(5 + i, 'batch')
        .join(table, 3)
        .count(),
    ),
  )
  exactly(counts, [5, 6, 7, 8, 9, 10, 11, 12])
})

test.run()

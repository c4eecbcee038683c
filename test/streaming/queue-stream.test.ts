import { Context } from 'millrace'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly, fails } from '../support/exactly.js'
import { recordsOf, withStreaming } from '../support/with-streaming.js'

test('one RDD or list is a batch, in order, and then batches are empty', () =>
  withStreaming(async ({ sc, ssc, clock }) => {
    const records = recordsOf(ssc.queueStream([sc.parallelize([1, 2]), [3], new Set([4, 5]), []]))
    await ssc.start()
    await clock.advance('6s')
    exactly(records, [[1, 2], [3], [4, 5], [], [], []])
  }))

test('an exhausted queue gives an empty RDD of one partition; an RDD keeps its own, a list gets the default', () =>
  withStreaming(
    async ({ sc, ssc, clock }) => {
      const partitions = recordsOf(ssc.queueStream([sc.parallelize([1, 2, 3], 2), [1, 2, 3]]).glom())
      await ssc.start()
      await clock.advance('3s')
      exactly(partitions, [[[1], [2, 3]], [[1], [2], [3]], [[]]])
    },
    { defaultParallelism: 3 },
  ))

test('a list has the default number of partitions also when it is empty', () =>
  withStreaming(
    async ({ ssc, clock }) => {
      const numbers: number[][] = [[], [1]]
      const partitions = recordsOf(ssc.queueStream(numbers).glom())
      const fallback = recordsOf(ssc.queueStream<number>([], true, []).glom())
      await ssc.start()
      await clock.advance('3s')
      exactly(partitions, [[[], []], [[], [1]], [[]]])
      exactly(fallback, Array(3).fill([[], []]))
    },
    { defaultParallelism: 2 },
  ))

test('without oneAtATime, all that is in the queue is one batch', () =>
  withStreaming(async ({ sc, ssc, clock }) => {
    const stream = ssc.queueStream([[1], sc.parallelize([2, 3]), [4]], false)
    const records = recordsOf(stream)
    await ssc.start()
    await clock.advance('2s')
    stream.push([5])
    stream.push(sc.parallelize([6]))
    await clock.advance('1s')
    exactly(records, [[1, 2, 3, 4], [], [5, 6]])
  }))

test('the default is every batch for which the queue has nothing', () =>
  withStreaming(async ({ sc, ssc, clock }) => {
    const listed = ssc.queueStream([[1]], true, [0, 0])
    const all = ssc.queueStream([[1], [2]], false, sc.parallelize([9]))
    const [a, b] = [recordsOf(listed), recordsOf(all)]
    await ssc.start()
    await clock.advance('2s')
    listed.push([2])
    await clock.advance('2s')
    exactly(a, [[1], [0, 0], [2], [0, 0]])
    exactly(b, [[1, 2], [9], [9], [9]])
  }))

test('push adds while the context runs, also from within a batch', () =>
  withStreaming(async ({ ssc, clock }) => {
    const stream = ssc.queueStream<number>([])
    const records: number[][] = []
    stream.foreachRDD(async rdd => {
      const batch = await rdd.collect()
      records.push(batch)
      if (batch[0] === 1) stream.push([batch[0] + 1])
    })
    stream.push([0])
    await ssc.start()
    stream.push([1])
    await clock.advance('4s')
    exactly(records, [[0], [1], [2], []])
  }))

test('the queue and its lists are copied when they are handed over', () =>
  withStreaming(async ({ ssc, clock }) => {
    const list = [1]
    const lists = [list]
    const stream = ssc.queueStream(lists)
    const records = recordsOf(stream)
    list.push(2)
    lists.push([3])
    const pushed = [4]
    stream.push(pushed)
    pushed.push(5)
    await ssc.start()
    await clock.advance('3s')
    exactly(records, [[1], [4], []])
  }))

test('a stream that two outputs use takes one RDD a batch', () =>
  withStreaming(async ({ ssc, clock }) => {
    const stream = ssc.queueStream([[1], [2]])
    const [plain, doubled] = [recordsOf(stream), recordsOf(stream.map(x => x * 2))]
    await ssc.start()
    await clock.advance('2s')
    exactly(
      [plain, doubled],
      [
        [[1], [2]],
        [[2], [4]],
      ],
    )
  }))

test('the same RDD may be queued any number of times', () =>
  withStreaming(async ({ sc, ssc, clock }) => {
    const rdd = sc.parallelize([1, 2])
    const records = recordsOf(ssc.queueStream([rdd, rdd]).union(ssc.queueStream([rdd])))
    await ssc.start()
    await clock.advance('2s')
    exactly(records, [
      [1, 2, 1, 2],
      [1, 2],
    ])
  }))

test('what is not a queue of RDDs or lists is refused, and nothing of it is kept', () =>
  withStreaming(async ({ ssc }) => {
    const refuse = (action: () => unknown, ...patterns: RegExp[]): Promise<unknown> =>
      fails(action, 'MILLRACE_OPTION', ...patterns)
    await refuse(() => ssc.queueStream(5 as never), /an array of RDDs or of lists of records.*received 5/)
    await refuse(() => ssc.queueStream([1, 2] as never), /an RDD or an array of records.*received 1/)
    await refuse(() => ssc.queueStream(['text'] as never), /received "text"/)
    await refuse(() => ssc.queueStream([[1]], true, 7 as never), /received 7/)
    await refuse(() => ssc.queueStream([[1]], { oneAtATime: false } as never), /true or false.*oneAtATime/)
    await refuse(() => ssc.queueStream<number>([]).push(null as never), /received null/)
    assert.match(ssc.explain(), /^$/)
  }))

test('an RDD of another Context is refused', () =>
  withStreaming(async ({ ssc }) => {
    const other = new Context({ threads: 1, memory: '32MiB' })
    try {
      const foreign = other.parallelize([1])
      await fails(() => ssc.queueStream([foreign]), 'MILLRACE_OPTION', /another Context/)
      await fails(() => ssc.queueStream([[1]], true, foreign), 'MILLRACE_OPTION', /another Context/)
      await fails(() => ssc.queueStream([[1]]).push(foreign), 'MILLRACE_OPTION', /another Context/)
    } finally {
      await other.stop()
    }
  }))

test.run()

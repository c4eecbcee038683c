import { Context, type QueueStream, StreamingContext } from 'millrace'
import { test } from 'uvu'
import { is, type Same } from '../support/types.js'

test('queueStream shows what the records of lists and of RDDs are', async () => {
  await using sc = new Context({ threads: 1, memory: '16MiB' })
  const ssc = new StreamingContext(sc, '1s')
  const lists = [[1, 2, 3], [0]]

  const ofLists = ssc.queueStream(lists)
  is<Same<typeof ofLists, QueueStream<number>>>()
  const ofTexts = ssc.queueStream([['a b']])
  is<Same<typeof ofTexts, QueueStream<string>>>()
  const ofRdds = ssc.queueStream([sc.range(3)])
  is<Same<typeof ofRdds, QueueStream<number>>>()
  const ofBoth = ssc.queueStream([sc.range(3), [1]])
  is<Same<typeof ofBoth, QueueStream<number>>>()
  const ofSets = ssc.queueStream(new Set([sc.range(3)]), false, [1])
  is<Same<typeof ofSets, QueueStream<number>>>()
  const withDefault = ssc.queueStream(lists, true, sc.range(3))
  is<Same<typeof withDefault, QueueStream<number>>>()
  const told = ssc.queueStream<[string, number]>([])
  is<Same<typeof told, QueueStream<[string, number]>>>()
  told.push([['a', 1]])
  // @ts-expect-error: not pairs of a text and a number
  told.push([[1, 'a']])
})

test.run()

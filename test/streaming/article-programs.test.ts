import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { block, until } from '../support/golden.js'
import { printed } from '../support/stdout.js'
import { type Streaming, withStreaming } from '../support/with-streaming.js'

/** What a program prints in so many seconds, and until its graceful stop. */
const run = (seconds: number, program: (streaming: Streaming) => void): Promise<string> =>
  withStreaming(async streaming => {
    const { ssc, clock } = streaming
    await clock.advance(until('2026-11-22 23:30:00'))
    program(streaming)
    return printed(async () => {
      await ssc.start()
      const done = ssc.awaitTerminationOrTimeout(`${seconds}s`)
      await clock.advance(`${seconds}s`)
      assert.is(await done, false)
      await ssc.stop({ gracefully: true })
    })
  })

const at = (second: number): string => `2026-11-22 23:30:0${second}`

test('the first program of the article prints its inputs and their sums', async () => {
  const text = await run(6, ({ sc, ssc }) => {
    const numbers = ssc.queueStream([0, 1, 2, 3, 4].map(i => sc.parallelize([i, i + 1])))
    numbers.map(x => `Input: ${x}`).pprint()
    numbers
      .reduce((a, b) => a + b)
      .map(x => `Output: ${x}`)
      .pprint()
  })
  assert.is(
    text,
    block(at(1), 'Input: 0', 'Input: 1') +
      block(at(1), 'Output: 1') +
      block(at(2), 'Input: 1', 'Input: 2') +
      block(at(2), 'Output: 3') +
      block(at(3), 'Input: 2', 'Input: 3') +
      block(at(3), 'Output: 5') +
      block(at(4), 'Input: 3', 'Input: 4') +
      block(at(4), 'Output: 7') +
      block(at(5), 'Input: 4', 'Input: 5') +
      block(at(5), 'Output: 9') +
      block(at(6)) +
      block(at(6)),
  )
})

test('the second program of the article prints the sums of its lists', async () => {
  const text = await run(7, ({ sc, ssc }) => {
    const lists = [[1, 2, 3], [0], [4, 4, 4], [0, 0, 0, 25], [1, -1, 10]]
    ssc
      .queueStream(lists.map(list => sc.parallelize(list)))
      .reduce((a, b) => a + b)
      .pprint()
  })
  assert.is(
    text,
    block(at(1), '6') +
      block(at(2), '0') +
      block(at(3), '12') +
      block(at(4), '25') +
      block(at(5), '10') +
      block(at(6)) +
      block(at(7)),
  )
})

test.run()

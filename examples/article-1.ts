// Five RDDs in a queue, one for each second: every number is printed as it comes in, and their sum as it goes out
// (1, 3, 5, 7, 9).
//
//   node dist/examples/article-1.js

import { Context, StreamingContext } from 'millrace'

const sc = new Context({ threads: 2 })
const ssc = new StreamingContext(sc, '1s')

const rdds = [0, 1, 2, 3, 4].map(i => sc.parallelize([i, i + 1]))
const numbers = ssc.queueStream(rdds)

numbers.map(x => `Input: ${x}`).pprint()
numbers
  .reduce((a, b) => a + b)
  .map(x => `Output: ${x}`)
  .pprint()

try {
  await ssc.start()
  await ssc.awaitTerminationOrTimeout('6s')
} finally {
  await ssc.stop({ gracefully: true })
}

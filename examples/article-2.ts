// Five lists in a queue, one for each second, and the sum of each: 6, 0, 12, 25, 10.
//
//   node dist/examples/article-2.js

import { Context, StreamingContext } from 'millrace'

const sc = new Context({ threads: 2 })
const ssc = new StreamingContext(sc, '1s')

const lists = [[1, 2, 3], [0], [4, 4, 4], [0, 0, 0, 25], [1, -1, 10]]

ssc
  .queueStream(lists)
  .reduce((a, b) => a + b)
  .pprint()

try {
  await ssc.start()
  await ssc.awaitTerminationOrTimeout('6s')
} finally {
  await ssc.stop({ gracefully: true })
}

// Counts words from a TCP server, from the beginning: Spark's StatefulNetworkWordCount.
//
//   nc -lk 9999
//   node dist/examples/stateful-network-word-count.js localhost 9999

import { once } from 'node:events'
import { Context, StreamingContext } from 'millrace'

const [host = 'localhost', port = '9999'] = process.argv.slice(2)
const interrupted = once(process, 'SIGINT')

const ssc = new StreamingContext(new Context({ threads: 2 }), '1s')

const initial = ssc.context.parallelize([
  ['hello', 1],
  ['world', 1],
])

ssc
  .socketTextStream(host, Number(port))
  .flatMap(line => line.split(' '))
  .map(word => [word, 1])
  .updateStateByKey((ones, count) => ones.length + (count ?? 0), undefined, initial)
  .pprint()

try {
  await ssc.start()
  await Promise.race([interrupted, ssc.awaitTermination()])
} finally {
  await ssc.stop({ gracefully: true })
}

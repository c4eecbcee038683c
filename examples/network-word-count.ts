// Counts the words of each second's lines from a TCP server: Spark's NetworkWordCount.
//
//   nc -lk 9999
//   node dist/examples/network-word-count.js localhost 9999

import { once } from 'node:events'
import { Context, StreamingContext } from 'millrace'

const [host = 'localhost', port = '9999'] = process.argv.slice(2)
const interrupted = once(process, 'SIGINT')

const ssc = new StreamingContext(new Context({ threads: 2 }), '1s')

ssc
  .socketTextStream(host, Number(port))
  .flatMap(line => line.split(' '))
  .map(word => [word, 1])
  .reduceByKey((a, b) => a + b)
  .pprint()

try {
  await ssc.start()
  await Promise.race([interrupted, ssc.awaitTermination()])
} finally {
  await ssc.stop({ gracefully: true })
}

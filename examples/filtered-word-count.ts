// Counts words but for those of a list, which goes to the workers as a broadcast value; an accumulator counts what was left
// out, and each batch's counts become a line of a file: what Spark's RecoverableNetworkWordCount does between its failures.
//
//   nc -lk 9999
//   node dist/examples/filtered-word-count.js localhost 9999 counts.txt

import { once } from 'node:events'
import { appendFile } from 'node:fs/promises'
import { Context, StreamingContext } from 'millrace'

const [host = 'localhost', port = '9999', file = 'counts.txt'] = process.argv.slice(2)
const interrupted = once(process, 'SIGINT')

const sc = new Context({ threads: 2 })
const ssc = new StreamingContext(sc, '1s')
const excluded = sc.broadcast(new Set(['a', 'an', 'the']))
const dropped = sc.accumulator(0)

ssc
  .socketTextStream(host, Number(port))
  .flatMap(line => line.split(/\s+/))
  .filter(
    word => {
      if (word === '') return false
      if (!excluded.value.has(word)) return true
      dropped.add(1)
      return false
    },
    { excluded, dropped },
  )
  .map(word => [word, 1])
  .reduceByKey((a, b) => a + b)
  .foreachRDD(async (rdd, time) => {
    const counts = await rdd.collect()
    if (counts.length === 0) return
    await appendFile(file, `${JSON.stringify({ time, counts })}\n`)
    console.log(`Counted ${counts.length} words; dropped ${dropped.value} so far.`)
  })

try {
  await ssc.start()
  await Promise.race([interrupted, ssc.awaitTermination()])
} finally {
  await ssc.stop({ gracefully: true })
}

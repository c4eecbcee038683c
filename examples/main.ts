// Two streams of real data in one program: the words of texts that appear as files in a directory, and aircraft's
// collisions with birds, by airline, from a TCP socket. It feeds both itself, prints their ten greatest counts each
// second, and a summary at the end.
//
//   npm start, or node dist/examples/main.js --help

import { once } from 'node:events'
import { Context, StreamingContext } from 'millrace'
import { readOptions } from './main/options.js'
import { serveRecords } from './main/record-server.js'
import { Summary } from './main/summary.js'
import { writeTexts } from './main/text-files.js'

const { seconds, threads, path } = readOptions(process.argv.slice(2))
const interrupted = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])

const sc = new Context({ threads })
const ssc = new StreamingContext(sc, '1s')
const summary = new Summary(sc)
ssc.addStreamingListener(summary)

const texts = await writeTexts(path)
const strikes = await serveRecords()
const airline = strikes.columns.indexOf('Aircraft Airline Operator')
const cost = strikes.columns.indexOf('Cost Total $')

// How often each word occurs: ('the', 5071)
ssc
  .textFileStream(texts.directory, { newFilesOnly: false })
  .flatMap(line => line.split(/\s+/))
  .filter(word => word !== '')
  .map(word => [word, 1])
  .reduceByKey((a, b) => a + b, 1) // into one partition, to be sorted
  .mapPartitions(words => [...words].sort(([, a], [, b]) => b - a))
  .pprint()

// How many birds each airline hit, and what it cost: ('FEDEX EXPRESS', (3650, 86496050))
ssc
  .socketTextStream('127.0.0.1', strikes.port)
  .map(line => line.split(','))
  .map(fields => [fields[airline], [1, Number(fields[cost])]], { airline, cost })
  .reduceByKey(([n, dollars], [m, more]) => [n + m, dollars + more], 1)
  .mapPartitions(airlines => [...airlines].sort(([, [a]], [, [b]]) => b - a))
  .pprint()

console.log(`Every second for ${seconds} s (Ctrl-C ends it sooner), this prints
  - the most frequent words of the files that appeared in ${texts.directory}
  - the airlines that hit the most birds, as (strikes, cost in $), of the records from 127.0.0.1:${strikes.port}
It runs on ${summary.engine}.
`)

try {
  await ssc.start()
  await Promise.race([interrupted, ssc.awaitTerminationOrTimeout(`${seconds}s`)])
} finally {
  await ssc.stop({ gracefully: true })
  await Promise.all([texts.stop(), strikes.stop()])
}
console.log(summary.text())

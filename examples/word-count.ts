// The ten words that occur most often in a file, in the files of a directory, or in those that a glob names.
//
//   node dist/examples/word-count.js src/api

import { Context } from 'millrace'

const sc = new Context()
try {
  const counts = await sc
    .textFile(process.argv[2] ?? '.')
    .flatMap(line => line.split(/\s+/))
    .filter(word => word !== '')
    .map(word => [word, 1])
    .reduceByKey((a, b) => a + b)
    .collect()
  for (const [word, n] of counts.sort(([, a], [, b]) => b - a).slice(0, 10)) console.log(n, word)
} finally {
  await sc.stop()
}

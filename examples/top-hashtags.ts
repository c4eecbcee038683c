// The three hashtags used most in the last six batches, at each batch: Spark's TwitterPopularTags, on messages it makes up.
//
//   node dist/examples/top-hashtags.js

import { Context, StreamingContext } from 'millrace'

/** Twelve batches of messages, in which #news gives way to #sports. */
const batches = Array.from({ length: 12 }, (_, batch) =>
  Array.from({ length: 20 }, (_, i) =>
    i < batch * 2 ? `goal no. ${i} #sports #league${i % 3}` : `it is said that #news #today${i % 4}`,
  ),
)

const ssc = new StreamingContext(new Context({ threads: 2 }), '100ms')

ssc
  .queueStream(batches)
  .flatMap(message => message.match(/#\w+/g) ?? [])
  .map(tag => [tag, 1])
  .reduceByKeyAndWindow(
    (a, b) => a + b,
    (a, b) => a - b, // what left the window is taken away: the window costs the same, however long it is
    '600ms',
    '100ms',
  )
  .transform(tags => tags.sortBy(([, count]) => count, false))
  .pprint(3)

try {
  await ssc.start()
  await ssc.awaitTerminationOrTimeout('1500ms')
} finally {
  await ssc.stop({ gracefully: true })
}

// Streaming k-means, as in Spark's MLlib: the centres of three clusters follow their points, batch by batch, and forget what
// they have learned a little each time, so that they keep up with clusters that move.
//
//   node dist/examples/k-means.js

import { Context, StreamingContext } from 'millrace'

type Point = [x: number, y: number]
type Cluster = { centre: Point; weight: number }

/** Ten batches of points around three places, of which the third moves to the right. */
const batches = Array.from({ length: 10 }, (_, batch) =>
  Array.from({ length: 300 }, (_, i): Point => {
    const places: Point[] = [
      [0, 0],
      [10, 0],
      [batch, 10],
    ]
    const [x, y] = places[i % 3]!
    return [x + Math.sin(i * i), y + Math.cos(i * i)]
  }),
)

/** How much of its weight a cluster keeps from one batch to the next. */
const DECAY = 0.5

const nearest = ([x, y]: Point, centres: Point[]): number => {
  const distances = centres.map(([a, b]) => (x - a) ** 2 + (y - b) ** 2)
  return distances.indexOf(Math.min(...distances))
}

const ssc = new StreamingContext(new Context({ threads: 2 }), '100ms')

let clusters: Cluster[] = [
  { centre: [1, 1], weight: 0 },
  { centre: [6, 1], weight: 0 },
  { centre: [1, 6], weight: 0 },
]

ssc.queueStream(batches).foreachRDD(async rdd => {
  const centres = clusters.map(({ centre }) => centre)
  const sums = await rdd
    .map(point => [nearest(point, centres), [...point, 1]], { nearest, centres })
    .reduceByKey(([x, y, n], [a, b, m]) => [x + a, y + b, n + m])
    .collectAsMap()
  if (sums.size === 0) return
  clusters = clusters.map(({ centre: [x, y], weight }, i) => {
    const kept = weight * DECAY
    const [sumX, sumY, n] = sums.get(i) ?? [0, 0, 0]
    if (n === 0) return { centre: [x, y], weight: kept }
    return { centre: [(x * kept + sumX) / (kept + n), (y * kept + sumY) / (kept + n)], weight: kept + n }
  })
  console.log(clusters.map(({ centre: [x, y] }) => `(${x.toFixed(2)}, ${y.toFixed(2)})`).join('  '))
})

try {
  await ssc.start()
  await ssc.awaitTerminationOrTimeout('1500ms')
} finally {
  await ssc.stop({ gracefully: true })
}

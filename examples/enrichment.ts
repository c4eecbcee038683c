// A stream that meets a table: flights as they land, with the names and the countries of their airports, and what each
// country's flights were late on average.
//
//   node dist/examples/enrichment.js

import { Context, StreamingContext } from 'millrace'

const airports: [code: string, airport: { name: string; country: string }][] = [
  ['CDG', { name: 'Paris Charles de Gaulle', country: 'France' }],
  ['FRA', { name: 'Frankfurt', country: 'Germany' }],
  ['MUC', { name: 'Munich', country: 'Germany' }],
  ['NRT', { name: 'Tokyo Narita', country: 'Japan' }],
]

/** Five batches of flights: where from, and how many minutes late. XXX is no airport. */
const codes = ['CDG', 'MUC', 'FRA', 'XXX', 'NRT', 'FRA']
const batches = Array.from({ length: 5 }, (_, batch) =>
  Array.from({ length: 12 }, (_, i) => ({
    from: codes[(i * i + batch) % 6]!,
    minutes: (i * 7 + batch * 5) % 40,
  })),
)

const sc = new Context({ threads: 2 })
const ssc = new StreamingContext(sc, '100ms')

/** Partitioned once, and kept: each batch goes to it, not the other way round. */
const table = sc.parallelize(airports).partitionBy(2).persist()

const landed = ssc
  .queueStream(batches)
  .map(flight => [flight.from, flight.minutes])
  .transform(flights => flights.leftOuterJoin(table, 2))

landed
  .filter(([, [, airport]]) => airport === null)
  .map(([code]) => `no such airport: ${code}`)
  .distinct()
  .pprint()

landed
  .flatMap(([, [minutes, airport]]) => (airport === null ? [] : [[airport.country, [minutes, 1]]]))
  .reduceByKey(([a, n], [b, m]) => [a + b, n + m], 1)
  .map(
    ([country, [minutes, flights]]) =>
      `${country}: ${flights} flights, ${(minutes / flights).toFixed(1)} min late`,
  )
  .pprint()

try {
  await ssc.start()
  await ssc.awaitTerminationOrTimeout('800ms')
} finally {
  await ssc.stop({ gracefully: true })
}

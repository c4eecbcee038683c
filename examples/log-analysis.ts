// What the log of a web server says, each second, of the lines that came: how large the answers were, how many there were
// of each status, who asked ten times or more, and which pages were asked for most.
//
//   node dist/examples/log-analysis.js directory-with-logs

import { once } from 'node:events'
import { Context, StreamingContext } from 'millrace'

const [directory = '.'] = process.argv.slice(2)
const interrupted = once(process, 'SIGINT')

const ssc = new StreamingContext(new Context({ threads: 2 }), '1s')

/** The Common Log Format: host, identity, user, time, request, status, bytes. */
const LINE = /^(\S+) \S+ \S+ \[[^\]]*\] "\S+ (\S+)[^"]*" (\d{3}) (\d+|-)/

const requests = ssc
  .textFileStream(directory, { newFilesOnly: false })
  .flatMap(
    line => {
      const match = LINE.exec(line)
      if (match === null) return []
      const [, host = '', page = '', status, bytes] = match
      return [{ host, page, status: Number(status), bytes: Number(bytes) || 0 }]
    },
    { LINE },
  )
  .persist() // four outputs read it

requests
  .map(({ bytes }) => ({ n: 1, sum: bytes, least: bytes, most: bytes }))
  .reduce((a, b) => ({
    n: a.n + b.n,
    sum: a.sum + b.sum,
    least: Math.min(a.least, b.least),
    most: Math.max(a.most, b.most),
  }))
  .map(
    ({ n, sum, least, most }) =>
      `${n} answers of ${least} to ${most} bytes, ${Math.round(sum / n)} on average`,
  )
  .pprint()

requests
  .map(({ status }) => status)
  .countByValue()
  .pprint()

requests
  .map(({ host }) => host)
  .countByValue()
  .filter(([, n]) => n >= 10)
  .pprint()

requests
  .map(({ page }) => page)
  .countByValue()
  .transform(pages => pages.sortBy(([, n]) => n, false))
  .pprint(5)

try {
  await ssc.start()
  await Promise.race([interrupted, ssc.awaitTermination()])
} finally {
  await ssc.stop({ gracefully: true })
}

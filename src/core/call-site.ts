import path from 'node:path'
import { fileURLToPath } from 'node:url'

// This file is dist/src/core/call-site.js; frames of the library itself are passed over. With --enable-source-maps they
// name its sources.
const LIBRARY = ['../', '../../../src/'].flatMap(up => {
  const { href } = new URL(up, import.meta.url)
  return [href, fileURLToPath(href)]
})

/** Where the program called the library: `map at app.js:12`, or just the name where that cannot be told. */
export function callSite(operator: string): string {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 12
  const { stack = '' } = new Error()
  Error.stackTraceLimit = stackTraceLimit
  for (const frame of stack.split('\n').slice(2)) {
    if (LIBRARY.some(place => frame.includes(place))) continue
    const place = /([^\s()]+):(\d+):\d+\)?$/.exec(frame)
    if (place !== null) return `${operator} at ${path.basename(place[1]!)}:${place[2]}`
  }
  return operator
}

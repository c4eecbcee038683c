// Sessions of visitors: clicks that follow each other belong together, and after 300 ms of silence a session is over and
// printed: what Spark's StructuredSessionization does.
//
//   node dist/examples/sessions.js

import { Context, StateSpec, StreamingContext } from 'millrace'

/** Twelve batches of clicks; in some of them, somebody pauses. */
const batches = Array.from({ length: 12 }, (_, batch) =>
  ['ann', 'ben', 'cleo', 'dan'].flatMap((user, i): [user: string, page: string][] =>
    (batch + i) % 7 < 3 - (i % 2) ? [[user, `/page-${batch}`]] : [],
  ),
)

const ssc = new StreamingContext(new Context({ threads: 2 }), '100ms')

interface Session {
  pages: string[]
  from: number
  to: number
}

const sessions = StateSpec.function<string, string, Session, string | undefined>(
  (user, page, state, time) => {
    if (state.isTimingOut()) {
      const { pages, from, to } = state.get()
      return `${user} saw ${pages.join(' ')} in ${to - from} ms`
    }
    const { pages, from } = state.getOption() ?? { pages: [], from: time }
    state.update({ pages: [...pages, page!], from, to: time })
    return undefined
  },
).timeout('300ms')

ssc
  .queueStream(batches)
  .mapWithState(sessions)
  .foreachRDD(async ended => {
    for (const session of await ended.collect()) console.log(session)
  })

try {
  await ssc.start()
  await ssc.awaitTerminationOrTimeout('2s')
} finally {
  await ssc.stop({ gracefully: true })
}

import { test } from 'uvu'
import { exactly } from '../support/exactly.js'
import { counters, leavingNothing } from '../support/faults.js'
import { evaluated } from '../support/functions.js'

test('a thread that replaces a lost one knows the program of the job, however many came after it', () =>
  leavingNothing(async sc => {
    const [runs, go] = [counters(2), counters(1)]
    const result = sc
      .range(0, 2, 1, 2)
      .map(
        x => {
          if (Atomics.add(runs, x, 1) === 0) {
            while (Atomics.load(go, 0) === 0);
            process.exit()
          }
          return x
        },
        { runs, go },
      )
      .collect()
    while (runs[0] === 0 || runs[1] === 0) await new Promise(setImmediate)
    const others = Array.from({ length: 600 }, (_, i) =>
      sc
        .range(1)
        .map(evaluated<(x: number) => number>(`x => x + ${i}`))
        .collect(),
    )
    Atomics.store(go, 0, 1)
    exactly(await result, [0, 1])
    exactly(
      (await Promise.all(others)).flat(),
      others.map((_, i) => i),
    )
  }))

test.run()

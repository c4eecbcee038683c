import type { Case, Measure } from '../case.js'
import { collectGarbage, timed } from '../measure.js'
import { median } from '../statistics.js'
import { withSlides } from './slides.js'

/** As many as the yardsticks take. */
const SLIDES = 60
/** Slides before the measured ones, and those: a stream runs for long, and its code is compiled by and by. */
const WARM_UP = 3000
const MEASURED = 600

const window = { slides: SLIDES, inverse: true }

/** One slide after another, as the limit takes them. */
const running: Measure = env =>
  withSlides(env, window, async (slide, sums) => {
    const share = env.quick ? 0.2 : 1
    for (let i = 0; i < SLIDES + WARM_UP * share; i++) await slide()
    collectGarbage()
    const times: number[] = []
    for (let i = 0; i < MEASURED * share; i++) {
      const begin = performance.now()
      await slide()
      times.push(performance.now() - begin)
    }
    const { keys, sum } = await sums()
    return { values: { time: median(times), least: Math.min(...times) }, check: `${keys}:${sum}` }
  })

/** By the rules of the hand-written loops: few slides to warm up, and a collection before each, which goes on during it. */
const afterCollections: Measure = env =>
  withSlides(env, window, async (slide, sums) => {
    for (let i = 0; i < SLIDES + 10; i++) await slide()
    return timed(env, slide, async () => {
      const { keys, sum } = await sums()
      return `${keys}:${sum}`
    })
  })

export const w5: Case = {
  name: 'W5',
  title: 'one slide: 1 M records, 100,000 keys, a window of 60 slides with an inverse',
  inputs: ['w5.i32'],
  figures: { millrace: running, 'after collections': afterCollections },
  limit: { program: 'w5', figures: ['L'] },
  loops: ['N2', 'N1'],
  targets: [{ of: 'L', atMost: 3 }],
}

import type { Case } from '../case.js'
import { timed } from '../measure.js'
import { withSlides } from './slides.js'

/** As many as the yardsticks take. */
const SLIDES = 60

export const w5: Case = {
  name: 'W5',
  title: 'one slide: 1 M records, 100,000 keys, a window of 60 slides with an inverse',
  inputs: ['w5.i32'],
  figures: {
    millrace: env =>
      withSlides(env, { slides: SLIDES, inverse: true }, async (slide, sums) => {
        for (let i = 0; i < SLIDES + 10; i++) await slide()
        return timed(env, slide, async () => {
          const { keys, sum } = await sums()
          return `${keys}:${sum}`
        })
      }),
  },
  limit: { program: 'w5', figures: ['L'] },
  loops: ['N2', 'N1'],
  targets: [{ of: 'L', atMost: 3 }],
}

import type { Case, Measure } from '../case.js'
import { collectGarbage } from '../measure.js'
import { withSlides } from './slides.js'

/** The mean of a whole window's slides, so that what is done once a window counts; and the longest. */
const meanSlide =
  (slides: number, inverse: boolean): Measure =>
  env =>
    withSlides(env, { slides, inverse }, async (slide, sums) => {
      for (let i = 0; i < slides + 20; i++) await slide()
      collectGarbage()
      const times: number[] = []
      for (let i = 0; i < Math.max(slides, 60); i++) {
        const begin = performance.now()
        await slide()
        times.push(performance.now() - begin)
      }
      const time = times.reduce((a, b) => a + b, 0) / times.length
      // What a slide of the window has, so that windows of any length compare.
      const { keys, sum } = await sums()
      return { values: { time, longest: Math.max(...times) }, check: `${keys}:${sum / slides}` }
    })

const metrics = [
  { name: 'time', unit: 'ms' },
  { name: 'longest', unit: 'ms' },
]

export const longWindows: Case = {
  name: 'long-windows',
  title: 'one slide as in W5, on average, with a window of 600 slides and of 6',
  inputs: ['w5.i32'],
  figures: { '600 slides': meanSlide(600, true), '6 slides': meanSlide(6, true) },
  subject: '600 slides',
  metrics,
  targets: [{ of: '6 slides', atMost: 1.3 }],
}

export const longWindowsWithoutInverse: Case = {
  name: 'long-windows-without-inverse',
  title: 'the same without an inverse',
  inputs: ['w5.i32'],
  figures: {
    '600 slides': meanSlide(600, false),
    '6 slides': meanSlide(6, false),
    'with inverse': meanSlide(600, true),
  },
  subject: '600 slides',
  metrics,
  targets: [
    { of: '6 slides', atMost: 1.3 },
    { of: 'with inverse', atMost: 3 },
  ],
}

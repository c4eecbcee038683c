import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { output } from '../support/program.js'

/** The same points in plain loops, each put to the place it was made around: the clusters are far enough apart. */
function expected(): string[] {
  const clusters = [0, 1, 2].map(() => ({ x: 0, y: 0, weight: 0 }))
  return Array.from({ length: 10 }, (_, batch) => {
    for (const [k, cluster] of clusters.entries()) {
      let [sumX, sumY] = [0, 0]
      for (let i = k; i < 300; i += 3) {
        sumX += [0, 10, batch][k]! + Math.sin(i * i)
        sumY += [0, 0, 10][k]! + Math.cos(i * i)
      }
      const kept = cluster.weight / 2
      cluster.x = (cluster.x * kept + sumX) / (kept + 100)
      cluster.y = (cluster.y * kept + sumY) / (kept + 100)
      cluster.weight = kept + 100
    }
    return clusters.map(({ x, y }) => `(${x.toFixed(2)}, ${y.toFixed(2)})`).join('  ')
  })
}

test('the centres follow their points', async () => {
  assert.equal((await output('examples/k-means.js')).trim().split('\n'), expected())
})

test.run()

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { output } from '../support/program.js'

/** Each visitor's clicks, cut where more than three batches lie between two of them. */
function expected(): string[] {
  return ['ann', 'ben', 'cleo', 'dan'].flatMap((user, i) => {
    const clicks = Array.from({ length: 12 }, (_, batch) => batch).filter(b => (b + i) % 7 < 3 - (i % 2))
    const sessions: number[][] = []
    for (const batch of clicks) {
      const last = sessions.at(-1)
      if (last === undefined || batch - last.at(-1)! > 4) sessions.push([batch])
      else last.push(batch)
    }
    return sessions.map(
      s => `${user} saw ${s.map(b => `/page-${b}`).join(' ')} in ${(s.at(-1)! - s[0]!) * 100} ms`,
    )
  })
}

test('sessions end when a visitor pauses', async () => {
  assert.equal((await output('examples/sessions.js')).trim().split('\n').sort(), expected().sort())
})

test.run()

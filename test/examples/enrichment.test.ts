import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { blocks, output } from '../support/program.js'

const COUNTRY: Record<string, string> = { CDG: 'France', FRA: 'Germany', MUC: 'Germany', NRT: 'Japan' }

/** What a batch of the same flights gives: codes that are not known, and each country's line. */
function expected(batch: number): [unknown: string[], countries: string[]] {
  const late = new Map<string, number[]>()
  const strange = new Set<string>()
  for (let i = 0; i < 12; i++) {
    const code = ['CDG', 'MUC', 'FRA', 'XXX', 'NRT', 'FRA'][(i * i + batch) % 6]!
    const country = COUNTRY[code]
    if (country === undefined) strange.add(`no such airport: ${code}`)
    else late.set(country, [...(late.get(country) ?? []), (i * 7 + batch * 5) % 40])
  }
  const lines = [...late].map(([country, minutes]) => {
    const mean = minutes.reduce((a, b) => a + b) / minutes.length
    return `${country}: ${minutes.length} flights, ${mean.toFixed(1)} min late`
  })
  return [[...strange], lines.sort()]
}

test('each batch is joined with the table of airports', async () => {
  const printed = blocks(await output('examples/enrichment.js')).map(({ records }) => records.sort())
  for (let batch = 0; batch < 5; batch++)
    assert.equal(printed.slice(batch * 2, batch * 2 + 2), expected(batch), `batch ${batch}`)
})

test.run()

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { FOLDS, NEUTRAL } from '../../src/kernels/js/fold.js'
import { exactly } from '../support/exactly.js'
import { eachKernels, type Memory } from '../support/kernels.js'
import { plainGroups, RawTable } from '../support/key-table.js'
import { Seeded } from '../support/seeded.js'

const DOUBLES = [0, -0, 1, -1, 0.1, 1e16, 1.7e308, Infinity, -Infinity, NaN]
const WHOLES = [0, 1, -1, 7, 2 ** 31 - 1, -(2 ** 31)]
const STEPS = [1, 2, 3, 7]
const LENGTHS = [0, 1, 2, 9, 67]
const LEAST = -(2 ** 31)

eachKernels('rows are counted by key, which is noted as it first comes', (k, memory) => {
  const random = new Seeded(51)
  for (const [rows, range, least] of [
    [0, 5, 0],
    [1, 1, LEAST],
    [300, 7, -3],
    [300, 301, 2 ** 31 - 301],
    [5000, 5000, -2500],
  ] as const) {
    memory.arena.reset()
    const keys = Array.from({ length: rows }, () => least + random.below(range))
    const table = new RawTable(memory, { capacity: range, least, range })
    const counts = memory.i32(range).fill(0)
    const all = memory.i32(keys)
    const cut = rows >> 1
    assert.is(k.countDense(table.header, counts, all.subarray(0, cut), 0), cut)
    assert.is(k.countDense(table.header, counts, all, cut), rows)
    exactly(table.numbers, plainGroups(keys).distinct)
    const expected = new Array(range).fill(0)
    for (const key of keys) expected[key - least]++
    exactly([...counts], expected)
    const marks = memory.u8(range)
    k.markCounts(counts, marks)
    exactly(
      [...marks],
      expected.map(n => (n > 0 ? 1 : 0)),
    )
  }
})

eachKernels('counting stops before a key outside the range, wherever it stands', (k, memory) => {
  for (const outside of [-3, 20, 2 ** 31 - 1, LEAST])
    for (let at = 0; at < 20; at++) {
      memory.arena.reset()
      const table = new RawTable(memory, { capacity: 22, least: -2, range: 22 })
      const counts = memory.i32(22).fill(0)
      const keys = memory.i32(Array.from({ length: 20 }, (_, i) => (i === at ? outside : i)))
      assert.is(k.countDense(table.header, counts, keys, 0), at)
      exactly(
        table.numbers,
        Array.from({ length: at }, (_, i) => i),
      )
    }
})

eachKernels('what looks neutral is not marked, unless it is already', (k, memory) => {
  NEUTRAL.forEach((neutral, op) => {
    const acc = memory.f64([neutral, neutral, 1.5, 0, NaN])
    const marks = memory.u8([0, 1, 0, 0, 0])
    k.markFolded(op, acc, marks)
    exactly([...marks], [0, 1, 1, 1, Number.isNaN(neutral) ? 0 : 1])
  })
})

/** Values of a source with marks, of which every `step`th is wanted; what is not marked is garbage. */
function source(random: Seeded, memory: Memory, n: number, step: number, values: readonly number[]) {
  const length = n === 0 ? 0 : (n - 1) * step + 1
  const all = Array.from({ length }, () => random.pick(values))
  const marks = Array.from({ length }, () => (random.chance(0.6) ? 1 : 0))
  const at = (i: number): number | undefined => (marks[i * step] === 1 ? all[i * step]! : undefined)
  return { all, at, there: memory.u8(marks) }
}

eachKernels('sources are taken and folded place by place', (k, memory) => {
  const random = new Seeded(52)
  for (const [op, neutral] of NEUTRAL.entries())
    for (const n of LENGTHS)
      for (const step of STEPS)
        for (const whole of [false, true]) {
          memory.arena.reset()
          const put = (values: number[]): Float64Array | Int32Array =>
            whole ? memory.i32(values) : memory.f64(values)
          const values = whole ? WHOLES : DOUBLES
          const [one, two] = [
            source(random, memory, n, step, values),
            source(random, memory, n, step, values),
          ]
          const acc = memory.f64(n).fill(5)
          const marks = memory.u8(n).fill(9)
          k.takePlaces(neutral, acc, marks, put(one.all), one.there, step)
          k.foldPlaces(op, acc, marks, put(two.all), two.there, step)
          const places = Array.from({ length: n }, (_, i) => i)
          exactly(
            [...acc],
            places.map(i => {
              const [a, b] = [one.at(i) ?? neutral, two.at(i)]
              return b === undefined ? a : FOLDS[op]!(a, b)
            }),
          )
          exactly(
            Array.from(marks, mark => mark !== 0),
            places.map(i => one.at(i) !== undefined || two.at(i) !== undefined),
          )
        }
})

eachKernels('slices enter and leave, and what has none is dropped', (k, memory) => {
  const random = new Seeded(53)
  for (const n of LENGTHS)
    for (const step of STEPS)
      for (const whole of [false, true]) {
        memory.arena.reset()
        const sums = memory.f64(n).fill(-0)
        const slices = memory.i32(n).fill(0)
        const expected = Array.from({ length: n }, () => ({ sum: -0, slices: 0 }))
        for (let round = 0; round < 6; round++) {
          const leaves = round % 3 === 2
          const slice = source(random, memory, n, step, whole ? WHOLES : DOUBLES)
          // Only what has a slice can lose one.
          if (leaves)
            expected.forEach((place, i) => {
              if (place.slices === 0) slice.there[i * step] = 0
            })
          let turned = 0
          expected.forEach((place, i) => {
            if (slice.there[i * step] === 0) return
            const value = slice.all[i * step]!
            const before = place.slices
            place.slices += leaves ? -1 : 1
            if (before === 0 || place.slices === 0) turned++
            place.sum = leaves ? place.sum - value : place.sum + value
          })
          const values = whole ? memory.i32(slice.all) : memory.f64(slice.all)
          assert.is(k.slidePlaces(sums, slices, values, slice.there, step, leaves), turned)
          exactly(
            Array.from(sums, (sum, i) => ({ sum, slices: slices[i]! })),
            expected,
          )
        }
        const marks = memory.u8(n).fill(7)
        k.dropPlaces(sums, slices, marks)
        exactly(
          Array.from(sums, (sum, i) => [sum, marks[i] !== 0]),
          expected.map(place => (place.slices > 0 ? [place.sum, true] : [-0, false])),
        )
      }
})

eachKernels('keys are found by their place, whatever lies between them', (k, memory) => {
  const random = new Seeded(54)
  for (const stride of [1, 2, 3, 5, 6, 7, 8, 12, 100, 65_536, 1_000_003])
    for (const first of [0, -3, LEAST, 2 ** 31 - 1 - stride * 20]) {
      memory.arena.reset()
      const order = Array.from({ length: 40 }, () => random.below(20))
      const keys = memory.i32(order.map(place => first + place * stride))
      const places = memory.i32(40)
      k.placesOf(keys, first, stride, 20, places)
      exactly([...places], order)
      const marks = memory.u8(Array.from({ length: 20 }, () => (random.chance(0.5) ? 1 : 0)))
      for (const marked of [true, false]) {
        const out = memory.i32(40)
        const count = k.selectKeys(keys, first, stride, marks, marked, out)
        exactly(
          [...out.subarray(0, count)],
          [...keys].filter((_, i) => (marks[order[i]!] === 1) === marked),
        )
      }
    }
})

eachKernels('a key without a place is refused', (k, memory) => {
  const marks = memory.u8(4).fill(1)
  const out = memory.i32(3)
  for (const [outside, stride] of [
    [-2, 1],
    [3, 1],
    [2 ** 31 - 1, 1],
    [LEAST, 1],
    [7, 2],
    [-3, 2],
  ] as const) {
    const keys = memory.i32([-1, outside, 1])
    const refused = (call: () => void): void => {
      assert.throws(call, (e: Error) => e instanceof RangeError && /key is out of range/.test(e.message))
    }
    refused(() => k.placesOf(keys, -1, stride, 4, out))
    refused(() => {
      k.selectKeys(keys, -1, stride, marks, true, out)
    })
  }
})

test.run()

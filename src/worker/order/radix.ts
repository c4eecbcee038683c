import type { Arena } from '../../memory/arena.js'

const BITS = 11
const DIGITS = 1 << BITS

/**
 * Puts rows in the order of their keys, which are whole numbers of one or more words of 32 bits without a sign: digit by digit,
 * from the lowest on, rows of the same digit staying as they are (radix sort; Knuth, The Art of Computer Programming 3, 5.2.5). A
 * digit that is the same in all keys costs a look only.
 */
export class RadixSort {
  readonly #counts = new Int32Array(DIGITS)
  readonly #places: Int32Array
  readonly #rows: Int32Array
  readonly #spare: Int32Array
  readonly #afterDigit: () => void

  /**
   * @param most rows there may be
   * @param arena has room for all there is to remember
   * @param afterDigit may throw, to give up
   */
  constructor(most: number, arena: Arena, afterDigit: () => void) {
    this.#places = arena.i32(most)
    this.#rows = arena.i32(most)
    this.#spare = arena.i32(most)
    this.#afterDigit = afterDigit
  }

  /**
   * @param words of the keys, the lowest first; void afterwards
   * @returns the rows in order; void once the words are written again
   */
  order(words: readonly Int32Array[]): Int32Array {
    const n = words[0]!.length
    const keys = [...words]
    const places = this.#places.subarray(0, n)
    let [rows, spare] = [this.#rows.subarray(0, n), this.#spare.subarray(0, n)]
    for (let row = 0; row < n; row++) rows[row] = row
    for (let w = 0; w < keys.length; w++) {
      for (let shift = 0; shift < 32; shift += BITS) {
        if (!placesOf(keys[w]!, shift, this.#counts, places)) continue
        // The words below have done their part.
        for (let k = w; k < keys.length; k++) {
          move(keys[k]!, places, spare)
          ;[keys[k], spare] = [spare, keys[k]!]
        }
        move(rows, places, spare)
        ;[rows, spare] = [spare, rows]
        this.#afterDigit()
      }
    }
    return rows
  }
}

/** Where each row goes by one digit of its key; false if all have the same. */
function placesOf(word: Int32Array, shift: number, counts: Int32Array, places: Int32Array): boolean {
  const n = word.length
  counts.fill(0)
  for (let row = 0; row < n; row++) counts[(word[row]! >>> shift) & (DIGITS - 1)]!++
  if (counts[(word[0]! >>> shift) & (DIGITS - 1)] === n) return false
  let before = 0
  for (let digit = 0; digit < DIGITS; digit++) {
    const count = counts[digit]!
    counts[digit] = before
    before += count
  }
  for (let row = 0; row < n; row++) places[row] = counts[(word[row]! >>> shift) & (DIGITS - 1)]!++
  return true
}

function move(from: Int32Array, places: Int32Array, to: Int32Array): void {
  for (let row = 0; row < from.length; row++) to[places[row]!] = from[row]!
}

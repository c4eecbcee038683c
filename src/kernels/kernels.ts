/**
 * The hot loops, as one interface with two implementations: the addon (native.ts) and its twins in plain
 * JavaScript (js/), which are the reference in tests and the fallback in life. Both give the same bits.
 *
 * All arrays are views over one heap. A kernel allocates nothing and is bounded by its input. Rows of text are
 * spans: row i is `bytes[starts[i] .. ends[i])`, and kernels take as many rows as `starts` has.
 */
export interface Kernels {
  readonly kind: 'native' | 'js'
  /** The instruction set: `avx2`, `base` or `javascript`. */
  readonly instructions: string

  // ---- text

  /** `UTF8_ASCII`, `UTF8_VALID` or `UTF8_INVALID`. */
  validateUtf8(bytes: Uint8Array): number
  /**
   * Cuts `bytes[cursor[1] ..]` into lines that end in \n, \r\n or \r, without their ends, until `starts` is full
   * or no line is complete; with `last`, the end of the bytes ends a line, too. Moves `cursor[1]` behind the
   * last line.
   *
   * @returns the number of lines
   */
  lines(bytes: Uint8Array, cursor: Int32Array, last: boolean, starts: Int32Array, ends: Int32Array): number
  /**
   * `row.split(separator)` for rows from `cursor[0]` on and a separator of one ASCII character. Takes whole rows
   * while their pieces fit and moves `cursor[0]`; sets `cursor[1]` to -1 when one row alone does not fit.
   *
   * @returns the number of pieces
   */
  splitByte(rows: Spans, cursor: Int32Array, separator: number, starts: Int32Array, ends: Int32Array): number
  /** The same for a separator of two bytes or more. */
  splitLiteral(
    rows: Spans,
    cursor: Int32Array,
    separator: Uint8Array,
    starts: Int32Array,
    ends: Int32Array,
  ): number
  /**
   * `row.split(/[class]/)`, or `/[class]+/` with `repeat`. `table` says of each of 128 ASCII characters whether
   * it separates, `beyond` (BEYOND_…) of the others; BEYOND_ALL needs `repeat`.
   */
  splitClass(
    rows: Spans,
    cursor: Int32Array,
    table: Uint8Array,
    beyond: number,
    repeat: boolean,
    starts: Int32Array,
    ends: Int32Array,
  ): number
  /** Writes the numbers of the rows that are not empty; `out` has one place more than there are rows. */
  selectNonEmpty(starts: Int32Array, ends: Int32Array, out: Int32Array): number
  /** One 32-bit hash a row. */
  hashUtf8(rows: Spans, hashes: Int32Array): void

  // ---- grouping: every key gets a dense id in the order of its first appearance; see key-table.ts
  //      Takes rows from `from` on and returns the first row not taken: all were, or the table must grow.

  groupUtf8(table: Int32Array, rows: Spans, hashes: Int32Array, from: number, ids: Int32Array): number
  groupI32(table: Int32Array, keys: Int32Array, from: number, ids: Int32Array): number
  groupF64(table: Int32Array, keys: Float64Array, from: number, ids: Int32Array): number
  /** Whole numbers within the table's dense range; stops before a key outside it, too. */
  groupDense(table: Int32Array, keys: Int32Array, from: number, ids: Int32Array): number
  /** Enters keys `[from, to)` into the cleared slots of a table that was made larger. */
  reslot(table: Int32Array, tags: Int32Array, from: number, to: number): void
  /** The tags by which a table of doubles finds its keys. */
  tagsF64(keys: Float64Array, tags: Int32Array): void
  /** Least and greatest of at least one value. */
  minMaxI32(values: Int32Array, out: Int32Array): void

  // ---- folds: FOLD_…, in row order, in doubles

  fold(op: number, values: Float64Array | Int32Array, first: number): number
  /**
   * `acc[ids[i]] = op(acc[ids[i]], values[i])`. Ids appear in order: the first row of id `next` sets `acc[next]`
   * and counts `next` up.
   *
   * @returns the new `next`
   */
  foldByGroup(
    op: number,
    acc: Float64Array,
    next: number,
    ids: Int32Array,
    values: Float64Array | Int32Array,
  ): number
  /** The same with one value for all rows. */
  foldConstByGroup(op: number, acc: Float64Array, next: number, ids: Int32Array, value: number): number
  /**
   * Finds and folds in one go, for whole keys within the table's dense range: `acc[key - least] = op(acc[key - least], value)`,
   * where `acc` was filled with what is neutral (NEUTRAL). The table notes its keys in the order of their first appearance; one
   * with no room for keys (T_CAPACITY 0) only folds. Takes rows from `from` on.
   *
   * @returns the first row not taken: all were, or a key lies outside the range, or the table is full
   */
  foldDense(
    table: Int32Array,
    op: number,
    acc: Float64Array,
    keys: Int32Array,
    from: number,
    values: Float64Array | Int32Array,
  ): number
  /** The same with one value for all rows. */
  foldConstDense(
    table: Int32Array,
    op: number,
    acc: Float64Array,
    keys: Int32Array,
    from: number,
    value: number,
  ): number
  /** 0 if all are whole numbers that a double holds exactly, 2 if one is NaN or infinite, else 1. */
  exactness(values: Float64Array): number
  /** `out[i] = -values[i]`. */
  negateF64(values: Float64Array, out: Float64Array): void
  /** `values.fill(value)`, which JavaScript does slowly over shared memory. */
  fillF64(values: Float64Array, value: number): void

  // ---- values that lie at the places of their keys (memory/placed.ts): whole keys of a small range, place p that of the key
  //      `first + p * stride`. Marks say where there is a value. One place of a result is `step` places of what is joined to it,
  //      so that place i of the one is place `i * step` of the other.

  /**
   * Counts rows by key, at `key - least`, within a table's dense range; its keys have room for one more than that. Takes rows
   * from `from` on.
   *
   * @returns the first row not taken: all were, or its key lies outside the range
   */
  countDense(table: Int32Array, counts: Int32Array, keys: Int32Array, from: number): number
  /** Marks exactly the places that have a count. */
  markCounts(counts: Int32Array, marks: Uint8Array): void
  /** Marks, beside those that are marked already, the places whose value is not what is neutral (NEUTRAL). */
  markFolded(op: number, acc: Float64Array, marks: Uint8Array): void
  /** `acc[i] = from[i * step]` where `there` says that there is a value, else what is neutral; marked alike. */
  takePlaces(
    neutral: number,
    acc: Float64Array,
    marks: Uint8Array,
    from: Float64Array | Int32Array,
    there: Uint8Array,
    step: number,
  ): void
  /** `acc[i] = op(acc[i], from[i * step])` where `there` says that there is a value, which is marked. */
  foldPlaces(
    op: number,
    acc: Float64Array,
    marks: Uint8Array,
    from: Float64Array | Int32Array,
    there: Uint8Array,
    step: number,
  ): void
  /**
   * Adds a slice to the sums of a window, and one to the number of slices that each of its places has; or takes it away.
   *
   * @returns the number of places that had no slice before, or have none any more
   */
  slidePlaces(
    sums: Float64Array,
    slices: Int32Array,
    from: Float64Array | Int32Array,
    there: Uint8Array,
    step: number,
    leaves: boolean,
  ): number
  /** Marks exactly the places that have a slice, and makes the sums of the others what is neutral. */
  dropPlaces(sums: Float64Array, slices: Int32Array, marks: Uint8Array): void
  /**
   * The place of each key.
   *
   * @throws RangeError for a key whose place is not among the first `range`
   */
  placesOf(keys: Int32Array, first: number, stride: number, range: number, places: Int32Array): void
  /**
   * Those of the keys whose place is marked, or is not, in their order; `out` has room for all.
   *
   * @returns their number
   * @throws RangeError for a key that has no place
   */
  selectKeys(
    keys: Int32Array,
    first: number,
    stride: number,
    marks: Uint8Array,
    marked: boolean,
    out: Int32Array,
  ): number

  // ---- partitioning: a whole number of 32 bits goes to key mod parts, anything else by its hash

  partitionI32(keys: Int32Array, parts: number, targets: Int32Array): void
  partitionF64(keys: Float64Array, parts: number, targets: Int32Array): void
  partitionHashes(hashes: Int32Array, parts: number, targets: Int32Array): void
  /**
   * Row numbers ordered by target, within a target as they were: target t is
   * `order[bounds[t] .. bounds[t + 1])`. `bounds` has one place more than there are targets.
   *
   * @throws RangeError for a target that is none
   */
  bucket(targets: Int32Array, bounds: Int32Array, order: Int32Array): void

  /**
   * The keys themselves, ordered by partition, within a partition as they were: those of partition t are
   * `out[bounds[t] .. bounds[t + 1])`. `bounds` has one place more than there are partitions, `out` one more than there are keys.
   */
  divideI32(keys: Int32Array, bounds: Int32Array, out: Int32Array): void

  // ---- moving rows

  /**
   * `out[i] = values[order[i]]`; all of one width: 1, 4 or 8 bytes.
   *
   * @throws RangeError for a row that is none
   */
  gather<T extends Uint8Array | Int32Array | Float64Array | BigInt64Array>(
    values: T,
    order: Int32Array,
    out: T,
  ): void
  /** The bytes of all rows together. */
  spansSize(starts: Int32Array, ends: Int32Array): number
  /** Copies rows end to end: row i becomes `out[offsets[i] .. offsets[i + 1])`; `out` has their size. */
  packSpans(rows: Spans, offsets: Int32Array, out: Uint8Array): void

  // ---- memory

  /** `array.fill(0)`, which JavaScript does slowly over shared memory. */
  zero(array: Uint8Array | Int32Array): void

  // no-ops without the addon

  /** Asks the system for huge pages over a range of the heap. */
  adviseHuge(offset: number, length: number): void
  /** Gives memory back to the system; the range reads as zeros or as it was. */
  releaseMemory(offset: number, length: number): void

  // ---- threads; no-ops without the addon, and on systems other than Linux

  /** The processor that the thread runs on; -1 where that is not to be known. */
  processor(): number
  /** Lets another thread that waits for the same processor run first. */
  giveWay(): void
  /** Moves the thread to a processor that is none of these, if it may run on one. It is bound to nothing afterwards. */
  leaveProcessors(processors: Int32Array): void
}

/** Rows of bytes. */
export interface Spans {
  readonly bytes: Uint8Array
  readonly starts: Int32Array
  readonly ends: Int32Array
}

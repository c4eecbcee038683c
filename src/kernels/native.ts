import type { Kernels } from './kernels.js'

/** The addon's exports: a key table and arrays are byte offsets into the heap that `bind` was given. */
export interface Addon {
  layout: Record<string, number>
  bind(memory: Uint8Array, byteLength: number, base?: boolean): BoundAddon
}

type Call = (...args: number[]) => number

export interface BoundAddon extends Record<CallName, Call> {
  instructions: string
}

export type CallName =
  | 'validateUtf8'
  | 'lines'
  | 'splitByte'
  | 'splitLiteral'
  | 'splitClass'
  | 'selectNonEmpty'
  | 'hashUtf8'
  | 'groupUtf8'
  | 'groupI32'
  | 'groupF64'
  | 'groupDense'
  | 'reslot'
  | 'tagsF64'
  | 'minMaxI32'
  | 'foldF64'
  | 'foldI32'
  | 'foldF64ByGroup'
  | 'foldI32ByGroup'
  | 'foldConstByGroup'
  | 'foldDenseF64'
  | 'foldDenseI32'
  | 'foldConstDense'
  | 'exactness'
  | 'negateF64'
  | 'fillF64'
  | 'countDense'
  | 'markCounts'
  | 'markFolded'
  | 'takePlacesF64'
  | 'takePlacesI32'
  | 'foldPlacesF64'
  | 'foldPlacesI32'
  | 'slidePlacesF64'
  | 'slidePlacesI32'
  | 'dropPlaces'
  | 'placesOf'
  | 'selectKeys'
  | 'partitionI32'
  | 'partitionF64'
  | 'partitionHashes'
  | 'bucket'
  | 'divideI32'
  | 'gather8'
  | 'gather32'
  | 'gather64'
  | 'spansSize'
  | 'packSpans'
  | 'zero'
  | 'adviseHuge'
  | 'releaseMemory'
  | 'processor'
  | 'giveWay'
  | 'leaveProcessors'

/**
 * The addon's kernels over one heap. A view's `byteOffset` is its address, so a call passes numbers only.
 *
 * @param base use the plainest instruction set, for tests
 */
export function nativeKernels(addon: Addon, buffer: SharedArrayBuffer, base = false): Kernels {
  const k = addon.bind(new Uint8Array(buffer, 0, 64), buffer.byteLength, base)
  return {
    kind: 'native',
    instructions: k.instructions,

    validateUtf8: bytes => k.validateUtf8(bytes.length, bytes.byteOffset),
    lines: (bytes, cursor, last, starts, ends) =>
      k.lines(
        bytes.length,
        starts.length,
        bytes.byteOffset,
        cursor.byteOffset,
        last ? 1 : 0,
        starts.byteOffset,
        ends.byteOffset,
      ),
    splitByte: ({ bytes, starts: from, ends: to }, cursor, separator, starts, ends) =>
      k.splitByte(
        bytes.length,
        from.length,
        starts.length,
        bytes.byteOffset,
        from.byteOffset,
        to.byteOffset,
        cursor.byteOffset,
        starts.byteOffset,
        ends.byteOffset,
        separator,
      ),
    splitLiteral: ({ bytes, starts: from, ends: to }, cursor, separator, starts, ends) =>
      k.splitLiteral(
        bytes.length,
        from.length,
        starts.length,
        bytes.byteOffset,
        from.byteOffset,
        to.byteOffset,
        cursor.byteOffset,
        starts.byteOffset,
        ends.byteOffset,
        separator.length,
        separator.byteOffset,
      ),
    splitClass: ({ bytes, starts: from, ends: to }, cursor, table, beyond, repeat, starts, ends) =>
      k.splitClass(
        bytes.length,
        from.length,
        starts.length,
        bytes.byteOffset,
        from.byteOffset,
        to.byteOffset,
        cursor.byteOffset,
        starts.byteOffset,
        ends.byteOffset,
        table.byteOffset,
        beyond,
        repeat ? 1 : 0,
      ),
    selectNonEmpty: (starts, ends, out) =>
      k.selectNonEmpty(starts.length, starts.byteOffset, ends.byteOffset, out.byteOffset),
    hashUtf8: ({ bytes, starts, ends }, hashes) => {
      k.hashUtf8(
        bytes.length,
        starts.length,
        bytes.byteOffset,
        starts.byteOffset,
        ends.byteOffset,
        hashes.byteOffset,
      )
    },

    groupUtf8: (table, { bytes, starts, ends }, hashes, from, ids) =>
      k.groupUtf8(
        table.byteOffset,
        from,
        starts.length,
        bytes.length,
        bytes.byteOffset,
        starts.byteOffset,
        ends.byteOffset,
        hashes.byteOffset,
        ids.byteOffset,
      ),
    groupI32: (table, keys, from, ids) =>
      k.groupI32(table.byteOffset, from, keys.length, keys.byteOffset, ids.byteOffset),
    groupF64: (table, keys, from, ids) =>
      k.groupF64(table.byteOffset, from, keys.length, keys.byteOffset, ids.byteOffset),
    groupDense: (table, keys, from, ids) =>
      k.groupDense(table.byteOffset, from, keys.length, keys.byteOffset, ids.byteOffset),
    reslot: (table, tags, from, to) => {
      k.reslot(table.byteOffset, from, to, tags.byteOffset)
    },
    tagsF64: (keys, tags) => {
      k.tagsF64(keys.length, keys.byteOffset, tags.byteOffset)
    },
    minMaxI32: (values, out) => {
      k.minMaxI32(values.length, values.byteOffset, out.byteOffset)
    },

    fold: (op, values, first) =>
      (values instanceof Float64Array ? k.foldF64 : k.foldI32)(op, values.length, values.byteOffset, first),
    foldByGroup: (op, acc, next, ids, values) =>
      (values instanceof Float64Array ? k.foldF64ByGroup : k.foldI32ByGroup)(
        op,
        acc.length,
        next,
        ids.length,
        acc.byteOffset,
        ids.byteOffset,
        values.byteOffset,
      ),
    foldConstByGroup: (op, acc, next, ids, value) =>
      k.foldConstByGroup(op, acc.length, next, ids.length, acc.byteOffset, ids.byteOffset, value),
    foldDense: (table, op, acc, keys, from, values) =>
      (values instanceof Float64Array ? k.foldDenseF64 : k.foldDenseI32)(
        table.byteOffset,
        op,
        from,
        keys.length,
        acc.byteOffset,
        keys.byteOffset,
        values.byteOffset,
      ),
    foldConstDense: (table, op, acc, keys, from, value) =>
      k.foldConstDense(table.byteOffset, op, from, keys.length, acc.byteOffset, keys.byteOffset, value),
    exactness: values => k.exactness(values.length, values.byteOffset),
    negateF64: (values, out) => {
      k.negateF64(values.length, values.byteOffset, out.byteOffset)
    },
    fillF64: (values, value) => {
      k.fillF64(values.length, values.byteOffset, value)
    },
    countDense: (table, counts, keys, from) =>
      k.countDense(table.byteOffset, from, keys.length, counts.byteOffset, keys.byteOffset),
    markCounts: (counts, marks) => {
      k.markCounts(marks.length, counts.byteOffset, marks.byteOffset)
    },
    markFolded: (op, acc, marks) => {
      k.markFolded(op, marks.length, acc.byteOffset, marks.byteOffset)
    },
    takePlaces: (neutral, acc, marks, from, there, step) => {
      ;(from instanceof Float64Array ? k.takePlacesF64 : k.takePlacesI32)(
        neutral,
        acc.length,
        step,
        acc.byteOffset,
        marks.byteOffset,
        from.byteOffset,
        there.byteOffset,
      )
    },
    foldPlaces: (op, acc, marks, from, there, step) => {
      ;(from instanceof Float64Array ? k.foldPlacesF64 : k.foldPlacesI32)(
        op,
        acc.length,
        step,
        acc.byteOffset,
        marks.byteOffset,
        from.byteOffset,
        there.byteOffset,
      )
    },
    slidePlaces: (sums, slices, from, there, step, leaves) =>
      (from instanceof Float64Array ? k.slidePlacesF64 : k.slidePlacesI32)(
        sums.length,
        step,
        sums.byteOffset,
        slices.byteOffset,
        from.byteOffset,
        there.byteOffset,
        leaves ? 1 : 0,
      ),
    dropPlaces: (sums, slices, marks) => {
      k.dropPlaces(marks.length, sums.byteOffset, slices.byteOffset, marks.byteOffset)
    },
    placesOf: (keys, first, stride, range, places) => {
      if (!k.placesOf(keys.length, range, keys.byteOffset, first, stride, places.byteOffset))
        throw new RangeError('a key is out of range')
    },
    selectKeys: (keys, first, stride, marks, marked, out) => {
      const count = k.selectKeys(
        keys.length,
        marks.length,
        keys.byteOffset,
        first,
        stride,
        marks.byteOffset,
        marked ? 1 : 0,
        out.byteOffset,
      )
      if (count > keys.length) throw new RangeError('a key is out of range')
      return count
    },

    partitionI32: (keys, parts, targets) => {
      k.partitionI32(keys.length, keys.byteOffset, parts, targets.byteOffset)
    },
    partitionF64: (keys, parts, targets) => {
      k.partitionF64(keys.length, keys.byteOffset, parts, targets.byteOffset)
    },
    partitionHashes: (hashes, parts, targets) => {
      k.partitionHashes(hashes.length, hashes.byteOffset, parts, targets.byteOffset)
    },
    bucket: (targets, bounds, order) => {
      if (
        !k.bucket(targets.length, bounds.length - 1, targets.byteOffset, bounds.byteOffset, order.byteOffset)
      )
        throw new RangeError('a target is out of range')
    },

    divideI32: (keys, bounds, out) => {
      k.divideI32(keys.length, bounds.length - 1, keys.byteOffset, bounds.byteOffset, out.byteOffset)
    },

    gather: (values, order, out) => {
      const gather =
        values.BYTES_PER_ELEMENT === 8 ? k.gather64 : values.BYTES_PER_ELEMENT === 4 ? k.gather32 : k.gather8
      if (!gather(values.length, order.length, values.byteOffset, order.byteOffset, out.byteOffset))
        throw new RangeError('a row is out of range')
    },
    spansSize: (starts, ends) => k.spansSize(starts.length, starts.byteOffset, ends.byteOffset),
    packSpans: ({ bytes, starts, ends }, offsets, out) => {
      k.packSpans(
        bytes.length,
        starts.length,
        out.length,
        bytes.byteOffset,
        starts.byteOffset,
        ends.byteOffset,
        offsets.byteOffset,
        out.byteOffset,
      )
    },

    zero: array => {
      k.zero(array.byteLength, array.byteOffset)
    },
    adviseHuge: (offset, length) => {
      k.adviseHuge(length, offset)
    },
    releaseMemory: (offset, length) => {
      k.releaseMemory(length, offset)
    },
    processor: () => k.processor(),
    giveWay: () => {
      k.giveWay()
    },
    leaveProcessors: processors => {
      k.leaveProcessors(processors.length, processors.byteOffset)
    },
  }
}

import type { Kernels } from '../kernels.js'
import {
  exactness,
  fold,
  foldByGroup,
  foldConstByGroup,
  foldConstDense,
  foldDense,
  negateF64,
} from './fold.js'
import { groupDense, groupF64, groupI32, groupUtf8, minMaxI32, reslot } from './group.js'
import { hashUtf8, tagsF64 } from './hash.js'
import {
  bucket,
  divideI32,
  gather,
  packSpans,
  partitionF64,
  partitionHashes,
  partitionI32,
  spansSize,
} from './partition.js'
import {
  countDense,
  dropPlaces,
  foldPlaces,
  markCounts,
  markFolded,
  placesOf,
  selectKeys,
  slidePlaces,
  takePlaces,
} from './placed.js'
import { lines, selectNonEmpty, splitByte, splitClass, splitLiteral, validateUtf8 } from './text.js'

/** The kernels in plain JavaScript: the reference, and what runs where the addon cannot. */
export const jsKernels: Kernels = {
  kind: 'js',
  instructions: 'javascript',
  validateUtf8,
  lines,
  splitByte,
  splitLiteral,
  splitClass,
  selectNonEmpty,
  hashUtf8,
  groupUtf8,
  groupI32,
  groupF64,
  groupDense,
  reslot,
  tagsF64,
  minMaxI32,
  fold,
  foldByGroup,
  foldConstByGroup,
  foldDense,
  foldConstDense,
  exactness,
  negateF64,
  fillF64: (values, value) => {
    values.fill(value)
  },
  countDense,
  markCounts,
  markFolded,
  takePlaces,
  foldPlaces,
  slidePlaces,
  dropPlaces,
  placesOf,
  selectKeys,
  partitionI32,
  partitionF64,
  partitionHashes,
  bucket,
  divideI32,
  gather,
  spansSize,
  packSpans,
  zero: array => {
    array.fill(0)
  },
  adviseHuge: () => {},
  releaseMemory: () => {},
  processor: () => -1,
  giveWay: () => {},
  leaveProcessors: () => {},
}

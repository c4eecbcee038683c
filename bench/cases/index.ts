import type { Case } from '../case.js'
import { batches10k } from './batches-10k.js'
import { costAgainstSize } from './cost-against-size.js'
import { eventLoop } from './event-loop.js'
import { join } from './join.js'
import { longWindows, longWindowsWithoutInverse } from './long-windows.js'
import { memory } from './memory.js'
import { opaque, opaqueThrowing } from './opaque.js'
import { sort } from './sort.js'
import { state } from './state.js'
import { nativeOff, w1 } from './w1.js'
import { w2 } from './w2.js'
import { w3a, w3aSparse, w3b, w3bSparse } from './w3.js'
import { w5 } from './w5.js'
import { w6 } from './w6.js'
import { w7 } from './w7.js'
import { w8 } from './w8.js'

/** In the order of the table. */
export const cases: readonly Case[] = [
  w1,
  w2,
  w3a,
  w3aSparse,
  w3b,
  w3bSparse,
  w5,
  w6,
  w7,
  w8,
  state,
  longWindows,
  longWindowsWithoutInverse,
  sort,
  join,
  opaque,
  opaqueThrowing,
  eventLoop,
  memory,
  batches10k,
  costAgainstSize,
  nativeOff,
]

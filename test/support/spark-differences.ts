/** Where a result is not that of Structured Streaming, with the reason. */
interface Difference {
  why: string
  /** `batch - row`: Spark's alone; `batch + row`: here alone. */
  append: string[]
  update?: string[]
  /** How many records of each batch are late here, where Spark says something else. */
  late?: number[]
}

const BEGINS_AT_ZERO =
  "Spark's watermark begins at 0, and what is not after it is late; here nothing is late before the first record"

export const DIFFERENCES: Record<string, Difference> = {
  'tumbling negative times lateness 1s': {
    why: BEGINS_AT_ZERO,
    append: [
      '2 + a -4000 -3000 2',
      '2 + a -5000 -4000 0 1',
      '2 + b -4000 -3000 3',
      '5 + a -3000 -2000 4',
      '5 + b -2000 -1000 5',
      '5 + b -3000 -2000 8',
      '7 + b -1000 0 13',
    ],
    update: [
      '0 + a -4000 -3000 2',
      '0 + a -5000 -4000 0 1',
      '0 + b -4000 -3000 3',
      '1 + a -3000 -2000 4',
      '1 + b -2000 -1000 5',
      '3 + b -3000 -2000 8',
      '5 + b -1000 0 13',
    ],
    late: [0, 0, 0, 3, 0, 2, 0, 0],
  },
  'sliding 5s/3s not dividing, negative, unkeyed': {
    why: BEGINS_AT_ZERO,
    append: ['2 + null -9000 -4000 0 1', '5 + null -6000 -1000 0 1 2 3 4 5 6 7 8 9'],
    update: [
      '0 + null -6000 -1000 0 1 2 3',
      '0 + null -9000 -4000 0 1',
      '1 + null -6000 -1000 0 1 2 3 4 5',
      '3 + null -6000 -1000 0 1 2 3 4 5 6 7 8 9',
    ],
  },
  'join borders': {
    why: BEGINS_AT_ZERO,
    append: ['0 + a 0 100', '0 + a 0 101', '0 + a 0 102', '0 + a 1 100', '0 + a 2 100'],
    late: [0, 0, 0, 6, 0, 4, 0, 0],
  },
  'session bridge': {
    why:
      'a complete session of Spark, which shows it a batch later, takes what touches it in that batch; ' +
      'here it has fired, and what comes is a session of its own',
    append: ['6 + b 10000 30000 3 6', '8 + b 21000 31000 12', '8 - b 10000 31000 3 6 12'],
  },
  duplicates: {
    why:
      'dropDuplicatesWithinWatermark tells a repetition by when the first one is forgotten, not by how far apart ' +
      'the two are, and a record exactly at the watermark (a 18000, b 28000) is late for it',
    append: [
      '1 + a 12000 4',
      '2 + a 14000 6',
      '2 + b 20000 8',
      '3 + a 18000 9',
      '4 + b 30000 13',
      '4 - b 21000 12',
      '5 + b 28000 14',
      '5 + b 32000 15',
    ],
    late: [0, 0, 1, 1, 0, 0, 0],
  },
}

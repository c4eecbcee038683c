/**
 * What both sides of the language border agree on; native/layout.h says the same, and the loader refuses an
 * addon that differs.
 */
export const LAYOUT = {
  ABI: 4,

  // Words of a key table's header, 32 bits each. Addresses count 64-byte units from the heap's start.
  T_COUNT: 0,
  T_CAPACITY: 1,
  T_SHIFT: 2,
  T_SLOTS: 3,
  T_HASHES: 4,
  T_KEYS: 5,
  T_BYTES: 6,
  T_BYTES_CAPACITY: 7,
  T_DENSE_MIN: 8,
  T_DENSE_RANGE: 9,
  T_MARKED: 10,
  T_WORDS: 16,

  // A fold of two numbers, a the earlier one.
  FOLD_SUM: 0, // a + b
  FOLD_MIN: 1, // Math.min(a, b)
  FOLD_MAX: 2, // Math.max(a, b)
  FOLD_LT: 3, // a < b ? a : b
  FOLD_LE: 4, // a <= b ? a : b
  FOLD_GT: 5, // a > b ? a : b
  FOLD_GE: 6, // a >= b ? a : b
  FOLD_LT_B: 7, // a < b ? b : a
  FOLD_LE_B: 8, // a <= b ? b : a
  FOLD_GT_B: 9, // a > b ? b : a
  FOLD_GE_B: 10, // a >= b ? b : a

  // Which characters a split class takes beyond its table of 128.
  BEYOND_NONE: 0,
  BEYOND_SPACE: 1, // the white space of JavaScript's \s
  BEYOND_ALL: 2, // every one

  UTF8_ASCII: 0,
  UTF8_VALID: 1,
  UTF8_INVALID: 2,
} as const

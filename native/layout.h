// What both sides of the language border agree on. src/kernels/layout.ts says the same; the loader compares them.
#pragma once
#include <cstddef>
#include <cstdint>

typedef uint8_t u8;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t i32;
typedef double f64;

// Raise it with any change of a kernel's meaning or of the numbers below.
enum { ABI = 4 };

// Words of a key table's header, 32 bits each. Addresses count 64-byte units from the heap's start.
enum TableWord {
  T_COUNT,           // distinct keys
  T_CAPACITY,        // keys that fit; the slots are twice as many
  T_SHIFT,           // 32 - log2(slots)
  T_SLOTS,           // address: pairs (tag, id + 1); a dense table has ids + 1 only, one that folds has a mark a place, a byte
  T_HASHES,          // address: one 32-bit hash a key (text tables)
  T_KEYS,            // address: the keys, or for text the offsets of the keys' bytes, one more than keys
  T_BYTES,           // address: the keys' bytes (text tables)
  T_BYTES_CAPACITY,  // bytes that fit
  T_DENSE_MIN,       // the smallest key of a dense table
  T_DENSE_RANGE,     // how many keys a dense table spans
  T_MARKED,          // 1 once a place of a table that folds has a mark: a value that looks as if there were none
  T_WORDS = 16,
};

// A fold of two numbers, a the earlier one.
enum FoldOp {
  FOLD_SUM,  // a + b
  FOLD_MIN,  // Math.min(a, b)
  FOLD_MAX,  // Math.max(a, b)
  FOLD_LT,   // a < b ? a : b
  FOLD_LE,   // a <= b ? a : b
  FOLD_GT,   // a > b ? a : b
  FOLD_GE,   // a >= b ? a : b
  FOLD_LT_B, // a < b ? b : a
  FOLD_LE_B, // a <= b ? b : a
  FOLD_GT_B, // a > b ? b : a
  FOLD_GE_B, // a >= b ? b : a
  FOLD_OPS,
};

// Which characters a split class takes beyond its table of 128.
enum Beyond {
  BEYOND_NONE,   // no character over U+007F
  BEYOND_SPACE,  // the white space of JavaScript's \s
  BEYOND_ALL,    // every one (\W, \S, \D)
};

enum Utf8State { UTF8_ASCII, UTF8_VALID, UTF8_INVALID };

// What a kernel that may stop early says of its place; see each kernel.
struct Cursor {
  i32 row;
  i32 at;
};

// The kernels as a table of functions: one table per instruction set, chosen once. Plain C++, no Node.
//
// Every kernel is a pure function over pointers and lengths: no allocation, no globals, no exceptions, and bounded by
// its input. The caller checks that the memory is its own, with BEHIND_TEXT bytes more that may be read behind a text.
#pragma once
#include "layout.h"

enum { BEHIND_TEXT = 64 };
// The folds before this one have a value that leaves any other as it is.
enum { FIRST_WITHOUT_NEUTRAL = FOLD_LT_B };

struct Table {
  i32* header;  // see TableWord
  u8* heap;     // what the addresses in the header count from
  template <class T> inline T* at(int word) const { return (T*)(heap + (u64)(u32)header[word] * 64); }
};

struct Kernels {
  const char* name;
  // text.inl.h
  int (*validateUtf8)(const u8* bytes, size_t n);
  size_t (*lines)(const u8* bytes, size_t n, Cursor* cursor, bool last, i32* starts, i32* ends, size_t capacity);
  size_t (*splitByte)(const u8* bytes, const i32* rowStarts, const i32* rowEnds, size_t rows, Cursor* cursor, u8 separator, i32* starts, i32* ends, size_t capacity);
  size_t (*splitLiteral)(const u8* bytes, const i32* rowStarts, const i32* rowEnds, size_t rows, Cursor* cursor, const u8* separator, size_t length, i32* starts, i32* ends, size_t capacity);
  size_t (*splitClass)(const u8* bytes, const i32* rowStarts, const i32* rowEnds, size_t rows, Cursor* cursor, const u8* table, int beyond, bool repeat, i32* starts, i32* ends, size_t capacity);
  size_t (*selectNonEmpty)(const i32* starts, const i32* ends, size_t n, i32* rows);
  // hash.inl.h
  void (*hashUtf8)(const u8* bytes, const i32* starts, const i32* ends, size_t n, u32* hashes);
  // group.inl.h
  size_t (*groupUtf8)(Table table, const u8* bytes, const i32* starts, const i32* ends, const u32* hashes, size_t from, size_t n, i32* ids);
  size_t (*groupI32)(Table table, const i32* keys, size_t from, size_t n, i32* ids);
  size_t (*groupF64)(Table table, const f64* keys, size_t from, size_t n, i32* ids);
  size_t (*groupDense)(Table table, const i32* keys, size_t from, size_t n, i32* ids);
  void (*reslot)(Table table, const u32* tags, size_t from, size_t to);
  void (*tagsF64)(const f64* keys, size_t n, u32* tags);
  void (*minMaxI32)(const i32* values, size_t n, i32* out);
  // fold.inl.h
  f64 (*foldF64)(int op, const f64* values, size_t n, f64 first);
  f64 (*foldI32)(int op, const i32* values, size_t n, f64 first);
  size_t (*foldF64ByGroup)(int op, f64* acc, size_t next, const i32* ids, size_t n, const f64* values);
  size_t (*foldI32ByGroup)(int op, f64* acc, size_t next, const i32* ids, size_t n, const i32* values);
  size_t (*foldConstByGroup)(int op, f64* acc, size_t next, const i32* ids, size_t n, f64 value);
  size_t (*foldDenseF64)(Table table, int op, f64* acc, const i32* keys, size_t from, size_t n, const f64* values);
  size_t (*foldDenseI32)(Table table, int op, f64* acc, const i32* keys, size_t from, size_t n, const i32* values);
  size_t (*foldConstDense)(Table table, int op, f64* acc, const i32* keys, size_t from, size_t n, f64 value);
  int (*exactness)(const f64* values, size_t n);
  void (*negateF64)(const f64* values, size_t n, f64* out);
  void (*fillF64)(f64* values, size_t n, f64 value);
  // placed.inl.h
  size_t (*countDense)(Table table, i32* counts, const i32* keys, size_t from, size_t n);
  void (*markCounts)(const i32* counts, size_t n, u8* marks);
  void (*markFolded)(int op, const f64* acc, size_t n, u8* marks);
  void (*takePlacesF64)(f64 neutral, f64* acc, u8* marks, size_t n, const f64* from, const u8* there, size_t step);
  void (*takePlacesI32)(f64 neutral, f64* acc, u8* marks, size_t n, const i32* from, const u8* there, size_t step);
  void (*foldPlacesF64)(int op, f64* acc, u8* marks, size_t n, const f64* from, const u8* there, size_t step);
  void (*foldPlacesI32)(int op, f64* acc, u8* marks, size_t n, const i32* from, const u8* there, size_t step);
  size_t (*slidePlacesF64)(f64* sums, i32* slices, size_t n, const f64* from, const u8* there, size_t step, bool leaves);
  size_t (*slidePlacesI32)(f64* sums, i32* slices, size_t n, const i32* from, const u8* there, size_t step, bool leaves);
  void (*dropPlaces)(f64* sums, const i32* slices, size_t n, u8* marks);
  bool (*placesOf)(const i32* keys, size_t n, i32 first, u32 stride, u32 range, i32* places);
  size_t (*selectKeys)(const i32* keys, size_t n, i32 first, u32 stride, const u8* marks, u32 range, bool marked, i32* out);
  // partition.inl.h
  void (*partitionI32)(const i32* keys, size_t n, i32 parts, i32* targets);
  void (*partitionF64)(const f64* keys, size_t n, i32 parts, i32* targets);
  void (*partitionHashes)(const u32* hashes, size_t n, i32 parts, i32* targets);
  bool (*bucket)(const i32* targets, size_t n, size_t parts, i32* bounds, i32* order);
  void (*divideI32)(const i32* keys, size_t n, i32 parts, i32* bounds, i32* out);
  bool (*gather8)(const u8* values, size_t length, const i32* order, size_t n, u8* out);
  bool (*gather32)(const i32* values, size_t length, const i32* order, size_t n, i32* out);
  bool (*gather64)(const u64* values, size_t length, const i32* order, size_t n, u64* out);
  f64 (*spansSize)(const i32* starts, const i32* ends, size_t n);
  void (*packSpans)(const u8* bytes, const i32* starts, const i32* ends, size_t n, i32* offsets, u8* out);
};

// The best table for this machine.
const Kernels& bestKernels();
// The table that every machine has.
const Kernels& baseKernels();

// The border between JavaScript and the kernels, and the only file that knows Node-API.
//
// `bind(view, byteLength)` gives the kernels as functions over one heap: arguments are byte offsets into it and
// lengths, checked here against the heap's end; what the arrays hold is their owners' business. Nothing is asynchronous,
// nothing is global; a heap is any typed array over shared memory, since Node-API on Node 20 takes views of shared buffers
// but not the buffers themselves.
#define NAPI_VERSION 8
#include <napi.h>

#include "dispatch.h"

#if defined(__linux__)
#include <sched.h>
#include <sys/mman.h>
#endif

namespace {

struct Heap {
  u8* base;
  u64 length;
  const Kernels* kernels;
};

// The arguments of one call, taken from left to right. After a failed check every result is harmless and `ok` is false.
class Args {
 public:
  explicit Args(const Napi::CallbackInfo& info) : info_(info), heap_(*static_cast<Heap*>(info.Data())) {}

  const Kernels& k() const { return *heap_.kernels; }
  bool ok() const { return ok_; }

  double number() {
    double value = 0;
    if (napi_get_value_double(info_.Env(), info_[next_++], &value) != napi_ok) fail("expected numbers only");
    return value;
  }
  size_t size() { return (size_t)within(number(), 4294967295.0, "a length is out of range"); }
  int word() {
    const double value = number();
    if (!(value >= -2147483648.0 && value <= 2147483647.0)) return fail("a number has more than 32 bits"), 0;
    return (int)value;
  }
  int op() { return (int)within(number(), FOLD_OPS - 1, "there is no such fold"); }
  size_t step() {
    const double value = within(number(), 2147483647.0, "a step is out of range");
    check(value >= 1, "a step is out of range");
    return (size_t)value;
  }
  size_t bytes() { return (size_t)within(number(), (double)heap_.length, "a length is out of range"); }

  // The offset of `count` items of T, and of `behind` more that may be read.
  template <class T> T* array(size_t count, size_t behind = 0) {
    const double offset = number();
    if (!ok_ || !(offset >= 0) || offset + ((double)count + (double)behind) * sizeof(T) > (double)heap_.length) return fail("an array lies outside the heap"), nullptr;
    if ((double)(u64)offset != offset || (u64)offset % alignof(T)) return fail("an array is not aligned"), nullptr;
    return (T*)(heap_.base + (u64)offset);
  }
  const u8* text(size_t n) { return array<u8>(n, BEHIND_TEXT); }

  enum TableKind { ANY, I32_KEYS, F64_KEYS, DENSE, FOLDING, COUNTING, TEXTS };

  // A key table: its header, and what a kernel for this kind of table follows from there.
  Table table(TableKind kind) {
    i32* header = array<i32>(T_WORDS);
    if (!ok_) return Table{nullptr, heap_.base};
    const u64 count = (u32)header[T_COUNT], capacity = (u32)header[T_CAPACITY], shift = (u32)header[T_SHIFT], range = (u32)header[T_DENSE_RANGE];
    const u64 slots = shift >= 1 && shift < 32 ? (u64)1 << (32 - shift) : 0;
    // A search ends at a free slot, so there must always be one.
    const bool dense = kind == DENSE || kind == FOLDING || kind == COUNTING;
    if (count > capacity || (dense ? range == 0 : slots <= capacity)) fail("a key table is malformed");
    if (kind == FOLDING && capacity == 0) return Table{header, heap_.base};
    if (kind == COUNTING) {
      if (capacity != range) fail("a key table is malformed");
      points(header[T_KEYS], (range + 1) * 4);
      return Table{header, heap_.base};
    }
    points(header[T_SLOTS], kind == FOLDING ? range : dense ? range * 4 : slots * 8);
    if (kind == F64_KEYS) points(header[T_KEYS], capacity * 8);
    else if (kind != ANY) points(header[T_KEYS], (capacity + (kind == TEXTS)) * 4);
    if (kind == TEXTS) points(header[T_HASHES], capacity * 4), points(header[T_BYTES], (u64)(u32)header[T_BYTES_CAPACITY] + BEHIND_TEXT);
    return Table{header, heap_.base};
  }

  void check(bool holds, const char* otherwise) {
    if (!holds) fail(otherwise);
  }
  Napi::Value result(double value) {
    if (!ok_) Napi::RangeError::New(info_.Env(), why_).ThrowAsJavaScriptException();
    return Napi::Number::New(info_.Env(), value);
  }

 private:
  const Napi::CallbackInfo& info_;
  const Heap& heap_;
  size_t next_ = 0;
  bool ok_ = true;
  const char* why_ = "";

  double within(double value, double most, const char* otherwise) {
    if (!(value >= 0 && value <= most)) return fail(otherwise), 0;
    return value;
  }
  void points(i32 address, u64 bytes) {
    if (address == 0 || (u64)(u32)address * 64 + bytes > heap_.length) fail("a key table points outside the heap");
  }
  void fail(const char* why) {
    if (ok_) why_ = why;
    ok_ = false;
  }
};

using Info = const Napi::CallbackInfo&;

// ---- text

Napi::Value ValidateUtf8(Info info) {
  Args a(info);
  size_t n = a.size();
  const u8* bytes = a.array<u8>(n);
  return a.result(a.ok() ? a.k().validateUtf8(bytes, n) : 0);
}

Napi::Value Lines(Info info) {
  Args a(info);
  size_t n = a.size(), capacity = a.size();
  const u8* bytes = a.text(n);
  Cursor* cursor = a.array<Cursor>(1);
  bool last = a.word() != 0;
  i32* starts = a.array<i32>(capacity);
  i32* ends = a.array<i32>(capacity);
  return a.result(a.ok() ? (double)a.k().lines(bytes, n, cursor, last, starts, ends, capacity) : 0);
}

// What the three splits share: bytes, rows, cursor, then where the pieces go.
struct SplitArgs {
  const u8* bytes;
  const i32 *rowStarts, *rowEnds;
  size_t rows, capacity;
  Cursor* cursor;
  i32 *starts, *ends;
  explicit SplitArgs(Args& a) {
    size_t n = a.size();
    rows = a.size();
    capacity = a.size();
    bytes = a.text(n);
    rowStarts = a.array<i32>(rows);
    rowEnds = a.array<i32>(rows);
    cursor = a.array<Cursor>(1);
    starts = a.array<i32>(capacity);
    ends = a.array<i32>(capacity);
  }
};

Napi::Value SplitByte(Info info) {
  Args a(info);
  SplitArgs s(a);
  u8 separator = (u8)a.word();
  return a.result(a.ok() ? (double)a.k().splitByte(s.bytes, s.rowStarts, s.rowEnds, s.rows, s.cursor, separator, s.starts, s.ends, s.capacity) : 0);
}

Napi::Value SplitLiteral(Info info) {
  Args a(info);
  SplitArgs s(a);
  size_t length = a.size();
  const u8* separator = a.array<u8>(length);
  a.check(length > 0, "a separator is empty");
  return a.result(a.ok() ? (double)a.k().splitLiteral(s.bytes, s.rowStarts, s.rowEnds, s.rows, s.cursor, separator, length, s.starts, s.ends, s.capacity) : 0);
}

Napi::Value SplitClass(Info info) {
  Args a(info);
  SplitArgs s(a);
  const u8* table = a.array<u8>(128);
  int beyond = a.word();
  bool repeat = a.word() != 0;
  return a.result(a.ok() ? (double)a.k().splitClass(s.bytes, s.rowStarts, s.rowEnds, s.rows, s.cursor, table, beyond, repeat, s.starts, s.ends, s.capacity) : 0);
}

Napi::Value SelectNonEmpty(Info info) {
  Args a(info);
  size_t n = a.size();
  const i32* starts = a.array<i32>(n);
  const i32* ends = a.array<i32>(n);
  i32* rows = a.array<i32>(n + 1);
  return a.result(a.ok() ? (double)a.k().selectNonEmpty(starts, ends, n, rows) : 0);
}

Napi::Value HashUtf8(Info info) {
  Args a(info);
  size_t bytesLength = a.size(), n = a.size();
  const u8* bytes = a.text(bytesLength);
  const i32* starts = a.array<i32>(n);
  const i32* ends = a.array<i32>(n);
  u32* hashes = a.array<u32>(n);
  if (a.ok()) a.k().hashUtf8(bytes, starts, ends, n, hashes);
  return a.result(0);
}

// ---- grouping

Napi::Value GroupUtf8(Info info) {
  Args a(info);
  Table table = a.table(Args::TEXTS);
  size_t from = a.size(), n = a.size(), bytesLength = a.size();
  const u8* bytes = a.text(bytesLength);
  const i32* starts = a.array<i32>(n);
  const i32* ends = a.array<i32>(n);
  const u32* hashes = a.array<u32>(n);
  i32* ids = a.array<i32>(n);
  return a.result(a.ok() ? (double)a.k().groupUtf8(table, bytes, starts, ends, hashes, from, n, ids) : 0);
}

template <Args::TableKind KIND, class KEY, size_t (*Kernels::*KERNEL)(Table, const KEY*, size_t, size_t, i32*)> Napi::Value GroupNumbers(Info info) {
  Args a(info);
  Table table = a.table(KIND);
  size_t from = a.size(), n = a.size();
  const KEY* keys = a.array<KEY>(n);
  i32* ids = a.array<i32>(n);
  return a.result(a.ok() ? (double)(a.k().*KERNEL)(table, keys, from, n, ids) : 0);
}

Napi::Value Reslot(Info info) {
  Args a(info);
  Table table = a.table(Args::ANY);
  size_t from = a.size(), to = a.size();
  const u32* tags = a.array<u32>(to);
  if (a.ok()) a.check(to <= (u32)table.header[T_CAPACITY], "a key table has no room for the keys");
  if (a.ok()) a.k().reslot(table, tags, from, to);
  return a.result(0);
}

Napi::Value TagsF64(Info info) {
  Args a(info);
  size_t n = a.size();
  const f64* keys = a.array<f64>(n);
  u32* tags = a.array<u32>(n);
  if (a.ok()) a.k().tagsF64(keys, n, tags);
  return a.result(0);
}

Napi::Value MinMaxI32(Info info) {
  Args a(info);
  size_t n = a.size();
  const i32* values = a.array<i32>(n);
  i32* out = a.array<i32>(2);
  if (a.ok() && n > 0) a.k().minMaxI32(values, n, out);
  return a.result(0);
}

// ---- folds

template <class V, f64 (*Kernels::*KERNEL)(int, const V*, size_t, f64)> Napi::Value Fold(Info info) {
  Args a(info);
  int op = a.op();
  size_t n = a.size();
  const V* values = a.array<V>(n);
  f64 first = a.number();
  return a.result(a.ok() ? (a.k().*KERNEL)(op, values, n, first) : 0);
}

template <class V, size_t (*Kernels::*KERNEL)(int, f64*, size_t, const i32*, size_t, const V*)> Napi::Value FoldByGroup(Info info) {
  Args a(info);
  int op = a.op();
  size_t groups = a.size(), next = a.size(), n = a.size();
  f64* acc = a.array<f64>(groups);
  const i32* ids = a.array<i32>(n);
  const V* values = a.array<V>(n);
  return a.result(a.ok() ? (double)(a.k().*KERNEL)(op, acc, next, ids, n, values) : 0);
}

Napi::Value FoldConstByGroup(Info info) {
  Args a(info);
  int op = a.op();
  size_t groups = a.size(), next = a.size(), n = a.size();
  f64* acc = a.array<f64>(groups);
  const i32* ids = a.array<i32>(n);
  f64 value = a.number();
  return a.result(a.ok() ? (double)a.k().foldConstByGroup(op, acc, next, ids, n, value) : 0);
}

// A table that folds, and its accumulators: one a place.
struct FoldDenseArgs {
  Table table;
  int op;
  size_t from, n;
  f64* acc;
  const i32* keys;
  explicit FoldDenseArgs(Args& a) : table(a.table(Args::FOLDING)) {
    op = a.op();
    from = a.size();
    n = a.size();
    acc = a.array<f64>(a.ok() ? (u32)table.header[T_DENSE_RANGE] : 0);
    keys = a.array<i32>(n);
    a.check(op < FIRST_WITHOUT_NEUTRAL, "a fold has no neutral value");
  }
};

template <class V, size_t (*Kernels::*KERNEL)(Table, int, f64*, const i32*, size_t, size_t, const V*)> Napi::Value FoldDense(Info info) {
  Args a(info);
  FoldDenseArgs f(a);
  const V* values = a.array<V>(f.n);
  return a.result(a.ok() ? (double)(a.k().*KERNEL)(f.table, f.op, f.acc, f.keys, f.from, f.n, values) : 0);
}

Napi::Value FoldConstDense(Info info) {
  Args a(info);
  FoldDenseArgs f(a);
  f64 value = a.number();
  return a.result(a.ok() ? (double)a.k().foldConstDense(f.table, f.op, f.acc, f.keys, f.from, f.n, value) : 0);
}

Napi::Value Exactness(Info info) {
  Args a(info);
  size_t n = a.size();
  const f64* values = a.array<f64>(n);
  return a.result(a.ok() ? a.k().exactness(values, n) : 0);
}

Napi::Value NegateF64(Info info) {
  Args a(info);
  size_t n = a.size();
  const f64* values = a.array<f64>(n);
  f64* out = a.array<f64>(n);
  if (a.ok()) a.k().negateF64(values, n, out);
  return a.result(0);
}

Napi::Value FillF64(Info info) {
  Args a(info);
  size_t n = a.size();
  f64* values = a.array<f64>(n);
  f64 value = a.number();
  if (a.ok()) a.k().fillF64(values, n, value);
  return a.result(0);
}

// ---- values that lie at the places of their keys

Napi::Value CountDense(Info info) {
  Args a(info);
  Table table = a.table(Args::COUNTING);
  size_t from = a.size(), n = a.size();
  i32* counts = a.array<i32>(a.ok() ? (u32)table.header[T_DENSE_RANGE] : 0);
  const i32* keys = a.array<i32>(n);
  return a.result(a.ok() ? (double)a.k().countDense(table, counts, keys, from, n) : 0);
}

Napi::Value MarkCounts(Info info) {
  Args a(info);
  size_t n = a.size();
  const i32* counts = a.array<i32>(n);
  u8* marks = a.array<u8>(n);
  if (a.ok()) a.k().markCounts(counts, n, marks);
  return a.result(0);
}

Napi::Value MarkFolded(Info info) {
  Args a(info);
  int op = a.op();
  size_t n = a.size();
  const f64* acc = a.array<f64>(n);
  u8* marks = a.array<u8>(n);
  a.check(op < FIRST_WITHOUT_NEUTRAL, "a fold has no neutral value");
  if (a.ok()) a.k().markFolded(op, acc, n, marks);
  return a.result(0);
}

// How many places of a source lie behind n of the result.
size_t reached(size_t n, size_t step) { return n == 0 ? 0 : (n - 1) * step + 1; }

// What is joined place by place: `n` places with marks, and a source of which every `step`th is one of them.
template <class V> struct PlacesArgs {
  size_t n, step;
  f64* acc;
  u8* marks;
  const V* from;
  const u8* there;
  explicit PlacesArgs(Args& a) {
    n = a.size();
    step = a.step();
    const size_t reached = n == 0 ? 0 : (n - 1) * step + 1;
    acc = a.array<f64>(n);
    marks = a.array<u8>(n);
    from = a.array<V>(reached);
    there = a.array<u8>(reached);
  }
};

template <class V, void (*Kernels::*KERNEL)(f64, f64*, u8*, size_t, const V*, const u8*, size_t)> Napi::Value TakePlaces(Info info) {
  Args a(info);
  f64 neutral = a.number();
  PlacesArgs<V> p(a);
  if (a.ok()) (a.k().*KERNEL)(neutral, p.acc, p.marks, p.n, p.from, p.there, p.step);
  return a.result(0);
}

template <class V, void (*Kernels::*KERNEL)(int, f64*, u8*, size_t, const V*, const u8*, size_t)> Napi::Value FoldPlaces(Info info) {
  Args a(info);
  int op = a.op();
  PlacesArgs<V> p(a);
  if (a.ok()) (a.k().*KERNEL)(op, p.acc, p.marks, p.n, p.from, p.there, p.step);
  return a.result(0);
}

template <class V, size_t (*Kernels::*KERNEL)(f64*, i32*, size_t, const V*, const u8*, size_t, bool)> Napi::Value SlidePlaces(Info info) {
  Args a(info);
  size_t n = a.size(), step = a.step();
  const size_t reached = n == 0 ? 0 : (n - 1) * step + 1;
  f64* sums = a.array<f64>(n);
  i32* slices = a.array<i32>(n);
  const V* from = a.array<V>(reached);
  const u8* there = a.array<u8>(reached);
  bool leaves = a.word() != 0;
  return a.result(a.ok() ? (double)(a.k().*KERNEL)(sums, slices, n, from, there, step, leaves) : 0);
}

Napi::Value DropPlaces(Info info) {
  Args a(info);
  size_t n = a.size();
  f64* sums = a.array<f64>(n);
  const i32* slices = a.array<i32>(n);
  u8* marks = a.array<u8>(n);
  if (a.ok()) a.k().dropPlaces(sums, slices, n, marks);
  return a.result(0);
}

Napi::Value PlacesOf(Info info) {
  Args a(info);
  size_t n = a.size(), range = a.size();
  const i32* keys = a.array<i32>(n);
  i32 first = a.word();
  size_t stride = a.step();
  i32* places = a.array<i32>(n);
  return a.result(a.ok() ? a.k().placesOf(keys, n, first, (u32)stride, (u32)range, places) : 0);
}

Napi::Value SelectKeys(Info info) {
  Args a(info);
  size_t n = a.size(), range = a.size();
  const i32* keys = a.array<i32>(n);
  i32 first = a.word();
  size_t stride = a.step();
  const u8* marks = a.array<u8>(range);
  bool marked = a.word() != 0;
  i32* out = a.array<i32>(n);
  return a.result(a.ok() ? (double)a.k().selectKeys(keys, n, first, (u32)stride, marks, (u32)range, marked, out) : 0);
}

// ---- partitioning and moving rows

template <class KEY, void (*Kernels::*KERNEL)(const KEY*, size_t, i32, i32*)> Napi::Value Partition(Info info) {
  Args a(info);
  size_t n = a.size();
  const KEY* keys = a.array<KEY>(n);
  i32 parts = a.word();
  i32* targets = a.array<i32>(n);
  a.check(parts > 0, "there are no partitions");
  if (a.ok()) (a.k().*KERNEL)(keys, n, parts, targets);
  return a.result(0);
}

Napi::Value Bucket(Info info) {
  Args a(info);
  size_t n = a.size(), parts = a.size();
  const i32* targets = a.array<i32>(n);
  i32* bounds = a.array<i32>(parts + 1);
  i32* order = a.array<i32>(n);
  return a.result(a.ok() ? a.k().bucket(targets, n, parts, bounds, order) : 0);
}

Napi::Value DivideI32(Info info) {
  Args a(info);
  size_t n = a.size(), parts = a.size();
  const i32* keys = a.array<i32>(n);
  i32* bounds = a.array<i32>(parts + 1);
  i32* out = a.array<i32>(n + 1);
  a.check(parts > 0 && parts <= 2147483647, "there are no partitions");
  if (a.ok()) a.k().divideI32(keys, n, (i32)parts, bounds, out);
  return a.result(0);
}

template <class V, bool (*Kernels::*KERNEL)(const V*, size_t, const i32*, size_t, V*)> Napi::Value Gather(Info info) {
  Args a(info);
  size_t length = a.size(), n = a.size();
  const V* values = a.array<V>(length);
  const i32* order = a.array<i32>(n);
  V* out = a.array<V>(n);
  return a.result(a.ok() ? (a.k().*KERNEL)(values, length, order, n, out) : 0);
}

Napi::Value SpansSize(Info info) {
  Args a(info);
  size_t n = a.size();
  const i32* starts = a.array<i32>(n);
  const i32* ends = a.array<i32>(n);
  return a.result(a.ok() ? a.k().spansSize(starts, ends, n) : 0);
}

Napi::Value PackSpans(Info info) {
  Args a(info);
  size_t bytesLength = a.size(), n = a.size(), outLength = a.size();
  const u8* bytes = a.array<u8>(bytesLength);
  const i32* starts = a.array<i32>(n);
  const i32* ends = a.array<i32>(n);
  i32* offsets = a.array<i32>(n + 1);
  u8* out = a.array<u8>(outLength);
  if (a.ok()) a.k().packSpans(bytes, starts, ends, n, offsets, out);
  return a.result(0);
}

// ---- memory

Napi::Value Zero(Info info) {
  Args a(info);
  size_t n = a.bytes();
  u8* from = a.array<u8>(n);
  if (a.ok()) memset(from, 0, n);
  return a.result(0);
}

// Asks for huge pages over a range of the heap; a hint.
Napi::Value AdviseHuge(Info info) {
  Args a(info);
  size_t n = a.bytes();
  u8* from = a.array<u8>(n);
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  if (a.ok()) {
    uintptr_t begin = ((uintptr_t)from + 4095) & ~(uintptr_t)4095, end = ((uintptr_t)from + n) & ~(uintptr_t)4095;
    if (end > begin) madvise((void*)begin, end - begin, MADV_HUGEPAGE);
  }
#else
  (void)from;
#endif
  return a.result(0);
}

// Gives the memory of whole pages in a range back to the system; they read as zeros afterwards.
Napi::Value ReleaseMemory(Info info) {
  Args a(info);
  size_t n = a.bytes();
  u8* from = a.array<u8>(n);
#if defined(__linux__)
  if (a.ok()) {
    uintptr_t begin = ((uintptr_t)from + 4095) & ~(uintptr_t)4095, end = ((uintptr_t)from + n) & ~(uintptr_t)4095;
    if (end > begin) madvise((void*)begin, end - begin, MADV_DONTNEED);
  }
#else
  (void)from;
#endif
  return a.result(0);
}

// ---- threads

// The processor that the thread runs on; -1 where that is not to be known.
Napi::Value Processor(Info info) {
  Args a(info);
#if defined(__linux__)
  return a.result(sched_getcpu());
#else
  return a.result(-1);
#endif
}

// Lets another thread that waits for this processor run first.
Napi::Value GiveWay(Info info) {
  Args a(info);
#if defined(__linux__)
  sched_yield();
#endif
  return a.result(0);
}

// Moves the thread to a processor that is none of these, if it may run on one; it is bound to nothing afterwards.
Napi::Value LeaveProcessors(Info info) {
  Args a(info);
  size_t n = a.size();
  const i32* processors = a.array<i32>(n);
#if defined(__linux__)
  cpu_set_t allowed;
  if (a.ok() && sched_getaffinity(0, sizeof allowed, &allowed) == 0) {
    cpu_set_t others = allowed;
    for (size_t i = 0; i < n; i++)
      if (processors[i] >= 0 && processors[i] < CPU_SETSIZE) CPU_CLR(processors[i], &others);
    if (CPU_COUNT(&others) > 0 && sched_setaffinity(0, sizeof others, &others) == 0) sched_setaffinity(0, sizeof allowed, &allowed);
  }
#else
  (void)processors;
#endif
  return a.result(0);
}

// ---- the module

struct Entry {
  const char* name;
  Napi::Value (*call)(Info);
};

const Entry entries[] = {
    {"validateUtf8", ValidateUtf8},
    {"lines", Lines},
    {"splitByte", SplitByte},
    {"splitLiteral", SplitLiteral},
    {"splitClass", SplitClass},
    {"selectNonEmpty", SelectNonEmpty},
    {"hashUtf8", HashUtf8},
    {"groupUtf8", GroupUtf8},
    {"groupI32", GroupNumbers<Args::I32_KEYS, i32, &Kernels::groupI32>},
    {"groupF64", GroupNumbers<Args::F64_KEYS, f64, &Kernels::groupF64>},
    {"groupDense", GroupNumbers<Args::DENSE, i32, &Kernels::groupDense>},
    {"reslot", Reslot},
    {"tagsF64", TagsF64},
    {"minMaxI32", MinMaxI32},
    {"foldF64", Fold<f64, &Kernels::foldF64>},
    {"foldI32", Fold<i32, &Kernels::foldI32>},
    {"foldF64ByGroup", FoldByGroup<f64, &Kernels::foldF64ByGroup>},
    {"foldI32ByGroup", FoldByGroup<i32, &Kernels::foldI32ByGroup>},
    {"foldConstByGroup", FoldConstByGroup},
    {"foldDenseF64", FoldDense<f64, &Kernels::foldDenseF64>},
    {"foldDenseI32", FoldDense<i32, &Kernels::foldDenseI32>},
    {"foldConstDense", FoldConstDense},
    {"exactness", Exactness},
    {"negateF64", NegateF64},
    {"fillF64", FillF64},
    {"countDense", CountDense},
    {"markCounts", MarkCounts},
    {"markFolded", MarkFolded},
    {"takePlacesF64", TakePlaces<f64, &Kernels::takePlacesF64>},
    {"takePlacesI32", TakePlaces<i32, &Kernels::takePlacesI32>},
    {"foldPlacesF64", FoldPlaces<f64, &Kernels::foldPlacesF64>},
    {"foldPlacesI32", FoldPlaces<i32, &Kernels::foldPlacesI32>},
    {"slidePlacesF64", SlidePlaces<f64, &Kernels::slidePlacesF64>},
    {"slidePlacesI32", SlidePlaces<i32, &Kernels::slidePlacesI32>},
    {"dropPlaces", DropPlaces},
    {"placesOf", PlacesOf},
    {"selectKeys", SelectKeys},
    {"partitionI32", Partition<i32, &Kernels::partitionI32>},
    {"partitionF64", Partition<f64, &Kernels::partitionF64>},
    {"partitionHashes", Partition<u32, &Kernels::partitionHashes>},
    {"bucket", Bucket},
    {"divideI32", DivideI32},
    {"gather8", Gather<u8, &Kernels::gather8>},
    {"gather32", Gather<i32, &Kernels::gather32>},
    {"gather64", Gather<u64, &Kernels::gather64>},
    {"spansSize", SpansSize},
    {"packSpans", PackSpans},
    {"zero", Zero},
    {"adviseHuge", AdviseHuge},
    {"releaseMemory", ReleaseMemory},
    {"processor", Processor},
    {"giveWay", GiveWay},
    {"leaveProcessors", LeaveProcessors},
};

// bind(view, byteLength, base): the kernels over the memory that begins at `view`; `base` asks for the plain instruction set.
Napi::Value Bind(Info info) {
  Napi::Env env = info.Env();
  size_t items = 0;
  void* data = nullptr;
  if (info[0].IsTypedArray()) napi_get_typedarray_info(env, info[0], nullptr, &items, &data, nullptr, nullptr);
  const double length = info[1].IsNumber() ? info[1].As<Napi::Number>().DoubleValue() : 0;
  if (data == nullptr || !(length >= (double)items && length <= 9007199254740991.0)) {
    Napi::TypeError::New(env, "expected a typed array at the heap's start and the heap's length in bytes").ThrowAsJavaScriptException();
    return env.Undefined();
  }
  // Not ToBoolean: it runs as JavaScript, and so ends the process if the thread is just being terminated.
  const bool base = info[2].IsBoolean() && info[2].As<Napi::Boolean>();
  Heap* heap = new Heap{static_cast<u8*>(data), (u64)length, base ? &baseKernels() : &bestKernels()};
  Napi::Object bound = Napi::Object::New(env);
  for (const Entry& entry : entries) bound.Set(entry.name, Napi::Function::New(env, entry.call, entry.name, heap));
  bound.Set("instructions", heap->kernels->name);
  bound.Set("memory", info[0]);  // keeps the heap alive as long as the functions' owner
  bound.AddFinalizer([](Napi::Env, Heap* dead) { delete dead; }, heap);
  return bound;
}

Napi::Object Layout(Napi::Env env) {
  Napi::Object layout = Napi::Object::New(env);
  const std::pair<const char*, int> words[] = {
      {"ABI", ABI},           {"T_COUNT", T_COUNT},         {"T_CAPACITY", T_CAPACITY}, {"T_SHIFT", T_SHIFT},
      {"T_SLOTS", T_SLOTS},   {"T_HASHES", T_HASHES},       {"T_KEYS", T_KEYS},         {"T_BYTES", T_BYTES},
      {"T_BYTES_CAPACITY", T_BYTES_CAPACITY}, {"T_DENSE_MIN", T_DENSE_MIN}, {"T_DENSE_RANGE", T_DENSE_RANGE}, {"T_MARKED", T_MARKED},
      {"T_WORDS", T_WORDS},
      {"FOLD_SUM", FOLD_SUM}, {"FOLD_MIN", FOLD_MIN},       {"FOLD_MAX", FOLD_MAX},     {"FOLD_LT", FOLD_LT},
      {"FOLD_LE", FOLD_LE},   {"FOLD_GT", FOLD_GT},         {"FOLD_GE", FOLD_GE},       {"FOLD_LT_B", FOLD_LT_B},
      {"FOLD_LE_B", FOLD_LE_B}, {"FOLD_GT_B", FOLD_GT_B},   {"FOLD_GE_B", FOLD_GE_B},
      {"BEYOND_NONE", BEYOND_NONE}, {"BEYOND_SPACE", BEYOND_SPACE}, {"BEYOND_ALL", BEYOND_ALL},
      {"UTF8_ASCII", UTF8_ASCII}, {"UTF8_VALID", UTF8_VALID}, {"UTF8_INVALID", UTF8_INVALID},
  };
  for (const auto& word : words) layout.Set(word.first, word.second);
  return layout;
}

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  exports.Set("layout", Layout(env));
  exports.Set("bind", Napi::Function::New(env, Bind, "bind"));
  return exports;
}

}  // namespace

NODE_API_MODULE(millrace, Init)

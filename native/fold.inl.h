// Folds of numbers, as JavaScript computes them: in row order, in doubles. Part of kernels.inl.h.

static inline f64 mathMin(f64 a, f64 b) {
  if (a != a) return a;
  if (b != b) return b;
  if (a == 0 && b == 0) return __builtin_signbit(a) ? a : b;
  return a < b ? a : b;
}
static inline f64 mathMax(f64 a, f64 b) {
  if (a != a) return a;
  if (b != b) return b;
  if (a == 0 && b == 0) return __builtin_signbit(a) ? b : a;
  return a > b ? a : b;
}

template <int OP> static inline f64 apply(f64 a, f64 b) {
  switch (OP) {
    case FOLD_SUM: return a + b;
    case FOLD_MIN: return mathMin(a, b);
    case FOLD_MAX: return mathMax(a, b);
    case FOLD_LT: return a < b ? a : b;
    case FOLD_LE: return a <= b ? a : b;
    case FOLD_GT: return a > b ? a : b;
    case FOLD_GE: return a >= b ? a : b;
    case FOLD_LT_B: return a < b ? b : a;
    case FOLD_LE_B: return a <= b ? b : a;
    case FOLD_GT_B: return a > b ? b : a;
    default: return a >= b ? b : a;
  }
}

// Calls f with the fold's number as a compile-time constant.
template <class F> static inline auto withOp(int op, F f) {
  switch (op) {
    case FOLD_SUM: return f(std::integral_constant<int, FOLD_SUM>());
    case FOLD_MIN: return f(std::integral_constant<int, FOLD_MIN>());
    case FOLD_MAX: return f(std::integral_constant<int, FOLD_MAX>());
    case FOLD_LT: return f(std::integral_constant<int, FOLD_LT>());
    case FOLD_LE: return f(std::integral_constant<int, FOLD_LE>());
    case FOLD_GT: return f(std::integral_constant<int, FOLD_GT>());
    case FOLD_GE: return f(std::integral_constant<int, FOLD_GE>());
    case FOLD_LT_B: return f(std::integral_constant<int, FOLD_LT_B>());
    case FOLD_LE_B: return f(std::integral_constant<int, FOLD_LE_B>());
    case FOLD_GT_B: return f(std::integral_constant<int, FOLD_GT_B>());
    default: return f(std::integral_constant<int, FOLD_GE_B>());
  }
}

template <class V> static f64 fold(int op, const V* values, size_t n, f64 first) {
  return withOp(op, [&](auto o) {
    f64 acc = first;
    for (size_t i = 0; i < n; i++) acc = apply<decltype(o)::value>(acc, (f64)values[i]);
    return acc;
  });
}

// acc[ids[i]] = op(acc[ids[i]], value(i)). Ids appear in order: the first row of id `next` sets acc[next] and counts next up.
template <class VALUE> static inline size_t foldByGroupWith(int op, f64* acc, size_t next, const i32* ids, size_t n, VALUE value) {
  return withOp(op, [&](auto o) {
    size_t fresh = next;
    const bool large = next > IN_CACHE;
    for (size_t i = 0; i < n; i++) {
      if (large && i + AHEAD < n) __builtin_prefetch(acc + ids[i + AHEAD], 1);
      const size_t id = (size_t)ids[i];
      if (id == fresh) acc[fresh++] = value(i);
      else acc[id] = apply<decltype(o)::value>(acc[id], value(i));
    }
    return fresh;
  });
}
template <class V> static size_t foldByGroup(int op, f64* acc, size_t next, const i32* ids, size_t n, const V* values) {
  return foldByGroupWith(op, acc, next, ids, n, [=](size_t i) { return (f64)values[i]; });
}
static size_t foldConstByGroup(int op, f64* acc, size_t next, const i32* ids, size_t n, f64 value) {
  return foldByGroupWith(op, acc, next, ids, n, [=](size_t) { return value; });
}

static f64 foldF64(int op, const f64* values, size_t n, f64 first) { return fold<f64>(op, values, n, first); }
static f64 foldI32(int op, const i32* values, size_t n, f64 first) { return fold<i32>(op, values, n, first); }
static size_t foldF64ByGroup(int op, f64* acc, size_t next, const i32* ids, size_t n, const f64* values) { return foldByGroup<f64>(op, acc, next, ids, n, values); }
static size_t foldI32ByGroup(int op, f64* acc, size_t next, const i32* ids, size_t n, const i32* values) { return foldByGroup<i32>(op, acc, next, ids, n, values); }

// What leaves any other value as it is, and what looks like it.
template <int OP> static inline bool isNeutral(f64 x) {
  switch (OP) {
    case FOLD_SUM: return load64((const u8*)&x) == 0x8000000000000000u;  // -0; 0 would make 0 of -0
    case FOLD_MIN: return x == __builtin_inf();
    case FOLD_MAX: return x == -__builtin_inf();
    default: return x != x;
  }
}

// Finds and folds in one go: acc[key - least] = op(acc[key - least], value(i)), where acc was filled with what is neutral. The
// table notes its keys in the order of their first appearance; one with no room for keys only folds. Takes rows from `from` on
// and gives the first row not taken: all were, or a key lies outside the range, or the table is full.
//
// A place that looks neutral has no value yet, unless it is marked. Only a neutral value leaves one that looks so; as long as
// none has come (`plain`), there is no look at the marks, and a row is noted without a branch that nobody could predict.
template <class VALUE> static inline size_t foldDenseWith(Table table, int op, f64* acc, const i32* keys, size_t from, size_t n, bool plain, VALUE value) {
  const u32 least = (u32)table.header[T_DENSE_MIN], range = (u32)table.header[T_DENSE_RANGE], capacity = (u32)table.header[T_CAPACITY];
  return withOp(op, [&](auto o) {
    constexpr int OP = decltype(o)::value;
    size_t row = from;
    auto fetch = [&](size_t end) {
      if (row + AHEAD < end) __builtin_prefetch(acc + ((u32)keys[row + AHEAD] - least), 1);
    };
    if (capacity == 0) {
      for (; row < n; row++) {
        fetch(n);
        const u32 place = (u32)keys[row] - least;
        if (place >= range) break;
        acc[place] = apply<OP>(acc[place], value(row));
      }
      return row;
    }
    u8* marks = table.at<u8>(T_SLOTS);
    i32* own = table.at<i32>(T_KEYS);
    u32 count = (u32)table.header[T_COUNT];
    if (plain && !table.header[T_MARKED]) {
      const size_t room = capacity - count, end = n - row < room ? n : row + room;
      for (; row < end; row++) {
        fetch(end);
        const u32 place = (u32)keys[row] - least;
        if (place >= range) break;
        const f64 old = acc[place];
        own[count] = keys[row];
        count += isNeutral<OP>(old);
        acc[place] = apply<OP>(old, value(row));
      }
    }
    for (; row < n; row++) {
      const u32 place = (u32)keys[row] - least;
      if (place >= range) break;
      if (isNeutral<OP>(acc[place]) && !marks[place]) {
        if (count == capacity) break;
        own[count++] = keys[row];
      }
      acc[place] = apply<OP>(acc[place], value(row));
      if (isNeutral<OP>(acc[place])) table.header[T_MARKED] = marks[place] = 1;
    }
    table.header[T_COUNT] = (i32)count;
    return row;
  });
}
static bool hasNeutral(int op, const f64* values, size_t n) {
  return withOp(op, [&](auto o) {
    bool found = false;
    for (size_t i = 0; i < n; i++) found |= isNeutral<decltype(o)::value>(values[i]);
    return found;
  });
}
static size_t foldDenseF64(Table table, int op, f64* acc, const i32* keys, size_t from, size_t n, const f64* values) {
  return foldDenseWith(table, op, acc, keys, from, n, !hasNeutral(op, values, n), [=](size_t i) { return values[i]; });
}
static size_t foldDenseI32(Table table, int op, f64* acc, const i32* keys, size_t from, size_t n, const i32* values) {
  return foldDenseWith(table, op, acc, keys, from, n, true, [=](size_t i) { return (f64)values[i]; });
}
static size_t foldConstDense(Table table, int op, f64* acc, const i32* keys, size_t from, size_t n, f64 value) {
  return foldDenseWith(table, op, acc, keys, from, n, !hasNeutral(op, &value, 1), [=](size_t) { return value; });
}

static inline int64_t magnitude(f64 x) { return (int64_t)(load64((const u8*)&x) & 0x7fffffffffffffffu); }

// 0 if all values are whole numbers up to 2^53 - 1, 2 if one is NaN or infinite, else 1.
static int exactness(const f64* values, size_t n) {
  // Up to 2^51 a number is whole if it survives being shifted to where doubles have no fractions; a loop of vectors sees to that.
  const f64 shift = 6755399441055744.0;  // 1.5 * 2^52
  int64_t odd = 0, most = 0;
  for (size_t i = 0; i < n; i++) {
    const int64_t size = magnitude(values[i]);
    most = size > most ? size : most;
    odd |= (values[i] + shift) - shift == values[i] ? 0 : 1;
  }
  if (most >= magnitude(__builtin_inf())) return 2;
  if (most < magnitude(2251799813685248.0)) return odd ? 1 : 0;
  for (size_t i = 0; i < n; i++)
    if (__builtin_fabs(values[i]) > 9007199254740991.0 || __builtin_trunc(values[i]) != values[i]) return 1;
  return 0;
}

static void negateF64(const f64* values, size_t n, f64* out) {
  for (size_t i = 0; i < n; i++) out[i] = -values[i];
}

static void fillF64(f64* values, size_t n, f64 value) {
  for (size_t i = 0; i < n; i++) values[i] = value;
}

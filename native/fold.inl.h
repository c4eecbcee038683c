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

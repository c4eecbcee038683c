// Folds. Part of kernels_test.cc.

static f64 plainMin(f64 a, f64 b) {
  if (a != a || b != b) return NAN;
  return a < b || (a == b && std::signbit(a)) ? a : b;
}
static f64 plainMax(f64 a, f64 b) {
  if (a != a || b != b) return NAN;
  return a > b || (a == b && !std::signbit(a)) ? a : b;
}
static f64 plainFold(int op, f64 a, f64 b) {
  switch (op) {
    case FOLD_SUM: return a + b;
    case FOLD_MIN: return plainMin(a, b);
    case FOLD_MAX: return plainMax(a, b);
    case FOLD_LT: return a < b ? a : b;
    case FOLD_LE: return a <= b ? a : b;
    case FOLD_GT: return a > b ? a : b;
    case FOLD_GE: return a >= b ? a : b;
    case FOLD_LT_B: return a < b ? b : a;
    case FOLD_LE_B: return a <= b ? b : a;
    case FOLD_GT_B: return a > b ? b : a;
    case FOLD_GE_B: return a >= b ? b : a;
  }
  abort();
}

static const std::vector<f64> edgeNumbers = {0.0, -0.0, 1, -1, 0.1, 0.2, 0.3, 1e16, -1e16, 1e308, -1e308, 5e-324, 9007199254740993.0, INFINITY, -INFINITY, NAN};
static const std::vector<i32> edgeWholes = {0, 1, -1, 2, 2147483647, -2147483647 - 1, 65536, -65537};

TEST("folds of every pair of edge values") {
  for (int op = 0; op < FOLD_OPS; op++) {
    for (f64 a : edgeNumbers)
      for (f64 b : edgeNumbers) {
        Exact<f64> one(1, b);
        CHECK(same(k.foldF64(op, one, 1, a), plainFold(op, a, b)));
      }
    for (f64 a : edgeNumbers)
      for (i32 b : edgeWholes) {
        Exact<i32> one(1, b);
        CHECK(same(k.foldI32(op, one, 1, a), plainFold(op, a, b)));
      }
  }
}

TEST("folds go row by row, so that sums round as in a loop") {
  Seeded random(7);
  for (size_t n : {0, 1, 2, 3, 7, 8, 9, 31, 33, 1000})
    for (int op = 0; op < FOLD_OPS; op++) {
      std::vector<f64> values;
      std::vector<i32> wholes;
      for (size_t i = 0; i < n; i++) {
        values.push_back((f64)(i32)random.next() * std::pow(10, (f64)random.below(20) - 10));
        wholes.push_back((i32)random.next());
      }
      f64 sum = 0.5, whole = -0.0;
      for (size_t i = 0; i < n; i++) {
        sum = plainFold(op, sum, values[i]);
        whole = plainFold(op, whole, wholes[i]);
      }
      Exact<f64> f64s(values);
      Exact<i32> i32s(wholes);
      CHECK(same(k.foldF64(op, f64s, n, 0.5), sum));
      CHECK(same(k.foldI32(op, i32s, n, -0.0), whole));
    }
}

// Ids in order of first appearance; about one row in `fresh` is a new one.
static std::vector<i32> someIds(Seeded& random, size_t n, u32 known, u32 fresh, u32* groups) {
  std::vector<i32> ids;
  u32 count = known;
  for (size_t i = 0; i < n; i++) ids.push_back(count == 0 || random.below(fresh) == 0 ? (i32)count++ : (i32)random.below(count));
  *groups = count;
  return ids;
}

TEST("folds by group, few groups and more than the cache holds, new groups and old") {
  Seeded random(8);
  // Beyond 8192 groups the kernels fetch ahead.
  const struct {
    size_t rows;
    u32 known;
  } shapes[] = {{0, 0}, {1, 0}, {100, 0}, {100, 20}, {31, 8193}, {20000, 8193}};
  for (const auto& shape : shapes)
    for (int op = 0; op < FOLD_OPS; op++) {
      u32 groups;
      const std::vector<i32> ids = someIds(random, shape.rows, shape.known, 5, &groups);
      std::vector<f64> acc(shape.known), values;
      std::vector<i32> wholes;
      for (f64& x : acc) x = random.pick(edgeNumbers);
      for (size_t i = 0; i < shape.rows; i++) {
        values.push_back(random.pick(edgeNumbers));
        wholes.push_back(random.pick(edgeWholes));
      }
      auto expected = [&](auto value) {
        std::vector<f64> out = acc;
        for (size_t i = 0; i < ids.size(); i++) {
          if ((size_t)ids[i] == out.size()) out.push_back(value(i));
          else out[(size_t)ids[i]] = plainFold(op, out[(size_t)ids[i]], value(i));
        }
        return out;
      };
      auto check = [&](const std::vector<f64>& want, auto run) {
        Exact<f64> out(groups, -7);
        for (size_t i = 0; i < acc.size(); i++) out[i] = acc[i];
        Exact<i32> rows(ids);
        CHECK(run((f64*)out, (i32*)rows) == want.size());
        for (size_t i = 0; i < want.size(); i++) CHECK(same(out[i], want[i]));
      };
      Exact<f64> f64s(values);
      Exact<i32> i32s(wholes);
      check(expected([&](size_t i) { return values[i]; }), [&](f64* out, i32* rows) { return k.foldF64ByGroup(op, out, shape.known, rows, ids.size(), f64s); });
      check(expected([&](size_t i) { return (f64)wholes[i]; }), [&](f64* out, i32* rows) { return k.foldI32ByGroup(op, out, shape.known, rows, ids.size(), i32s); });
      check(expected([&](size_t) { return 0.1; }), [&](f64* out, i32* rows) { return k.foldConstByGroup(op, out, shape.known, rows, ids.size(), 0.1); });
    }
}

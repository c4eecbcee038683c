// Folds by place. Part of kernels_test.cc; needs what folds and groups are tested with.

static f64 neutralOf(int op) {
  switch (op) {
    case FOLD_SUM: return -0.0;
    case FOLD_MIN: return INFINITY;
    case FOLD_MAX: return -INFINITY;
    default: return NAN;
  }
}

// A table of `range` places that folds, as the kernels see it, and what it must hold.
struct Folding {
  int op;
  i32 least;
  TableMemory memory;
  Exact<f64> acc;
  std::vector<i32> keys;
  std::vector<f64> values;
  Folding(int op, i32 least, u32 range, u32 capacity) : op(op), least(least), memory(capacity, 4, 0, least, range), acc(range, neutralOf(op)) {}
  void expect(i32 key, f64 value) {
    for (size_t i = 0; i < keys.size(); i++)
      if (keys[i] == key) {
        values[i] = plainFold(op, values[i], value);
        return;
      }
    keys.push_back(key);
    values.push_back(value);
  }
  bool holds(const Kernels& k) {
    if (memory.count() != keys.size()) return false;
    const i32* own = memory.table.at<i32>(T_KEYS);
    Exact<i32> places(keys.size());
    if (!k.placesOf(own, keys.size(), least, 1, (u32)acc.size(), places)) return false;
    for (size_t i = 0; i < keys.size(); i++)
      if (own[i] != keys[i] || !same(acc[places[i]], values[i])) return false;
    return true;
  }
};

TEST("found and folded in one go: every fold that has a neutral value, edge values, a table as full as it can be") {
  Seeded random(21);
  for (int op = 0; op < FIRST_WITHOUT_NEUTRAL; op++)
    for (size_t n : {0, 1, 2, 33, 400})
      for (u32 range : {1u, 5u, 300u})
        for (i32 least : {0, -3, -2147483647 - 1, 2147483647 - 299}) {
          std::vector<i32> some, wholes;
          std::vector<f64> numbers;
          for (size_t i = 0; i < n; i++) {
            some.push_back((i32)((u32)least + random.below(range)));
            wholes.push_back(random.pick(edgeWholes));
            numbers.push_back(i < n / 2 ? 0.5 * (f64)i : random.pick(edgeNumbers));
          }
          Exact<i32> keys(some), i32s(wholes);
          Exact<f64> f64s(numbers);
          Folding folding(op, least, range, range);
          CHECK(k.foldDenseF64(folding.memory.table, op, folding.acc, keys, 0, n, f64s) == n);
          for (size_t i = 0; i < n; i++) folding.expect(some[i], numbers[i]);
          CHECK(folding.holds(k));
          CHECK(k.foldDenseI32(folding.memory.table, op, folding.acc, keys, n / 2, n, i32s) == n);
          for (size_t i = n / 2; i < n; i++) folding.expect(some[i], wholes[i]);
          CHECK(k.foldConstDense(folding.memory.table, op, folding.acc, keys, 0, n, neutralOf(op)) == n);
          for (size_t i = 0; i < n; i++) folding.expect(some[i], neutralOf(op));
          CHECK(folding.holds(k));
        }
}

TEST("a fold by place stops before a key outside the range or beyond the table's room, and folds without keys, too") {
  for (f64 value : {1.0, -0.0}) {
    Folding folding(FOLD_SUM, -2, 4, 2);
    Exact<i32> outside(std::vector<i32>{1, -2, 2, 0}), full(std::vector<i32>{-2, 1, 0});
    CHECK(k.foldConstDense(folding.memory.table, FOLD_SUM, folding.acc, outside, 0, 4, value) == 2);
    CHECK(k.foldConstDense(folding.memory.table, FOLD_SUM, folding.acc, full, 0, 3, value) == 2);
    for (i32 key : {1, -2, -2, 1}) folding.expect(key, value);
    CHECK(folding.holds(k));
  }
  Folding folding(FOLD_SUM, 0, 3, 3);
  folding.memory.table.header[T_CAPACITY] = 0;
  Exact<i32> keys(std::vector<i32>{2, 0, 2, 3});
  CHECK(k.foldConstDense(folding.memory.table, FOLD_SUM, folding.acc, keys, 0, 4, 1.5) == 3);
  CHECK(folding.acc[0] == 1.5 && folding.acc[2] == 3 && folding.memory.count() == 0);
}

TEST("numbers: exact, rounded or not finite; negated; filled in") {
  const f64 most = 9007199254740991.0;
  const struct {
    std::vector<f64> values;
    int expected;
  } cases[] = {{{}, 0}, {{0, -0.0, most, -most}, 0}, {{1, 0.5}, 1}, {{most + 1}, 1}, {{2251799813685247.5}, 1}, {{2251799813685249, 3}, 0}, {{2251799813685249, 0.5}, 1}, {{4503599627370495.5}, 1}, {{5e-324}, 1}, {{NAN, 1}, 2}, {{1, -INFINITY}, 2}};
  for (const auto& c : cases) {
    Exact<f64> values(c.values), out(c.values.size());
    CHECK(k.exactness(values, c.values.size()) == c.expected);
    k.negateF64(values, c.values.size(), out);
    for (size_t i = 0; i < c.values.size(); i++) CHECK(same(out[i], -c.values[i]));
    k.fillF64(out, c.values.size(), -0.0);
    for (size_t i = 0; i < c.values.size(); i++) CHECK(same(out[i], -0.0));
  }
}

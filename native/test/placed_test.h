// Values that lie at the places of their keys. Part of kernels_test.cc; needs what folds and groups are tested with.

TEST("rows are counted by key: as many keys as there is room for, a key outside the range anywhere") {
  Seeded random(31);
  for (size_t n : {0, 1, 7, 8, 9, 300})
    for (u32 range : {1u, 5u, 40u})
      for (i32 least : {0, -3, -2147483647 - 1, 2147483647 - 39}) {
        std::vector<i32> some, distinct;
        std::vector<i32> expected(range, 0);
        for (size_t i = 0; i < n; i++) {
          const i32 key = (i32)((u32)least + random.below(range));
          some.push_back(key);
          if (expected[(u32)key - (u32)least]++ == 0) distinct.push_back(key);
        }
        // Room for one key more than there can be.
        TableMemory memory(range + 1, 4, 0, least, range);
        memory.table.header[T_CAPACITY] = (i32)range;
        Exact<i32> counts(range, 0), keys(some);
        CHECK(k.countDense(memory.table, counts, keys, 0, n) == n);
        CHECK(counts.all() == expected && memory.count() == distinct.size());
        const i32* own = memory.table.at<i32>(T_KEYS);
        for (size_t i = 0; i < distinct.size(); i++) CHECK(own[i] == distinct[i]);
        Exact<u8> marks(range, 9);
        k.markCounts(counts, range, marks);
        for (u32 i = 0; i < range; i++) CHECK(marks[i] == (expected[i] > 0));
        if (n > 0) {
          some[n / 2] = (i32)((u32)least - 1);
          Exact<i32> outside(some);
          CHECK(k.countDense(memory.table, counts, outside, 0, n) == n / 2);
        }
      }
}

TEST("sources are joined place by place: every fold with a neutral value, every step, to the last place") {
  Seeded random(32);
  for (int op = 0; op < FIRST_WITHOUT_NEUTRAL; op++)
    for (size_t n : {0, 1, 2, 8, 33})
      for (size_t step : {1, 2, 3, 10}) {
        const size_t reached = n == 0 ? 0 : (n - 1) * step + 1;
        std::vector<u8> present;
        std::vector<f64> numbers;
        std::vector<i32> wholes;
        for (size_t i = 0; i < reached; i++) {
          present.push_back(random.below(3) > 0);
          numbers.push_back(random.pick(edgeNumbers));
          wholes.push_back(random.pick(edgeWholes));
        }
        Exact<u8> there(present), marks(n, 9);
        Exact<f64> acc(n, 5), f64s(numbers);
        Exact<i32> i32s(wholes);
        k.takePlacesF64(neutralOf(op), acc, marks, n, f64s, there, step);
        k.foldPlacesI32(op, acc, marks, n, i32s, there, step);
        k.foldPlacesF64(op, acc, marks, n, f64s, there, step);
        for (size_t i = 0; i < n; i++) {
          const size_t at = i * step;
          const f64 folded = plainFold(op, plainFold(op, numbers[at], wholes[at]), numbers[at]);
          CHECK(marks[i] == present[at] && same(acc[i], present[at] ? folded : neutralOf(op)));
        }
        k.takePlacesI32(neutralOf(op), acc, marks, n, i32s, there, step);
        for (size_t i = 0; i < n; i++) CHECK(same(acc[i], present[i * step] ? (f64)wholes[i * step] : neutralOf(op)));
        Exact<u8> none(n, 0);
        k.markFolded(op, acc, n, none);
        for (size_t i = 0; i < n; i++) CHECK(none[i] == !same(acc[i], neutralOf(op)));
      }
}

TEST("slices enter a window and leave it") {
  Seeded random(33);
  for (size_t n : {0, 1, 8, 33})
    for (size_t step : {1, 2, 7}) {
      const size_t reached = n == 0 ? 0 : (n - 1) * step + 1;
      std::vector<u8> present;
      std::vector<f64> numbers;
      std::vector<i32> wholes;
      size_t some = 0;
      for (size_t i = 0; i < reached; i++) {
        present.push_back(random.below(3) > 0);
        if (i % step == 0) some += present[i];
        numbers.push_back(random.pick(edgeNumbers));
        wholes.push_back(random.pick(edgeWholes));
      }
      Exact<u8> there(present), marks(n, 9);
      Exact<f64> sums(n, -0.0), f64s(numbers);
      Exact<i32> slices(n, 0), i32s(wholes);
      CHECK(k.slidePlacesF64(sums, slices, n, f64s, there, step, false) == some);
      CHECK(k.slidePlacesI32(sums, slices, n, i32s, there, step, false) == 0);
      CHECK(k.slidePlacesF64(sums, slices, n, f64s, there, step, true) == 0);
      for (size_t i = 0; i < n; i++) {
        const size_t at = i * step;
        CHECK(slices[i] == present[at]);
        CHECK(same(sums[i], present[at] ? numbers[at] + (f64)wholes[at] - numbers[at] : -0.0));
      }
      k.dropPlaces(sums, slices, n, marks);
      for (size_t i = 0; i < n; i++) CHECK(marks[i] == present[i * step]);
      CHECK(k.slidePlacesI32(sums, slices, n, i32s, there, step, true) == some);
      k.dropPlaces(sums, slices, n, marks);
      for (size_t i = 0; i < n; i++) CHECK(marks[i] == 0 && same(sums[i], -0.0));
    }
}

TEST("keys and their places, with every stride; one without a place is refused") {
  Seeded random(34);
  for (u32 stride : {1u, 2u, 3u, 6u, 7u, 8u, 100u, 65536u, 1000003u, 2147483647u}) {
    for (i32 first : {0, -5, -2147483647 - 1}) {
      const u32 range = (u32)((2147483647ll - first) / stride + 1 < 9 ? (2147483647ll - first) / stride + 1 : 9);
      std::vector<i32> keys, order, selected;
      std::vector<u8> present;
      for (u32 i = 0; i < range; i++) present.push_back((u8)random.below(2));
      for (size_t i = 0; i < 50; i++) {
        order.push_back((i32)random.below(range));
        keys.push_back((i32)((u32)first + (u32)order[i] * stride));
        if (present[order[i]]) selected.push_back(keys[i]);
      }
      Exact<i32> in(keys), places(50, 0), out(50, 0);
      Exact<u8> marks(present);
      CHECK(k.placesOf(in, 50, first, stride, range, places) && places.all() == order);
      CHECK(k.selectKeys(in, 50, first, stride, marks, range, true, out) == selected.size());
      CHECK(out.first(selected.size()) == selected);
      CHECK(k.selectKeys(in, 50, first, stride, marks, range, false, out) == 50 - selected.size());
      in[30] = (i32)((u32)first - stride);
      CHECK(!k.placesOf(in, 50, first, stride, range, places));
      CHECK(k.selectKeys(in, 50, first, stride, marks, range, true, out) == 51);
    }
  }
}

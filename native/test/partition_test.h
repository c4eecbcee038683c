// Partitioning by key, and moving rows. Part of kernels_test.cc.

TEST("a whole number goes to key mod parts, never negative; anything else by its hash") {
  for (i32 parts : {1, 2, 3, 7, 64, 1000, 2147483647}) {
    std::vector<i32> wholes = {0, 1, -1, 2, -2, 5, -5, 2147483647, -2147483647 - 1};
    std::vector<f64> numbers;
    for (i32 x : wholes) numbers.push_back(x);
    for (f64 x : {-0.0, 0.5, -1.5, 2147483648.0, -2147483649.0, 9007199254740993.0, 1e300, (f64)INFINITY, -(f64)INFINITY, (f64)NAN}) numbers.push_back(x);
    std::vector<u32> hashes = {0, 1, 0x7fffffff, 0x80000000, 0xffffffff};
    Exact<i32> i32s(wholes), a(wholes.size()), b(numbers.size()), c(hashes.size());
    Exact<f64> f64s(numbers);
    Exact<u32> u32s(hashes);
    Exact<u32> tags(numbers.size());
    k.partitionI32(i32s, wholes.size(), parts, a);
    k.partitionF64(f64s, numbers.size(), parts, b);
    k.partitionHashes(u32s, hashes.size(), parts, c);
    k.tagsF64(f64s, numbers.size(), tags);
    for (size_t i = 0; i < wholes.size(); i++) {
      const i32 expected = (i32)((((int64_t)wholes[i] % parts) + parts) % parts);
      CHECK(a[i] == expected);
      CHECK(b[i] == expected);
    }
    for (size_t i = wholes.size(); i < numbers.size(); i++) {
      const f64 x = numbers[i];
      const bool whole = x == std::trunc(x) && std::fabs(x) < 9007199254740992.0;
      CHECK(b[i] == (whole ? (i32)((((int64_t)x % parts) + parts) % parts) : (i32)(tags[i] % (u32)parts)));
    }
    for (size_t i = 0; i < hashes.size(); i++) CHECK((u32)c[i] == hashes[i] % (u32)parts);
  }
}

TEST("buckets keep the order of the rows; a target out of range writes nothing beyond") {
  Seeded random(9);
  for (size_t parts : {1, 2, 5, 100})
    for (size_t n : {0, 1, 2, 50, 1000}) {
      std::vector<i32> targets, bounds, order;
      for (size_t i = 0; i < n; i++) targets.push_back((i32)random.below((u32)parts));
      for (size_t t = 0; t < parts; t++) {
        bounds.push_back((i32)order.size());
        for (size_t i = 0; i < n; i++)
          if (targets[i] == (i32)t) order.push_back((i32)i);
      }
      bounds.push_back((i32)n);
      Exact<i32> in(targets), outBounds(parts + 1), outOrder(n);
      CHECK(k.bucket(in, n, parts, outBounds, outOrder));
      CHECK(outBounds.all() == bounds);
      CHECK(outOrder.all() == order);
      for (i32 bad : {-1, (i32)parts, 2147483647, -2147483647 - 1}) {
        if (n == 0) continue;
        in[n - 1] = bad;
        CHECK(!k.bucket(in, n, parts, outBounds, outOrder));
      }
    }
}

template <class V, class Gather> static void checkGather(Gather gather) {
  Seeded random(10);
  for (size_t length : {1, 2, 100})
    for (size_t n : {0, 1, 7, 200}) {
      std::vector<V> values, expected;
      std::vector<i32> order;
      for (size_t i = 0; i < length; i++) values.push_back((V)((u64)random.next() << 32 | random.next()));
      for (size_t i = 0; i < n; i++) {
        order.push_back((i32)random.below((u32)length));
        expected.push_back(values[(size_t)order[i]]);
      }
      Exact<V> from(values), out(n);
      Exact<i32> rows(order);
      CHECK(gather((V*)from, length, (i32*)rows, n, (V*)out));
      CHECK(out.all() == expected);
      for (i32 bad : {(i32)length, -1, 2147483647, -2147483647 - 1}) {
        if (n == 0) continue;
        rows[n - 1] = bad;
        CHECK(!gather((V*)from, length, (i32*)rows, n, (V*)out));
      }
    }
}

TEST("gathering rows of 1, 4 and 8 bytes; a row out of range is refused") {
  checkGather<u8>([&](auto... args) { return k.gather8(args...); });
  checkGather<i32>([&](auto... args) { return k.gather32(args...); });
  checkGather<u64>([&](auto... args) { return k.gather64(args...); });
}

TEST("packing rows end to end, from any order, empty ones too") {
  Seeded random(11);
  for (size_t n : {0, 1, 15, 16, 17, 100}) {
    std::vector<std::string> all;
    for (size_t i = 0; i < n; i++) all.push_back(random.text(random.below(3) == 0 ? 0 : random.below(50), {"a", "xyz", "\xc3\xa9"}));
    Rows rows(all);
    std::vector<i32> starts, ends, offsets = {0};
    std::string packed;
    for (size_t i = 0; i < n; i++) {
      const size_t row = random.below((u32)n);
      starts.push_back(rows.starts[row]);
      ends.push_back(rows.ends[row]);
      packed += all[row];
      offsets.push_back((i32)packed.size());
    }
    // The rows are copied and no more: nothing may be read behind them, nothing written behind the result.
    Exact<u8> bytes(std::vector<u8>(rows.bytes.begin(), rows.bytes.end())), out(packed.size());
    Exact<i32> from(starts), to(ends), places(n + 1);
    CHECK(k.spansSize(from, to, n) == (f64)packed.size());
    k.packSpans(bytes, from, to, n, places, out);
    CHECK(places.all() == offsets);
    CHECK(std::string((const char*)(u8*)out, packed.size()) == packed);
  }
}

TEST("least and greatest") {
  Seeded random(12);
  for (size_t n : {1, 2, 3, 8, 9, 31, 32, 33, 500}) {
    std::vector<i32> values;
    for (size_t i = 0; i < n; i++) values.push_back((i32)random.next());
    if (n > 100) values[n - 1] = -2147483647 - 1, values[0] = 2147483647;
    i32 least = values[0], most = values[0];
    for (i32 x : values) least = x < least ? x : least, most = x > most ? x : most;
    Exact<i32> in(values), out(2);
    k.minMaxI32(in, n, out);
    CHECK(out[0] == least && out[1] == most);
  }
}

TEST("keys divided by partition keep their order; one place behind them may be written") {
  Seeded random(22);
  for (i32 parts : {1, 2, 3, 4, 8, 16, 100})
    for (size_t n : {0, 1, 2, 500}) {
      std::vector<i32> keys, bounds, expected;
      for (size_t i = 0; i < n; i++) keys.push_back((i32)random.next());
      for (i32 t = 0; t < parts; t++) {
        bounds.push_back((i32)expected.size());
        for (i32 key : keys)
          if (((int64_t)key % parts + parts) % parts == t) expected.push_back(key);
      }
      bounds.push_back((i32)n);
      Exact<i32> in(keys), outBounds((size_t)parts + 1), out(n + 1);
      k.divideI32(in, n, parts, outBounds, out);
      CHECK(outBounds.all() == bounds);
      CHECK(out.first(n) == expected);
    }
}

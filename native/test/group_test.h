// Grouping. Part of kernels_test.cc.

// A key table with its arrays in one piece of memory, as in a heap; what lies between them is poisoned.
class TableMemory {
 public:
  // `bytes` is 0 for a table of numbers, `range` for all but dense ones.
  TableMemory(u32 capacity, size_t keySize, u32 bytes, i32 least = 0, u32 range = 0) {
    u32 slots = 2;
    while (slots < capacity * 2) slots *= 2;
    size_ = 4096 + (range > 0 ? range * 4 : slots * 8) + (capacity + 1) * (keySize + 4) + bytes;
    heap_ = (u8*)aligned_alloc(64, size_ = (size_ + 63) / 64 * 64);
    memset(heap_, 0, size_);
    ASAN_POISON_MEMORY_REGION(heap_, size_);
    table.header = (i32*)take(T_WORDS * 4);
    table.heap = heap_;
    table.header[T_CAPACITY] = (i32)capacity;
    for (table.header[T_SHIFT] = 32; slots > 1; slots /= 2) table.header[T_SHIFT]--;
    point(T_SLOTS, range > 0 ? range * 4 : (size_t)8 << (32 - table.header[T_SHIFT]));
    point(T_KEYS, bytes > 0 ? (capacity + 1) * 4 : capacity * keySize);
    if (bytes > 0) {
      point(T_HASHES, capacity * 4);
      point(T_BYTES, bytes + BEHIND_TEXT);
      ASAN_POISON_MEMORY_REGION(heap_ + (size_t)table.header[T_BYTES] * 64 + bytes + 7, BEHIND_TEXT - 7);
      table.header[T_BYTES_CAPACITY] = (i32)bytes;
    }
    table.header[T_DENSE_MIN] = least;
    table.header[T_DENSE_RANGE] = (i32)range;
  }
  TableMemory(const TableMemory&) = delete;
  ~TableMemory() {
    ASAN_UNPOISON_MEMORY_REGION(heap_, size_);
    free(heap_);
  }
  u32 count() const { return (u32)table.header[T_COUNT]; }
  Table table;

 private:
  u8* heap_;
  size_t size_, at_ = 64;  // address 0 is nothing

  u8* take(size_t bytes) {
    u8* from = heap_ + at_;
    ASAN_UNPOISON_MEMORY_REGION(from, bytes);
    at_ += (bytes + 127) / 64 * 64;
    if (at_ > size_) abort();
    return from;
  }
  void point(int word, size_t bytes) { table.header[word] = (i32)((take(bytes) - heap_) / 64); }
};

// The ids and the distinct keys, in order of first appearance.
template <class KEY, class Same> static std::vector<i32> plainGroups(const std::vector<KEY>& keys, std::vector<KEY>* distinct, Same sameKey) {
  std::vector<i32> ids;
  for (const KEY& key : keys) {
    size_t id = 0;
    while (id < distinct->size() && !sameKey((*distinct)[id], key)) id++;
    if (id == distinct->size()) distinct->push_back(key);
    ids.push_back((i32)id);
  }
  return ids;
}

static std::vector<std::string> someTexts(Seeded& random, size_t n, u32 distinct) {
  std::vector<std::string> words, out;
  for (u32 i = 0; i < distinct; i++) words.push_back(random.text(i < 41 ? i : random.below(60), {"a", "b", "c"}).substr(0, i < 41 ? i : 60));
  for (size_t i = 0; i < n; i++) out.push_back(random.pick(words));
  return out;
}

// Groups all rows of text with the given hashes in a table that is large enough, and compares.
static void checkTexts(const Kernels& k, const std::vector<std::string>& keys, const std::vector<u32>& hashes) {
  std::vector<std::string> distinct;
  const std::vector<i32> expected = plainGroups(keys, &distinct, [](const std::string& a, const std::string& b) { return a == b; });
  u32 size = 0;
  for (const std::string& key : distinct) size += (u32)key.size();
  Rows rows(keys);
  Text bytes(rows.bytes);
  Exact<i32> starts(rows.starts), ends(rows.ends), ids(keys.size());
  Exact<u32> hash(hashes);
  const u32 capacity = distinct.empty() ? 1 : (u32)distinct.size();
  TableMemory memory(capacity, 4, size > 0 ? size : 1);
  CHECK(k.groupUtf8(memory.table, bytes, starts, ends, hash, 0, keys.size(), ids) == keys.size());
  CHECK(ids.all() == expected);
  CHECK(memory.count() == distinct.size());
  if (memory.count() != distinct.size()) return;
  const i32* offsets = memory.table.at<i32>(T_KEYS);
  for (size_t id = 0; id < distinct.size(); id++) {
    const std::string key((const char*)memory.table.at<u8>(T_BYTES) + offsets[id], (size_t)(offsets[id + 1] - offsets[id]));
    CHECK(key == distinct[id]);
  }
}

static std::vector<u32> hashesOf(const Kernels& k, const std::vector<std::string>& keys) {
  Rows rows(keys);
  Text bytes(rows.bytes);
  Exact<i32> starts(rows.starts), ends(rows.ends);
  Exact<u32> hashes(keys.size());
  k.hashUtf8(bytes, starts, ends, keys.size(), hashes);
  return hashes.all();
}

TEST("texts of 0 to 60 bytes, in tables that are just large enough") {
  Seeded random(13);
  for (size_t n : {0, 1, 2, 31, 32, 33, 500})
    for (u32 distinct : {1u, 2u, 41u, 200u}) {
      const std::vector<std::string> keys = someTexts(random, n, distinct);
      checkTexts(k, keys, hashesOf(k, keys));
    }
  const std::vector<std::string> keys = {std::string(5000, 'x'), std::string(5000, 'x') + "y", "y" + std::string(5000, 'x'), std::string(5000, 'x')};
  checkTexts(k, keys, hashesOf(k, keys));
}

TEST("texts whose hashes are equal are told apart by their bytes") {
  Seeded random(14);
  const std::vector<std::string> keys = someTexts(random, 300, 60);
  for (u32 hash : {0u, 1u, 0x80000000u, 0xffffffffu}) checkTexts(k, keys, std::vector<u32>(keys.size(), hash));
}

TEST("more keys than the cache holds") {
  std::vector<std::string> keys;
  for (int i = 0; i < 9000; i++) keys.push_back("key " + std::to_string(i));
  for (int i = 0; i < 200; i++) keys.push_back("key " + std::to_string(i * 45));
  const std::vector<u32> hashes = hashesOf(k, keys);
  Rows rows(keys);
  Text bytes(rows.bytes);
  Exact<i32> starts(rows.starts), ends(rows.ends), ids(keys.size());
  Exact<u32> hash(hashes);
  TableMemory memory(9000, 4, 9000 * 8);
  // In two calls: the second begins with a table beyond the cache.
  CHECK(k.groupUtf8(memory.table, bytes, starts, ends, hash, 0, 8500, ids) == 8500);
  CHECK(k.groupUtf8(memory.table, bytes, starts, ends, hash, 8500, keys.size(), ids) == keys.size());
  for (int i = 0; i < 9000; i++) CHECK(ids[i] == i);
  for (int i = 0; i < 200; i++) CHECK(ids[9000 + i] == i * 45);
}

TEST("a full table stops before the first key that does not fit, and goes on after reslot") {
  const std::vector<std::string> keys = {"a", "bb", "a", "ccc", "bb", "dddd", "a"};
  Rows rows(keys);
  Text bytes(rows.bytes);
  Exact<i32> starts(rows.starts), ends(rows.ends), ids(keys.size(), -7);
  Exact<u32> hash(hashesOf(k, keys));
  {
    TableMemory few(2, 4, 100);
    CHECK(k.groupUtf8(few.table, bytes, starts, ends, hash, 0, keys.size(), ids) == 3);
    CHECK((ids.first(4) == std::vector<i32>{0, 1, 0, -7}));
    CHECK(few.count() == 2);
    // The same keys in a larger table.
    TableMemory more(4, 4, 10);
    memcpy(more.table.at<u8>(T_BYTES), few.table.at<u8>(T_BYTES), 3);
    memcpy(more.table.at<i32>(T_KEYS), few.table.at<i32>(T_KEYS), 3 * 4);
    memcpy(more.table.at<u32>(T_HASHES), few.table.at<u32>(T_HASHES), 2 * 4);
    more.table.header[T_COUNT] = 2;
    k.reslot(more.table, more.table.at<u32>(T_HASHES), 0, 2);
    CHECK(k.groupUtf8(more.table, bytes, starts, ends, hash, 3, keys.size(), ids) == keys.size());
    CHECK((ids.all() == std::vector<i32>{0, 1, 0, 2, 1, 3, 0}));
  }
  TableMemory narrow(10, 4, 5);
  CHECK(k.groupUtf8(narrow.table, bytes, starts, ends, hash, 0, keys.size(), ids) == 3);
  CHECK(narrow.count() == 2);
}

template <class KEY, class Group, class Same> static void checkNumbers(const std::vector<KEY>& keys, Group group, Same sameKey) {
  std::vector<KEY> distinct;
  const std::vector<i32> expected = plainGroups(keys, &distinct, sameKey);
  Exact<KEY> in(keys);
  Exact<i32> ids(keys.size(), -7);
  const u32 all = distinct.empty() ? 1 : (u32)distinct.size();
  TableMemory memory(all, sizeof(KEY), 0);
  CHECK(group(memory.table, (KEY*)in, 0, keys.size(), (i32*)ids) == keys.size());
  CHECK(ids.all() == expected);
  CHECK(memory.count() == distinct.size());
  for (size_t id = 0; id < distinct.size(); id++) CHECK(!memcmp(memory.table.at<KEY>(T_KEYS) + id, &distinct[id], sizeof(KEY)));
  if (all < 2) return;
  // One key short: stops where the last new key first comes.
  size_t first = 0;
  while (expected[first] != (i32)all - 1) first++;
  TableMemory small(all - 1, sizeof(KEY), 0);
  CHECK(group(small.table, (KEY*)in, 0, keys.size(), (i32*)ids) == first);
  CHECK(small.count() == all - 1);
}

TEST("numbers of 32 bits, in tables that are just large enough or one key short") {
  Seeded random(15);
  auto group = [&](auto... args) { return k.groupI32(args...); };
  auto equal = [](i32 a, i32 b) { return a == b; };
  checkNumbers<i32>({}, group, equal);
  checkNumbers<i32>({0, -1, 1, 2147483647, -2147483647 - 1, 0, -1}, group, equal);
  for (size_t n : {1, 31, 32, 33, 65, 700})
    for (u32 range : {1u, 10u, 300u}) {
      std::vector<i32> keys;
      for (size_t i = 0; i < n; i++) keys.push_back((i32)(random.below(range) * 0x01000193u));
      checkNumbers<i32>(keys, group, equal);
    }
}

TEST("doubles: 0 and -0 are one key, all NaN are one key, the first one's bits are kept") {
  Seeded random(16);
  auto group = [&](auto... args) { return k.groupF64(args...); };
  auto equal = [](f64 a, f64 b) { return a == b || (a != a && b != b); };
  checkNumbers<f64>({-0.0, 0.0, NAN, -NAN, 0.0, INFINITY, -INFINITY, 5e-324, 4294967296.0, 0.5, NAN, 2147483648.0, -2147483648.0}, group, equal);
  for (size_t n : {0, 1, 31, 32, 33, 700})
    for (u32 range : {1u, 10u, 300u}) {
      std::vector<f64> keys;
      for (size_t i = 0; i < n; i++) keys.push_back((f64)random.below(range) * random.pick(std::vector<f64>{1, -1, 0.1, 1e10}));
      checkNumbers<f64>(keys, group, equal);
    }
}

TEST("a dense table: key by place, up to the borders of 32 bits; stops before a key outside its range") {
  const i32 lowest = -2147483647 - 1, highest = 2147483647;
  const struct {
    i32 least;
    u32 range;
    std::vector<i32> keys;
    std::vector<i32> ids;  // until the first key outside
  } cases[] = {
      {0, 4, {3, 0, 3, 2, 4, 0}, {0, 1, 0, 2}},
      {-2, 4, {1, -2, 1, -3}, {0, 1, 0}},
      {lowest, 3, {lowest, lowest + 2, lowest, highest}, {0, 1, 0}},
      {highest - 2, 3, {highest, highest - 2, highest, lowest}, {0, 1, 0}},
      {5, 1, {5, 5, 5}, {0, 0, 0}},
      {0, 1, {}, {}},
      {-5000, 10000, {4999, -5000, 0, 4999, 5000}, {0, 1, 2, 0}},
  };
  for (const auto& c : cases) {
    Exact<i32> keys(c.keys), ids(c.keys.size(), -7);
    TableMemory memory(5, 4, 0, c.least, c.range);
    CHECK(k.groupDense(memory.table, keys, 0, c.keys.size(), ids) == c.ids.size());
    CHECK(ids.first(c.ids.size()) == c.ids);
    for (size_t i = 0; i < c.ids.size(); i++) CHECK(memory.table.at<i32>(T_KEYS)[c.ids[i]] == c.keys[i]);
  }
  Exact<i32> keys(std::vector<i32>{1, 2, 1, 3}), ids(4, -7);
  TableMemory full(2, 4, 0, 0, 10);
  CHECK(k.groupDense(full.table, keys, 0, 4, ids) == 3);
  CHECK(full.count() == 2);
}

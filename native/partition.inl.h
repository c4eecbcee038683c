// Partitioning by key, and moving rows. Part of kernels.inl.h.

// A whole number goes to key mod parts, as in Spark; anything else by its hash.
template <class I> static inline i32 wholePart(I key, i32 parts) {
  const i32 r = (i32)(key % parts);
  return r < 0 ? r + parts : r;
}
// True for a whole number up to 2^53 - 1, where doubles begin to skip some.
static inline bool asWhole(f64 key, int64_t* whole) {
  if (!(key >= -9007199254740991.0 && key <= 9007199254740991.0)) return false;
  *whole = (int64_t)key;
  return (f64)*whole == key;
}

static void partitionI32(const i32* keys, size_t n, i32 parts, i32* targets) {
  for (size_t i = 0; i < n; i++) targets[i] = wholePart(keys[i], parts);
}
static void partitionF64(const f64* keys, size_t n, i32 parts, i32* targets) {
  for (size_t i = 0; i < n; i++) {
    int64_t whole;
    targets[i] = asWhole(keys[i], &whole) ? wholePart(whole, parts) : (i32)(hashF64(keys[i]) % (u32)parts);
  }
}
static void partitionHashes(const u32* hashes, size_t n, i32 parts, i32* targets) {
  for (size_t i = 0; i < n; i++) targets[i] = (i32)(hashes[i] % (u32)parts);
}

// Row numbers ordered by target, within a target as they were: target t is order[bounds[t] .. bounds[t + 1]).
// False if a target is out of range; then nothing is written beyond the arrays.
static bool bucket(const i32* targets, size_t n, size_t parts, i32* bounds, i32* order) {
  for (size_t t = 0; t <= parts; t++) bounds[t] = 0;
  for (size_t i = 0; i < n; i++) {
    if ((u32)targets[i] >= parts) return false;
    bounds[targets[i] + 1]++;
  }
  for (size_t t = 0; t < parts; t++) bounds[t + 1] += bounds[t];
  for (size_t i = 0; i < n; i++) order[bounds[targets[i]]++] = (i32)i;
  for (size_t t = parts; t > 0; t--) bounds[t] = bounds[t - 1];
  bounds[0] = 0;
  return true;
}

// The keys themselves, ordered as buckets of their partitions. `out` has one place more than there are keys.
static void divideI32(const i32* keys, size_t n, i32 parts, i32* bounds, i32* out) {
  if ((parts & (parts - 1)) == 0 && parts <= 8) {
    size_t next = 0;
    for (i32 t = 0; t < parts; t++) {
      bounds[t] = (i32)next;
      size_t i = 0;
      for (; i + TOGETHER <= n; i += TOGETHER) {
        i32 mine[TOGETHER];
        for (size_t k = 0; k < TOGETHER; k++) mine[k] = -((keys[i + k] & (parts - 1)) == t);
        next = append8(out, next, n + 1, keys + i, mask8(mine));
      }
      for (; i < n; i++)
        if ((keys[i] & (parts - 1)) == t) out[next++] = keys[i];
    }
    bounds[parts] = (i32)next;
    return;
  }
  for (i32 t = 0; t <= parts; t++) bounds[t] = 0;
  for (size_t i = 0; i < n; i++) bounds[wholePart(keys[i], parts) + 1]++;
  for (i32 t = 0; t < parts; t++) bounds[t + 1] += bounds[t];
  for (size_t i = 0; i < n; i++) out[bounds[wholePart(keys[i], parts)]++] = keys[i];
  for (i32 t = parts; t > 0; t--) bounds[t] = bounds[t - 1];
  bounds[0] = 0;
}

template <class V> static inline bool gather(const V* values, size_t length, const i32* order, size_t n, V* out) {
  for (size_t i = 0; i < n; i++) {
    if ((size_t)(u32)order[i] >= length) return false;
    out[i] = values[order[i]];
  }
  return true;
}
static bool gather8(const u8* values, size_t length, const i32* order, size_t n, u8* out) { return gather<u8>(values, length, order, n, out); }
static bool gather32(const i32* values, size_t length, const i32* order, size_t n, i32* out) { return gather<i32>(values, length, order, n, out); }
static bool gather64(const u64* values, size_t length, const i32* order, size_t n, u64* out) { return gather<u64>(values, length, order, n, out); }

// Total bytes of the given rows.
static f64 spansSize(const i32* starts, const i32* ends, size_t n) {
  u64 size = 0;
  for (size_t i = 0; i < n; i++) size += (u32)(ends[i] - starts[i]);
  return (f64)size;
}

// Copies rows end to end: row i becomes out[offsets[i] .. offsets[i + 1]). The caller has measured them.
static void packSpans(const u8* bytes, const i32* starts, const i32* ends, size_t n, i32* offsets, u8* out) {
  u32 at = 0;
  offsets[0] = 0;
  for (size_t i = 0; i < n; i++) {
    const u32 length = (u32)(ends[i] - starts[i]);
    const u8* from = bytes + starts[i];
    if (i + 16 < n) __builtin_prefetch(bytes + starts[i + 16]);
    memcpy(out + at, from, length);
    at += length;
    offsets[i + 1] = (i32)at;
  }
}

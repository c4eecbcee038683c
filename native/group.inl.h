// Grouping: every key gets a dense id in the order of its first appearance. Part of kernels.inl.h.
//
// Each kernel takes rows from `from` on and gives the number of the first row it did not take: all were taken, or the
// table is full and must be made larger by the caller. A table's keys are themselves a column in order of the ids.

static const u32 GOLDEN = 0x9e3779b1u;
static const size_t AHEAD = 32;           // rows whose memory is fetched together
static const u32 IN_CACHE = 1u << 13;     // up to so many keys, fetching ahead costs more than it saves

struct Slot {
  u32 tag;
  i32 id;  // + 1; 0 is free
};

static inline u32 slotMask(const Table& table) { return (u32)(((u64)1 << (32 - (u32)table.header[T_SHIFT])) - 1); }

static inline bool sameBytes(const u8* a, const u8* b, u32 length) {
  u32 i = 0;
  for (; i + 8 <= length; i += 8)
    if (load64(a + i) != load64(b + i)) return false;
  return i == length || lowBytes(load64(a + i) ^ load64(b + i), length - i) == 0;
}

static size_t groupUtf8(Table table, const u8* bytes, const i32* starts, const i32* ends, const u32* hashes, size_t from, size_t n, i32* ids) {
  Slot* slots = table.at<Slot>(T_SLOTS);
  u32* keyHashes = table.at<u32>(T_HASHES);
  i32* offsets = table.at<i32>(T_KEYS);
  u8* keyBytes = table.at<u8>(T_BYTES);
  const u32 shift = (u32)table.header[T_SHIFT], mask = slotMask(table), capacity = (u32)table.header[T_CAPACITY], room = (u32)table.header[T_BYTES_CAPACITY];
  u32 count = (u32)table.header[T_COUNT];
  u32 place[AHEAD];
  for (size_t row = from; row < n; row += AHEAD) {
    const size_t block = n - row < AHEAD ? n - row : AHEAD;
    for (size_t k = 0; k < block; k++) place[k] = (hashes[row + k] * GOLDEN) >> shift;
    if (count > IN_CACHE) {
      for (size_t k = 0; k < block; k++) __builtin_prefetch(slots + place[k]);
      for (size_t k = 0; k < block; k++) {
        const Slot slot = slots[place[k]];
        if (slot.id) __builtin_prefetch(offsets + slot.id - 1);
      }
      for (size_t k = 0; k < block; k++) {
        const Slot slot = slots[place[k]];
        if (slot.id && slot.tag == hashes[row + k]) __builtin_prefetch(keyBytes + offsets[slot.id - 1]);
      }
    }
    for (size_t k = 0; k < block; k++) {
      const u8* key = bytes + starts[row + k];
      const u32 hash = hashes[row + k], length = (u32)(ends[row + k] - starts[row + k]);
      for (u32 at = place[k];; at = (at + 1) & mask) {
        Slot& slot = slots[at];
        if (slot.id == 0) {
          const u32 used = (u32)offsets[count];
          if (count == capacity || length > room - used) {
            table.header[T_COUNT] = (i32)count;
            return row + k;
          }
          memcpy(keyBytes + used, key, length);
          offsets[count + 1] = (i32)(used + length);
          keyHashes[count] = hash;
          slot.tag = hash;
          ids[row + k] = (i32)count;
          slot.id = (i32)++count;
          break;
        }
        if (slot.tag == hash) {
          const i32 id = slot.id - 1;
          const u32 offset = (u32)offsets[id];
          if ((u32)offsets[id + 1] - offset == length && sameBytes(keyBytes + offset, key, length)) {
            ids[row + k] = id;
            break;
          }
        }
      }
    }
  }
  table.header[T_COUNT] = (i32)count;
  return n;
}

// Numbers. KEY is i32 or f64; a key is found by its tag, and for f64 by the key itself as well.
template <class KEY> struct Number;
template <> struct Number<i32> {
  static inline u32 tag(i32 key) { return (u32)key; }
  static inline bool same(i32, i32) { return true; }  // the tag is the key
};
template <> struct Number<f64> {
  static inline u32 tag(f64 key) {
    i32 whole;
    return asInt32(key, &whole) ? mix32((u32)whole) : hashF64(key);
  }
  static inline bool same(f64 a, f64 b) { return a == b || (a != a && b != b); }
};

template <class KEY> static size_t groupNumbers(Table table, const KEY* keys, size_t from, size_t n, i32* ids) {
  Slot* slots = table.at<Slot>(T_SLOTS);
  KEY* own = table.at<KEY>(T_KEYS);
  const u32 shift = (u32)table.header[T_SHIFT], mask = slotMask(table), capacity = (u32)table.header[T_CAPACITY];
  u32 count = (u32)table.header[T_COUNT];
  for (size_t row = from; row < n; row += AHEAD) {
    const size_t block = n - row < AHEAD ? n - row : AHEAD;
    u32 tags[AHEAD], place[AHEAD];
    for (size_t k = 0; k < block; k++) {
      tags[k] = Number<KEY>::tag(keys[row + k]);
      place[k] = (tags[k] * GOLDEN) >> shift;
      __builtin_prefetch(slots + place[k]);
    }
    for (size_t k = 0; k < block; k++) {
      for (u32 at = place[k];; at = (at + 1) & mask) {
        Slot& slot = slots[at];
        if (slot.id == 0) {
          if (count == capacity) {
            table.header[T_COUNT] = (i32)count;
            return row + k;
          }
          own[count] = keys[row + k];
          slot.tag = tags[k];
          ids[row + k] = (i32)count;
          slot.id = (i32)++count;
          break;
        }
        if (slot.tag == tags[k] && Number<KEY>::same(own[slot.id - 1], keys[row + k])) {
          ids[row + k] = slot.id - 1;
          break;
        }
      }
    }
  }
  table.header[T_COUNT] = (i32)count;
  return n;
}

static size_t groupI32(Table table, const i32* keys, size_t from, size_t n, i32* ids) { return groupNumbers<i32>(table, keys, from, n, ids); }
static size_t groupF64(Table table, const f64* keys, size_t from, size_t n, i32* ids) { return groupNumbers<f64>(table, keys, from, n, ids); }

// Whole numbers of a small range: the key is the place. Stops before a key outside the range, too.
static size_t groupDense(Table table, const i32* keys, size_t from, size_t n, i32* ids) {
  i32* idAt = table.at<i32>(T_SLOTS);
  i32* own = table.at<i32>(T_KEYS);
  const u32 least = (u32)table.header[T_DENSE_MIN], range = (u32)table.header[T_DENSE_RANGE], capacity = (u32)table.header[T_CAPACITY];
  u32 count = (u32)table.header[T_COUNT];
  const bool large = range > IN_CACHE;
  size_t row = from;
  for (; row < n; row++) {
    if (large && row + AHEAD < n) {
      const u32 next = (u32)keys[row + AHEAD] - least;
      if (next < range) __builtin_prefetch(idAt + next);
    }
    const u32 place = (u32)keys[row] - least;
    if (place >= range) break;
    i32 id = idAt[place];
    if (id == 0) {
      if (count == capacity) break;
      own[count] = keys[row];
      idAt[place] = id = (i32)++count;
    }
    ids[row] = id - 1;
  }
  table.header[T_COUNT] = (i32)count;
  return row;
}

// Fills the (cleared) slots of a table that was made larger with keys [from, to).
static void reslot(Table table, const u32* tags, size_t from, size_t to) {
  Slot* slots = table.at<Slot>(T_SLOTS);
  const u32 shift = (u32)table.header[T_SHIFT], mask = slotMask(table);
  for (size_t id = from; id < to; id++) {
    u32 at = (tags[id] * GOLDEN) >> shift;
    while (slots[at].id) at = (at + 1) & mask;
    slots[at] = Slot{tags[id], (i32)id + 1};
  }
}

// The tags by which a table finds numbers.
static void tagsF64(const f64* keys, size_t n, u32* tags) {
  for (size_t i = 0; i < n; i++) tags[i] = Number<f64>::tag(keys[i]);
}

static void minMaxI32(const i32* values, size_t n, i32* out) {
  i32 least = values[0], most = values[0];
  for (size_t i = 1; i < n; i++) {
    least = values[i] < least ? values[i] : least;
    most = values[i] > most ? values[i] : most;
  }
  out[0] = least;
  out[1] = most;
}

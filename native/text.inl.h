// Text: UTF-8 validation, lines, splitting. Part of kernels.inl.h: compiled once per instruction set.

// Bit i tells whether p[i] is one of two bytes. Reads 64 bytes.
static inline u64 eitherMask(const u8* p, u8 a, u8 b) {
#if MILLRACE_X86V3
  const __m256i va = _mm256_set1_epi8((char)a), vb = _mm256_set1_epi8((char)b);
  __m256i x = _mm256_loadu_si256((const __m256i*)p), y = _mm256_loadu_si256((const __m256i*)(p + 32));
  u32 lo = (u32)_mm256_movemask_epi8(_mm256_or_si256(_mm256_cmpeq_epi8(x, va), _mm256_cmpeq_epi8(x, vb)));
  u32 hi = (u32)_mm256_movemask_epi8(_mm256_or_si256(_mm256_cmpeq_epi8(y, va), _mm256_cmpeq_epi8(y, vb)));
  return lo | (u64)hi << 32;
#elif defined(__SSE2__)
  const __m128i va = _mm_set1_epi8((char)a), vb = _mm_set1_epi8((char)b);
  u64 mask = 0;
  for (int k = 0; k < 4; k++) {
    __m128i x = _mm_loadu_si128((const __m128i*)(p + 16 * k));
    mask |= (u64)(u32)_mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(x, va), _mm_cmpeq_epi8(x, vb))) << (16 * k);
  }
  return mask;
#else
  u64 mask = 0;
  for (int k = 0; k < 64; k++) mask |= (u64)(p[k] == a || p[k] == b) << k;
  return mask;
#endif
}

static inline u64 firstBits(size_t n) { return n >= 64 ? ~0ull : (1ull << n) - 1; }

// The bytes of one UTF-8 character at p, 0 if it is malformed or cut off by `left`. Table 3-7 of the Unicode standard.
static inline size_t utf8Length(const u8* p, size_t left) {
  u8 a = p[0];
  if (a < 0x80) return 1;
  if (a < 0xc2 || left < 2 || (a >= 0xe0 && left < 3) || (a >= 0xf0 && left < 4)) return 0;
  u8 b = p[1];
  if (a < 0xe0) return (b & 0xc0) == 0x80 ? 2 : 0;
  if (a < 0xf0) {
    u8 low = a == 0xe0 ? 0xa0 : 0x80, high = a == 0xed ? 0x9f : 0xbf;
    return b >= low && b <= high && (p[2] & 0xc0) == 0x80 ? 3 : 0;
  }
  u8 low = a == 0xf0 ? 0x90 : 0x80, high = a == 0xf4 ? 0x8f : 0xbf;
  return a <= 0xf4 && b >= low && b <= high && (p[2] & 0xc0) == 0x80 && (p[3] & 0xc0) == 0x80 ? 4 : 0;
}

static int validateUtf8(const u8* p, size_t n) {
  int state = UTF8_ASCII;
  for (size_t i = 0; i < n;) {
    if (i + 32 <= n) {
      u64 any = (load64(p + i) | load64(p + i + 8) | load64(p + i + 16) | load64(p + i + 24)) & 0x8080808080808080ull;
      if (!any) {
        i += 32;
        continue;
      }
    }
    size_t length = utf8Length(p + i, n - i);
    if (length == 0) return UTF8_INVALID;
    if (length > 1) state = UTF8_VALID;
    i += length;
  }
  return state;
}

// Cuts bytes[at ..] into lines that end in \n, \r\n or \r, without their ends, until `capacity` lines are found or
// no line is complete. With `last`, the end of the bytes ends a line, too. Moves cursor->at behind the last line.
static size_t lines(const u8* bytes, size_t n, Cursor* cursor, bool last, i32* starts, i32* ends, size_t capacity) {
  size_t count = 0, start = (size_t)cursor->at;
  for (size_t base = start; base < n && count < capacity; base += 64) {
    u64 mask = eitherMask(bytes + base, '\n', '\r') & firstBits(n - base);
    while (mask) {
      size_t at = base + (size_t)__builtin_ctzll(mask);
      mask &= mask - 1;
      if (at < start) continue;  // the \n of a \r\n
      size_t next = at + 1;
      if (bytes[at] == '\r') {
        if (next == n && !last) return cursor->at = (i32)start, count;
        if (next < n && bytes[next] == '\n') next++;
      }
      starts[count] = (i32)start;
      ends[count++] = (i32)at;
      start = next;
      if (count == capacity) break;
    }
  }
  if (last && count < capacity && start < n) {
    starts[count] = (i32)start;
    ends[count++] = (i32)n;
    start = n;
  }
  cursor->at = (i32)start;
  return count;
}

// Where the pieces of a split go. A row whose pieces do not all fit is left for the next call.
struct Pieces {
  i32* starts;
  i32* ends;
  size_t count, capacity;
  inline bool add(size_t from, size_t to) {
    if (count == capacity) return false;
    starts[count] = (i32)from;
    ends[count++] = (i32)to;
    return true;
  }
};

// Runs `splitRow(from, to, pieces)` for the rows from cursor->row on. A row too long for what is left of the pieces is
// undone and left for the next call; if it does not fit into empty pieces either, cursor->at is set to -1.
template <class SplitRow>
static inline size_t splitRows(const i32* rowStarts, const i32* rowEnds, size_t rows, Cursor* cursor, Pieces pieces, SplitRow splitRow) {
  size_t row = (size_t)cursor->row;
  for (; row < rows; row++) {
    size_t before = pieces.count;
    if (splitRow((size_t)rowStarts[row], (size_t)rowEnds[row], pieces)) continue;
    pieces.count = before;
    if (before == 0) cursor->at = -1;
    break;
  }
  cursor->row = (i32)row;
  return pieces.count;
}

// 'row'.split(c) for a single ASCII character.
static size_t splitByte(const u8* bytes, const i32* rowStarts, const i32* rowEnds, size_t rows, Cursor* cursor, u8 separator,
                        i32* starts, i32* ends, size_t capacity) {
  return splitRows(rowStarts, rowEnds, rows, cursor, Pieces{starts, ends, 0, capacity}, [&](size_t from, size_t to, Pieces& out) {
    size_t start = from;
    for (size_t base = from; base < to; base += 64) {
      u64 mask = eitherMask(bytes + base, separator, separator) & firstBits(to - base);
      for (; mask; mask &= mask - 1) {
        size_t at = base + (size_t)__builtin_ctzll(mask);
        if (!out.add(start, at)) return false;
        start = at + 1;
      }
    }
    return out.add(start, to);
  });
}

// 'row'.split(text) for a text of two bytes or more.
static size_t splitLiteral(const u8* bytes, const i32* rowStarts, const i32* rowEnds, size_t rows, Cursor* cursor,
                           const u8* separator, size_t length, i32* starts, i32* ends, size_t capacity) {
  return splitRows(rowStarts, rowEnds, rows, cursor, Pieces{starts, ends, 0, capacity}, [&](size_t from, size_t to, Pieces& out) {
    size_t start = from;
    for (size_t at = from; at + length <= to;) {
      if (bytes[at] == separator[0] && !memcmp(bytes + at, separator, length)) {
        if (!out.add(start, at)) return false;
        at += length;
        start = at;
      } else {
        at++;
      }
    }
    return out.add(start, to);
  });
}

// The bytes of a character at p that JavaScript's \s takes beyond ASCII, else 0.
static inline size_t wideSpace(const u8* p) {
  if (p[0] == 0xc2) return p[1] == 0xa0 ? 2 : 0;
  if (p[0] == 0xe1) return p[1] == 0x9a && p[2] == 0x80 ? 3 : 0;
  if (p[0] == 0xe2) {
    if (p[1] == 0x80) return p[2] <= 0x8a || p[2] == 0xa8 || p[2] == 0xa9 || p[2] == 0xaf ? 3 : 0;
    return p[1] == 0x81 && p[2] == 0x9f ? 3 : 0;
  }
  if (p[0] == 0xe3) return p[1] == 0x80 && p[2] == 0x80 ? 3 : 0;
  if (p[0] == 0xef) return p[1] == 0xbb && p[2] == 0xbf ? 3 : 0;
  return 0;
}

// 'row'.split(/[class]/) or, with `repeat`, /[class]+/: `table` says of each ASCII character whether it separates, `beyond` of
// the others. BEYOND_ALL needs `repeat`, since a character outside the BMP would be two separators.
static size_t splitClass(const u8* bytes, const i32* rowStarts, const i32* rowEnds, size_t rows, Cursor* cursor, const u8* table,
                         int beyond, bool repeat, i32* starts, i32* ends, size_t capacity) {
  auto separatorAt = [&](size_t at) -> size_t {
    u8 c = bytes[at];
    if (c < 0x80) return table[c];
    if (beyond == BEYOND_NONE) return 0;
    if (beyond == BEYOND_SPACE) return wideSpace(bytes + at);
    return c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
  };
  return splitRows(rowStarts, rowEnds, rows, cursor, Pieces{starts, ends, 0, capacity}, [&](size_t from, size_t to, Pieces& out) {
    size_t start = from;
    for (size_t at = from; at < to;) {
      size_t width = separatorAt(at);
      if (width == 0) {
        at++;
        continue;
      }
      if (!out.add(start, at)) return false;
      at += width;
      while (repeat && at < to && (width = separatorAt(at)) != 0) at += width;
      start = at;
    }
    return out.add(start, to);
  });
}

// The rows that are not empty, as row numbers.
static size_t selectNonEmpty(const i32* starts, const i32* ends, size_t n, i32* rows) {
  size_t count = 0;
  for (size_t i = 0; i < n; i++) {
    rows[count] = (i32)i;
    count += starts[i] != ends[i];
  }
  return count;
}

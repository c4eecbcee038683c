// UTF-8, lines and splits. Part of kernels_test.cc.

// The state of a text by decoding its characters.
static int plainUtf8(const std::string& s) {
  int state = UTF8_ASCII;
  for (size_t i = 0; i < s.size();) {
    const u8 lead = (u8)s[i];
    const size_t length = lead < 0x80 ? 1 : lead >> 5 == 6 ? 2 : lead >> 4 == 14 ? 3 : lead >> 3 == 30 ? 4 : 0;
    if (length == 0 || i + length > s.size()) return UTF8_INVALID;
    u32 point = length == 1 ? lead : lead & (0x7fu >> length);
    for (size_t j = 1; j < length; j++) {
      if (((u8)s[i + j] & 0xc0) != 0x80) return UTF8_INVALID;
      point = point << 6 | ((u8)s[i + j] & 0x3f);
    }
    const u32 least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (point < least[length] || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return UTF8_INVALID;
    if (length > 1) state = UTF8_VALID;
    i += length;
  }
  return state;
}

static int validate(const Kernels& k, const std::string& s) {
  Exact<u8> bytes(std::vector<u8>(s.begin(), s.end()), BEHIND_TEXT, 0x80);
  return k.validateUtf8(bytes, s.size());
}

TEST("UTF-8: every pair of bytes, and every three that begin with a lead") {
  for (int a = 0; a < 256; a++)
    for (int b = 0; b < 256; b++) {
      const std::string two = {(char)a, (char)b};
      CHECK(validate(k, two) == plainUtf8(two));
    }
  for (int a : {0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0})
    for (int b = 0x70; b < 0xd0; b++)
      for (int c : {0x00, 0x7f, 0x80, 0x8f, 0x9f, 0xbf, 0xc0, 0xff}) {
        const std::string three = {(char)a, (char)b, (char)c};
        CHECK(validate(k, three) == plainUtf8(three));
      }
}

TEST("UTF-8: four bytes at the borders of the planes") {
  for (int a = 0xf0; a < 0x100; a++)
    for (int b : {0x7f, 0x80, 0x8f, 0x90, 0xa0, 0xbf, 0xc0})
      for (int c : {0x7f, 0x80, 0xbf, 0xc0})
        for (int d : {0x7f, 0x80, 0xbf, 0xc0}) {
          const std::string four = {(char)a, (char)b, (char)c, (char)d};
          CHECK(validate(k, four) == plainUtf8(four));
        }
}

TEST("UTF-8: a wrong or a cut character at every place of a longer text") {
  for (size_t length = 0; length <= 100; length++) {
    const std::string ascii(length, 'a');
    CHECK(validate(k, ascii) == UTF8_ASCII);
    for (size_t at = 0; at < length; at++)
      for (const char* bad : {"\xff", "\x80", "\xc3", "\xe2\x82", "\xf0\x9f\x98", "\xed\xa0\x80", "\xc3\xa9", "\xf0\x9f\x98\x80"}) {
        const std::string text = ascii.substr(0, at) + bad + ascii.substr(at);
        CHECK(validate(k, text) == plainUtf8(text));
        CHECK(validate(k, ascii.substr(0, at) + bad) == plainUtf8(ascii.substr(0, at) + bad));
      }
  }
}

struct Spans {
  std::vector<i32> starts, ends;
  bool operator==(const Spans& o) const { return starts == o.starts && ends == o.ends; }
};

static Spans plainLines(const std::string& s, bool last, size_t* next) {
  Spans out;
  size_t start = 0;
  for (size_t i = 0; i < s.size(); i++) {
    if (s[i] != '\n' && s[i] != '\r') continue;
    if (s[i] == '\r' && i + 1 == s.size() && !last) break;  // a \n may follow
    out.starts.push_back((i32)start);
    out.ends.push_back((i32)i);
    if (s[i] == '\r' && i + 1 < s.size() && s[i + 1] == '\n') i++;
    start = i + 1;
  }
  if (last && start < s.size()) {
    out.starts.push_back((i32)start);
    out.ends.push_back((i32)s.size());
    start = s.size();
  }
  *next = start;
  return out;
}

TEST("lines: all ends of lines, through places for 1 to all lines") {
  Seeded random(1);
  for (int round = 0; round < 400; round++) {
    const std::string text = random.text(random.below(300), {"a", "bc", "\n", "\r", "\r\n", "\n\r", "0123456789abcdef0123456789abcdef", "\xc3\xa9"});
    const bool last = random.below(2) == 1;
    size_t next = 0;
    const Spans expected = plainLines(text, last, &next);
    Text bytes(text, '\n');  // ends of lines behind the text must not count
    for (size_t capacity : {(size_t)1, (size_t)3, expected.starts.size() + 1}) {
      Spans found;
      Exact<i32> starts(capacity), ends(capacity);
      Exact<Cursor> cursor(1);
      for (size_t count; (count = k.lines(bytes, text.size(), cursor, last, starts, ends, capacity)) > 0;) {
        for (i32 x : starts.first(count)) found.starts.push_back(x);
        for (i32 x : ends.first(count)) found.ends.push_back(x);
      }
      CHECK(found == expected);
      CHECK((size_t)cursor[0].at == next);
    }
  }
}

// All pieces of all rows through a split kernel with room for `capacity` pieces a call; the cursor as the only piece if a row
// does not fit.
template <class Split> static Spans splitAll(const Rows& rows, u8 filler, size_t capacity, Split split) {
  Spans found;
  Text bytes(rows.bytes, filler);
  Exact<i32> from(rows.starts), to(rows.ends), starts(capacity), ends(capacity);
  Exact<Cursor> cursor(1);
  while ((size_t)cursor[0].row < rows.starts.size()) {
    const size_t count = split(bytes, from, to, rows.starts.size(), cursor, starts, ends, capacity);
    if (cursor[0].at == -1 || count == 0) return Spans{{cursor[0].at}, {}};
    for (i32 x : starts.first(count)) found.starts.push_back(x);
    for (i32 x : ends.first(count)) found.ends.push_back(x);
  }
  return found;
}

// The same by a function that gives the width of the separator at a place, 0 for none.
template <class Separator> static Spans plainSplit(const Rows& rows, bool repeat, size_t* longest, Separator separator) {
  Spans out;
  *longest = 0;
  for (size_t row = 0; row < rows.starts.size(); row++) {
    const size_t before = out.starts.size(), to = (size_t)rows.ends[row];
    size_t start = (size_t)rows.starts[row];
    for (size_t at = start; at < to;) {
      size_t width = separator(at, to);
      if (width == 0) {
        at++;
        continue;
      }
      out.starts.push_back((i32)start);
      out.ends.push_back((i32)at);
      for (at += width; repeat && at < to && (width = separator(at, to)) > 0;) at += width;
      start = at;
    }
    out.starts.push_back((i32)start);
    out.ends.push_back((i32)to);
    if (out.starts.size() - before > *longest) *longest = out.starts.size() - before;
  }
  return out;
}

static Rows someRows(Seeded& random, const std::vector<std::string>& pieces) {
  std::vector<std::string> rows;
  for (u32 n = random.below(12); n > 0; n--) rows.push_back(random.text(random.below(4) == 0 ? 0 : random.below(150), pieces));
  return Rows(rows);
}

// Splits with just enough room, with plenty, and with too little.
template <class Split> static void checkSplit(const Rows& rows, const Spans& expected, size_t longest, u8 filler, Split split) {
  CHECK(splitAll(rows, filler, longest, split) == expected);
  CHECK(splitAll(rows, filler, expected.starts.size() + 5, split) == expected);
  if (longest > 1) CHECK(splitAll(rows, filler, longest - 1, split).starts == std::vector<i32>{-1});
}

TEST("split by a character") {
  Seeded random(2);
  for (int round = 0; round < 200; round++) {
    const Rows rows = someRows(random, {" ", "a", "bc", "  ", "\xc2\xa0", "0123456789012345678901234567890123456789"});
    size_t longest;
    const Spans expected = plainSplit(rows, false, &longest, [&](size_t at, size_t) { return (size_t)(rows.bytes[at] == ' '); });
    checkSplit(rows, expected, longest, ' ', [&](const u8* b, const i32* f, const i32* t, size_t n, Cursor* c, i32* s, i32* e, size_t capacity) {
      return k.splitByte(b, f, t, n, c, ' ', s, e, capacity);
    });
  }
}

TEST("split by a text") {
  Seeded random(3);
  for (const std::string& separator : std::vector<std::string>{"ab", "aa", "aab", "\xe2\x82\xac", "abababababababababab"}) {
    Exact<u8> sep(std::vector<u8>(separator.begin(), separator.end()));
    for (int round = 0; round < 100; round++) {
      const Rows rows = someRows(random, {"a", "b", "aa", "\xe2\x82\xac", "\xe2\x82\xad", separator});
      size_t longest;
      const Spans expected = plainSplit(rows, false, &longest, [&](size_t at, size_t to) {
        return at + separator.size() <= to && rows.bytes.compare(at, separator.size(), separator) == 0 ? separator.size() : 0;
      });
      checkSplit(rows, expected, longest, (u8)separator.back(), [&](const u8* b, const i32* f, const i32* t, size_t n, Cursor* c, i32* s, i32* e, size_t capacity) {
        return k.splitLiteral(b, f, t, n, c, sep, separator.size(), s, e, capacity);
      });
    }
  }
}

TEST("split by a class of characters, each one or runs of them") {
  // The white space of JavaScript beyond ASCII: U+00A0, U+1680, U+2000 to U+200A, U+2028, U+2029, U+202F, U+205F, U+3000, U+FEFF.
  const std::vector<std::string> spaces = {"\xc2\xa0", "\xe1\x9a\x80", "\xe2\x80\x80", "\xe2\x80\x8a", "\xe2\x80\xa8", "\xe2\x80\xa9",
                                           "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80", "\xef\xbb\xbf"};
  // Their neighbours, which are none, and other characters of two to four bytes.
  const std::vector<std::string> others = {"\xc2\xa1", "\xc3\xa0", "\xe1\x9a\x81", "\xe1\x9b\x80", "\xe2\x80\x8b", "\xe2\x80\xaa", "\xe2\x81\x80",
                                           "\xe2\x82\x9f", "\xe3\x80\x81", "\xe3\x81\x80", "\xef\xbb\xbe", "\xef\xbc\xbf", "\xf0\x9f\x98\x80", "a", "bc"};
  std::vector<std::string> pieces = {" ", "\t", "-"};
  pieces.insert(pieces.end(), spaces.begin(), spaces.end());
  pieces.insert(pieces.end(), others.begin(), others.end());
  Exact<u8> table(128);
  table[' '] = table['\t'] = 1;
  Seeded random(4);
  for (int round = 0; round < 300; round++) {
    const Rows rows = someRows(random, pieces);
    const bool repeat = random.below(2) == 1;
    const int beyond = (int)random.below(repeat ? 3 : 2);
    size_t longest;
    const Spans expected = plainSplit(rows, repeat, &longest, [&](size_t at, size_t) -> size_t {
      const u8 c = (u8)rows.bytes[at];
      if (c < 0x80) return table[c];
      if (beyond == BEYOND_NONE || (c & 0xc0) == 0x80) return 0;
      for (const std::string& space : spaces)
        if (rows.bytes.compare(at, space.size(), space) == 0) return space.size();
      if (beyond == BEYOND_SPACE) return 0;
      for (const std::string& other : others)
        if (rows.bytes.compare(at, other.size(), other) == 0) return other.size();
      return 0;
    });
    checkSplit(rows, expected, longest, 0xbf, [&](const u8* b, const i32* f, const i32* t, size_t n, Cursor* c, i32* s, i32* e, size_t capacity) {
      return k.splitClass(b, f, t, n, c, table, beyond, repeat, s, e, capacity);
    });
  }
}

TEST("rows that are not empty") {
  Seeded random(5);
  for (size_t n : {0, 1, 2, 63, 64, 65, 300})
    for (u32 empty : {0u, 1u, 4u, 1000u}) {
      std::vector<i32> starts, ends, expected;
      for (size_t i = 0; i < n; i++) {
        starts.push_back((i32)random.below(100));
        ends.push_back(starts[i] + (random.below(5) < empty ? 0 : 1 + (i32)random.below(9)));
        if (starts[i] != ends[i]) expected.push_back((i32)i);
      }
      Exact<i32> from(starts), to(ends), rows(n + 1);
      CHECK(k.selectNonEmpty(from, to, n, rows) == expected.size());
      CHECK(rows.first(expected.size()) == expected);
    }
}

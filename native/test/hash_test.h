// Hashes. Part of kernels_test.cc.

// CRC-32C bit by bit, without the usual inversions.
static u32 plainCrc(u32 crc, const u8* bytes, size_t n) {
  for (size_t i = 0; i < n; i++) {
    crc ^= bytes[i];
    for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (crc & 1 ? 0x82f63b78u : 0);
  }
  return crc;
}

// The finisher of MurmurHash3.
static u32 plainMix(u32 h) {
  h = (h ^ h >> 16) * 0x85ebca6bu;
  h = (h ^ h >> 13) * 0xc2b2ae35u;
  return h ^ h >> 16;
}

static u32 plainHash(const std::string& text) {
  std::string padded = text;
  padded.resize((text.size() + 7) / 8 * 8, '\0');
  return plainMix(plainCrc((u32)text.size() * 0x9e3779b1u, (const u8*)padded.data(), padded.size()));
}

TEST("hashes of texts of 0 to 100 bytes, wherever they lie and whatever follows") {
  Seeded random(6);
  for (u8 filler : {0x00, 0xff}) {
    std::vector<std::string> rows;
    for (size_t length = 0; length <= 100; length++) {
      std::string row;
      while (row.size() < length) row += (char)random.below(256);
      rows.push_back(row);
    }
    rows.push_back(std::string(10000, 'x'));
    Rows spans(rows);
    Text bytes(spans.bytes, filler);
    Exact<i32> starts(spans.starts), ends(spans.ends);
    Exact<u32> hashes(rows.size());
    k.hashUtf8(bytes, starts, ends, rows.size(), hashes);
    for (size_t i = 0; i < rows.size(); i++) CHECK(hashes[i] == plainHash(rows[i]));
    // The last row again, as the only one and at the very end of its memory.
    for (size_t i = 0; i <= 100; i++) {
      Text alone(rows[i], filler);
      Exact<i32> from(1, 0), to(1, (i32)rows[i].size());
      Exact<u32> hash(1);
      k.hashUtf8(alone, from, to, 1, hash);
      CHECK(hash[0] == plainHash(rows[i]));
    }
  }
}

TEST("tags of numbers: a whole one by its value, -0 like 0, every NaN alike") {
  std::vector<f64> keys = {0.0, -0.0, 1, -1, 2147483647.0, -2147483648.0, 2147483648.0, -2147483649.0, 0.5, 1e300, 5e-324, INFINITY, -INFINITY, NAN, -NAN};
  Exact<f64> values(keys);
  Exact<u32> tags(keys.size());
  k.tagsF64(values, keys.size(), tags);
  for (size_t i = 0; i < keys.size(); i++) {
    const f64 x = keys[i];
    u32 expected;
    if (x != x) expected = 0x7ff80000u;
    else if (std::fabs(x) < 4e9 && std::floor(x) == x && (int64_t)x == (i32)(int64_t)x) expected = plainMix((u32)(i32)x);
    else expected = plainMix((u32)bitsOf(x) ^ (u32)(bitsOf(x) >> 32) * 0x9e3779b1u);
    CHECK(tags[i] == expected);
  }
}

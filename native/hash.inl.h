// Hashes. Part of kernels.inl.h: compiled once per instruction set.

static inline u32 mix32(u32 h) {
  h ^= h >> 16;
  h *= 0x85ebca6bu;
  h ^= h >> 13;
  h *= 0xc2b2ae35u;
  return h ^ (h >> 16);
}

static inline u64 load64(const u8* p) {
  u64 x;
  memcpy(&x, p, 8);
  return x;
}

// The lowest `bytes` bytes of a word; bytes < 8.
static inline u64 lowBytes(u64 word, size_t bytes) { return word & ((1ull << (8 * bytes)) - 1); }

// CRC-32C of 8 bytes, without the usual inversions.
static inline u32 crc64(u32 crc, u64 word) {
#if MILLRACE_X86V3
  return (u32)_mm_crc32_u64(crc, word);
#else
  u32 lo = (u32)word ^ crc, hi = (u32)(word >> 32);
  return crcTable[7][lo & 255] ^ crcTable[6][(lo >> 8) & 255] ^ crcTable[5][(lo >> 16) & 255] ^ crcTable[4][lo >> 24] ^
         crcTable[3][hi & 255] ^ crcTable[2][(hi >> 8) & 255] ^ crcTable[1][(hi >> 16) & 255] ^ crcTable[0][hi >> 24];
#endif
}

// Hash of a text: CRC-32C over the bytes, padded with zeros to words of 8, then mixed. Reads up to 7 bytes past the end.
static inline u32 hashSpan(const u8* p, u32 length) {
  u32 h = length * 0x9e3779b1u;
  u32 i = 0;
  for (; i + 8 <= length; i += 8) h = crc64(h, load64(p + i));
  if (i < length) h = crc64(h, lowBytes(load64(p + i), length - i));
  return mix32(h);
}

// Hash of a number that is no 32-bit whole number; NaN has one hash, whatever its bits.
static inline u32 hashF64(f64 x) {
  if (x != x) return 0x7ff80000u;
  u64 bits;
  memcpy(&bits, &x, 8);
  return mix32((u32)bits ^ (u32)(bits >> 32) * 0x9e3779b1u);
}

// True, with the value in `out`, for a whole number of 32 bits; -0 counts as 0.
static inline bool asInt32(f64 x, i32* out) {
  if (!(x >= -2147483648.0 && x <= 2147483647.0)) return false;
  *out = (i32)x;
  return (f64)*out == x;
}

static void hashUtf8(const u8* bytes, const i32* starts, const i32* ends, size_t n, u32* hashes) {
  for (size_t i = 0; i < n; i++) hashes[i] = hashSpan(bytes + starts[i], (u32)(ends[i] - starts[i]));
}

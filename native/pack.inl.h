// Lists of 32-bit values, eight at a time. Part of kernels.inl.h.
enum { TOGETHER = 8 };

// The truth of eight conditions, a bit each: those whose word is negative.
static inline u32 mask8(const i32* words) {
#ifdef MILLRACE_X86V3
  return (u32)_mm256_movemask_ps(_mm256_castsi256_ps(_mm256_loadu_si256((const __m256i*)words)));
#else
  u32 mask = 0;
  for (u32 k = 0; k < TOGETHER; k++) mask |= (u32)words[k] >> 31 << k;
  return mask;
#endif
}

// Appends those of eight values that a mask names to a list, in their order, and gives its new length. The list has room for `room`
// values; those behind its end may be written over.
static inline size_t append8(i32* list, size_t length, size_t room, const i32* values, u32 mask) {
#ifdef MILLRACE_X86V3
  if (length + TOGETHER <= room) {
    const __m256i order = _mm256_cvtepu8_epi32(_mm_cvtsi64_si128((long long)packOrder[mask]));
    const __m256i packed = _mm256_permutevar8x32_epi32(_mm256_loadu_si256((const __m256i*)values), order);
    _mm256_storeu_si256((__m256i*)(list + length), packed);
    return length + (size_t)__builtin_popcount(mask);
  }
#endif
  for (; mask != 0; mask &= mask - 1) list[length++] = values[__builtin_ctz(mask)];
  return length;
}

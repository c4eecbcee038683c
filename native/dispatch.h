// The same kernels compiled for several instruction sets, and the choice among them, made once.
#pragma once
#include <cstring>
#include <type_traits>
#include "kernels.h"
#if defined(__x86_64__)
#include <immintrin.h>
#endif

// CRC-32C (Castagnoli, reflected 0x82f63b78), eight tables for eight bytes at a time: "Slicing-by-8", Kounavis and Berry,
// A Systematic Approach to Building High Performance Software-based CRC Generators, 2005.
struct CrcTable {
  u32 rows[8][256];
  constexpr CrcTable() : rows() {
    for (u32 i = 0; i < 256; i++) {
      u32 crc = i;
      for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (crc & 1 ? 0x82f63b78u : 0);
      rows[0][i] = crc;
    }
    for (int t = 1; t < 8; t++)
      for (u32 i = 0; i < 256; i++) rows[t][i] = (rows[t - 1][i] >> 8) ^ rows[0][rows[t - 1][i] & 255];
  }
  constexpr const u32* operator[](int t) const { return rows[t]; }
};
static constexpr CrcTable crcTable;

// For each mask of eight: the numbers of the bits that are set, a byte each, from the lowest on.
struct PackOrder {
  u64 rows[256];
  constexpr PackOrder() : rows() {
    for (u32 mask = 0; mask < 256; mask++)
      for (u32 bit = 0, next = 0; bit < 8; bit++)
        if (mask >> bit & 1) rows[mask] |= (u64)bit << (8 * next++);
  }
  constexpr u64 operator[](u32 mask) const { return rows[mask]; }
};
static constexpr PackOrder packOrder;

namespace base {
#define KERNELS_NAME "base"
#include "kernels.inl.h"
#undef KERNELS_NAME
}

#if defined(__x86_64__)
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt,sse4.2"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,bmi,bmi2,lzcnt,popcnt,sse4.2")
#endif
namespace x86v3 {
#define KERNELS_NAME "avx2"
#define MILLRACE_X86V3 1
#include "kernels.inl.h"
#undef MILLRACE_X86V3
#undef KERNELS_NAME
}
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif

const Kernels& baseKernels() { return base::kernels; }

const Kernels& bestKernels() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("sse4.2")) return x86v3::kernels;
#endif
  return base::kernels;
}

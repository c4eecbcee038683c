// What the kernels' tests are made of: named tests that run once for each instruction set, memory that ends where it
// says it does, and random numbers that are the same in every run.
#pragma once
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <string>
#include <vector>

#include "../dispatch.h"

#if defined(__SANITIZE_ADDRESS__)
#define EXACT_MEMORY 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define EXACT_MEMORY 1
#endif
#endif
#ifndef EXACT_MEMORY
#define EXACT_MEMORY 0
#endif
#if EXACT_MEMORY
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(from, size) ((void)(from), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(from, size) ((void)(from), (void)(size))
#endif

struct Test {
  const char* name;
  void (*run)(const Kernels& k);
};

inline std::vector<Test>& tests() {
  static std::vector<Test> all;
  return all;
}
struct Registered {
  Registered(const char* name, void (*run)(const Kernels&)) { tests().push_back(Test{name, run}); }
};
// Differences that the test at hand has found.
inline int differences = 0;

// TEST("what holds") { … k is the table of kernels at hand … }
#define TEST(name) NUMBERED_TEST(name, __COUNTER__)
#define NUMBERED_TEST(name, number) DEFINED_TEST(name, number)
#define DEFINED_TEST(name, number)                              \
  static void test##number(const Kernels& k);                   \
  static const Registered registered##number(name, test##number); \
  static void test##number([[maybe_unused]] const Kernels& k)

// The details of the first few differences are enough.
#define CHECK(condition)                                                                        \
  do {                                                                                          \
    if (!(condition) && ++differences <= 5) printf("  %s:%d: %s\n", __FILE__, __LINE__, #condition); \
  } while (0)

// An array on the heap with not a byte more than `behind`, so that the sanitizer sees the first one read or written past it.
template <class T> class Exact {
 public:
  explicit Exact(size_t size, T value = T(), size_t behind = 0) : size_(size), items_((T*)malloc((size + behind) * sizeof(T))) {
    for (size_t i = 0; i < size; i++) items_[i] = value;
  }
  Exact(const std::vector<T>& from, size_t behind = 0, T filler = T()) : Exact(from.size() + behind, filler) {
    size_ = from.size();
    for (size_t i = 0; i < size_; i++) items_[i] = from[i];
  }
  Exact(const Exact&) = delete;
  ~Exact() { free(items_); }
  operator T*() { return items_; }
  size_t size() const { return size_; }
  std::vector<T> first(size_t n) const { return std::vector<T>(items_, items_ + n); }
  std::vector<T> all() const { return first(size_); }

 private:
  size_t size_;
  T* items_;
};

// A text with what a kernel may read behind it; the filler should be what would mislead the kernel.
struct Text : Exact<u8> {
  explicit Text(const std::string& text, u8 filler = 0xff) : Exact<u8>(std::vector<u8>(text.begin(), text.end()), BEHIND_TEXT, filler) {}
};

// Rows of text, end to end.
struct Rows {
  std::string bytes;
  std::vector<i32> starts, ends;
  Rows(const std::vector<std::string>& rows) {
    for (const std::string& row : rows) {
      starts.push_back((i32)bytes.size());
      bytes += row;
      ends.push_back((i32)bytes.size());
    }
  }
};

// mulberry32
class Seeded {
 public:
  explicit Seeded(u32 seed) : state_(seed) {}
  u32 next() {
    u32 t = state_ += 0x6d2b79f5u;
    t = (t ^ (t >> 15)) * (t | 1);
    t ^= t + (t ^ (t >> 7)) * (t | 61);
    return t ^ (t >> 14);
  }
  u32 below(u32 n) { return (u32)(((u64)next() * n) >> 32); }
  template <class T> T pick(const std::vector<T>& items) { return items[below((u32)items.size())]; }
  std::string text(size_t length, const std::vector<std::string>& pieces) {
    std::string out;
    while (out.size() < length) out += pick(pieces);
    return out;
  }

 private:
  u32 state_;
};

inline u64 bitsOf(f64 x) {
  u64 bits;
  memcpy(&bits, &x, 8);
  return bits;
}
// Equal to the bit; every NaN is the one NaN that JavaScript has.
inline bool same(f64 a, f64 b) { return a != a ? b != b : bitsOf(a) == bitsOf(b); }

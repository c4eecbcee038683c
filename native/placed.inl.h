// Values that lie at the places of their keys: whole keys of a small range, place p that of the key `first + p * stride`. Marks, a
// byte a place, say where there is a value. Part of kernels.inl.h.
//
// What lies by place is joined place by place, without a look at a key. Several sources may have different strides: `step` is how
// many places of a source one of the result's is.

// Counts rows by key. The table notes its keys in the order of their first appearance, with room for one more than its range: a
// key that is known is written, too, and then written over, which costs less than a branch that nobody could predict. Takes rows
// from `from` on and gives the first one not taken, whose key lies outside the range.
static size_t countDense(Table table, i32* counts, const i32* keys, size_t from, size_t n) {
  enum { TOGETHER = 8 };
  const u32 least = (u32)table.header[T_DENSE_MIN], range = (u32)table.header[T_DENSE_RANGE];
  i32* own = table.at<i32>(T_KEYS);
  u32 count = (u32)table.header[T_COUNT];
  auto note = [&](i32 key, u32 place) {
    const i32 before = counts[place];
    own[count < range ? count : range] = key;
    count += before == 0;
    counts[place] = before + 1;
  };
  size_t row = from;
  for (; row + TOGETHER <= n; row += TOGETHER) {
    u32 places[TOGETHER];
    bool inside = true;
    for (size_t k = 0; k < TOGETHER; k++) {
      places[k] = (u32)keys[row + k] - least;
      inside &= places[k] < range;
    }
    if (!inside) break;
    for (size_t k = 0; k < TOGETHER; k++) note(keys[row + k], places[k]);
  }
  for (; row < n; row++) {
    const u32 place = (u32)keys[row] - least;
    if (place >= range) break;
    note(keys[row], place);
  }
  table.header[T_COUNT] = (i32)count;
  return row;
}

// Marks the places that have a count.
static void markCounts(const i32* counts, size_t n, u8* marks) {
  for (size_t i = 0; i < n; i++) marks[i] = counts[i] != 0;
}
// Marks, beside those that are marked, the places whose value does not look neutral.
static void markFolded(int op, const f64* acc, size_t n, u8* marks) {
  withOp(op, [&](auto o) {
    for (size_t i = 0; i < n; i++) marks[i] |= !isNeutral<decltype(o)::value>(acc[i]);
    return 0;
  });
}

// The values of a source where it has any, and what is neutral elsewhere; marked alike.
template <class V> static inline void takePlaces(f64 neutral, f64* acc, u8* marks, size_t n, const V* from, const u8* there, size_t step) {
  for (size_t i = 0; i < n; i++) {
    const u8 marked = there[i * step];
    acc[i] = marked ? (f64)from[i * step] : neutral;
    marks[i] = marked;
  }
}
static void takePlacesF64(f64 neutral, f64* acc, u8* marks, size_t n, const f64* from, const u8* there, size_t step) { takePlaces<f64>(neutral, acc, marks, n, from, there, step); }
static void takePlacesI32(f64 neutral, f64* acc, u8* marks, size_t n, const i32* from, const u8* there, size_t step) { takePlaces<i32>(neutral, acc, marks, n, from, there, step); }

// acc[i] = op(acc[i], from[i * step]) where the source has a value, which is marked.
template <class V> static inline void foldPlaces(int op, f64* acc, u8* marks, size_t n, const V* from, const u8* there, size_t step) {
  withOp(op, [&](auto o) {
    for (size_t i = 0; i < n; i++) {
      const u8 marked = there[i * step];
      const f64 folded = apply<decltype(o)::value>(acc[i], (f64)from[i * step]);
      acc[i] = marked ? folded : acc[i];
      marks[i] |= marked;
    }
    return 0;
  });
}
static void foldPlacesF64(int op, f64* acc, u8* marks, size_t n, const f64* from, const u8* there, size_t step) { foldPlaces<f64>(op, acc, marks, n, from, there, step); }
static void foldPlacesI32(int op, f64* acc, u8* marks, size_t n, const i32* from, const u8* there, size_t step) { foldPlaces<i32>(op, acc, marks, n, from, there, step); }

// Adds a slice to the sums of a window and one to the number of slices that each of its places has, or takes it away. Gives the
// number of places that had no slice before, or have none any more.
template <class V> static inline size_t slidePlaces(f64* sums, i32* slices, size_t n, const V* from, const u8* there, size_t step, bool leaves) {
  size_t turned = 0;
  for (size_t i = 0; i < n; i++) {
    const i32 marked = there[i * step] != 0, before = slices[i], after = leaves ? before - marked : before + marked;
    const f64 value = (f64)from[i * step], sum = leaves ? sums[i] - value : sums[i] + value;
    turned += (size_t)(marked & ((before == 0) | (after == 0)));
    sums[i] = marked ? sum : sums[i];
    slices[i] = after;
  }
  return turned;
}
static size_t slidePlacesF64(f64* sums, i32* slices, size_t n, const f64* from, const u8* there, size_t step, bool leaves) { return slidePlaces<f64>(sums, slices, n, from, there, step, leaves); }
static size_t slidePlacesI32(f64* sums, i32* slices, size_t n, const i32* from, const u8* there, size_t step, bool leaves) { return slidePlaces<i32>(sums, slices, n, from, there, step, leaves); }

// Marks the places that have a slice; the sums of the others are as if there had never been one.
static void dropPlaces(f64* sums, const i32* slices, size_t n, u8* marks) {
  for (size_t i = 0; i < n; i++) {
    const bool present = slices[i] > 0;
    marks[i] = present;
    sums[i] = present ? sums[i] : -0.0;
  }
}

// Division by a stride that leaves no remainder, without dividing: a shift by its power of two, and a multiplication by the
// inverse of what is odd in it (Granlund and Montgomery, Division by Invariant Integers using Multiplication, 1994, section 9).
struct ExactDivision {
  u32 shift, inverse;
  explicit ExactDivision(u32 by) : shift((u32)__builtin_ctz(by)) {
    const u32 odd = by >> shift;
    inverse = odd;  // right in 3 bits; each step doubles them
    for (int step = 0; step < 4; step++) inverse *= 2 - odd * inverse;
  }
  u32 operator()(u32 multiple) const { return (multiple >> shift) * inverse; }
};

// The place of each key. False if one is out of range.
static bool placesOf(const i32* keys, size_t n, i32 first, u32 stride, u32 range, i32* places) {
  const ExactDivision divide(stride);
  bool inside = true;
  for (size_t i = 0; i < n; i++) {
    const u32 place = divide((u32)keys[i] - (u32)first);
    places[i] = (i32)place;
    inside &= place < range;
  }
  return inside;
}

// Those of the keys whose places are marked, or are not, in their order. Gives their number, or n + 1 if a key is out of range.
static size_t selectKeys(const i32* keys, size_t n, i32 first, u32 stride, const u8* marks, u32 range, bool marked, i32* out) {
  const ExactDivision divide(stride);
  size_t count = 0;
  for (size_t i = 0; i < n; i++) {
    const u32 place = divide((u32)keys[i] - (u32)first);
    if (place >= range) return n + 1;
    out[count] = keys[i];
    count += (marks[place] != 0) == marked;
  }
  return count;
}

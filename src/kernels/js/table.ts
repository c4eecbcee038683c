/** Where a word of a key table's header points to, in bytes from the heap's start. */
export const placeOf = (table: Int32Array, word: number): number => (table[word]! >>> 0) * 64

/** The numbers that it points to. */
export const i32At = (table: Int32Array, word: number, length: number): Int32Array =>
  new Int32Array(table.buffer, placeOf(table, word), length)

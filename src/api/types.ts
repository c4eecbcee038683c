/** The key type of a record type: `K` of `[K, V]`. */
export type KeyOf<T> = T extends readonly [unknown, unknown] ? T[0] : NoPair<T>

/** The value type of a record type: `V` of `[K, V]`. */
export type ValueOf<T> = T extends readonly [unknown, unknown] ? T[1] : NoPair<T>

/** Of records that may be anything it is anything, so that every stream is a stream of `unknown`. */
// biome-ignore lint/suspicious/noExplicitAny: neither never nor unknown is both what is given and what is taken
type NoPair<T> = unknown extends T ? any : never

/** A record type as a by-key operator takes it: itself, if it is one of pairs. */
export type Pair<T> = T extends readonly [unknown, unknown] ? T : never

/** Pairs that are written down as they are handed over. A list of any length that was made before may be one of no pairs. */
export type Pairs<K, V> = readonly [readonly [K, V], ...(readonly [K, V])[]]

/**
 * The type of a result that begins with a `Z`: with `[0, 0]` it is `[number, number]`, so that
 * `([sum, n], x) => [sum + x, n + 1]` needs no annotation; with `[x]` it is a list of any length.
 */
export type Grown<Z> = Z extends readonly [] ? never[] : Z extends readonly [infer X] ? Widen<X>[] : Widen<Z>

/**
 * What a function may give for it: its lists may be readonly, since they are copied, and a vector of numbers may come out of
 * `map`, which does not tell how many there are.
 */
export type Growing<Z> = Frozen<Grown<Z>>

type Frozen<U> = U extends Whole
  ? U
  : U extends readonly number[]
    ? readonly number[]
    : U extends object
      ? { readonly [K in keyof U]: Frozen<U[K]> }
      : U

/** What the structured clone algorithm keeps whole. */
type Whole =
  | Date
  | RegExp
  | Error
  | Map<unknown, unknown>
  | Set<unknown>
  | ArrayBuffer
  | ArrayBufferView
  | Function

/**
 * The type of what a function gave, without the narrowness of its literals: `readonly ['a', 1]` is
 * `[string, number]`, so that `w => [w, 1]` makes pairs without `as const`.
 */
export type Widen<U> = 0 extends 1 & U
  ? U
  : U extends string
    ? string
    : U extends number
      ? number
      : U extends boolean
        ? boolean
        : U extends bigint
          ? bigint
          : U extends Whole
            ? U
            : U extends readonly unknown[]
              ? { -readonly [K in keyof U]: Widen<U[K]> }
              : U extends object
                ? { -readonly [K in keyof U]: Widen<U[K]> }
                : U

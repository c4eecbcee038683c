/** True only if the two types are the same: `any`, `unknown` and optional properties are told apart. */
export type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** A type that the compiler has found to be `true`: `is<Same<A, B>>()` does not compile unless A is B. */
export function is<_ extends true>(): void {}

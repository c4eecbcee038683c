/** What a process that measures is told. */
export interface Env {
  /** The directory of the inputs. */
  data: string
  threads: number
  /** Shorter warm-ups and fewer repetitions. */
  quick: boolean
}

/** What one process measured: a value for each metric, and what it computed, in a form to compare. */
export interface Reading {
  values: Record<string, number>
  /** Figures joined by ':'; undefined where there is nothing to compare. */
  check?: string
}

export interface Metric {
  name: string
  unit: string
}

/** What is wanted: a bound for a metric of the subject, or for its ratio to that of another figure. */
export interface Target {
  /** Default: the first metric of the case. */
  metric?: string
  /** The other figure. */
  of?: string
  atMost?: number
  atLeast?: number
}

/** Measures in a process of its own. */
export type Measure = (env: Env) => Promise<Reading>

/** A workload: one program, its yardsticks, and what is wanted of their ratio. */
export interface Case {
  name: string
  title: string
  /** Figures measured by this package, by name. */
  figures: Record<string, Measure>
  /** Files of the data directory. */
  inputs?: readonly string[]
  /** What the programs in peers/ call it; default its name. */
  workload?: string
  /** The C++ limit's program, and which of its figures. */
  limit?: { program: string; figures: readonly string[] }
  /** Hand-written JavaScript, of run-js.mjs. */
  loops?: readonly string[]
  /** Packages, of run-js.mjs. */
  packages?: readonly string[]
  /** Query engines, of run-columnar.mjs. */
  engines?: readonly string[]
  /** The figure whose ratios to the others are shown; default `millrace`. */
  subject?: string
  /** Default: `time` in ms. */
  metrics?: readonly Metric[]
  targets?: readonly Target[]
  /** Relative difference at which checks are still the same: sums of fractions depend on their order. */
  tolerance?: number
}

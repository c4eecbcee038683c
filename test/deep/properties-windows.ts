import { DEEP_RUNS, prove } from '../support/properties/prove.js'
import {
  GROUPED_WINDOW_PROPERTIES,
  KEYED_WINDOW_PROPERTIES,
  REDUCED_WINDOW_PROPERTIES,
  WINDOW_PROPERTIES,
  WINDOWED_PROPERTIES,
} from '../support/properties/windows.js'

prove(
  [
    ...WINDOW_PROPERTIES,
    ...WINDOWED_PROPERTIES,
    ...REDUCED_WINDOW_PROPERTIES,
    ...GROUPED_WINDOW_PROPERTIES,
    ...KEYED_WINDOW_PROPERTIES,
  ],
  ...DEEP_RUNS,
).run()

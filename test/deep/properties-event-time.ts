import {
  DUPLICATE_PROPERTIES,
  EARLY_PROPERTIES,
  INTERVAL_JOIN_PROPERTIES,
  SESSION_PROPERTIES,
  SLIDING_PROPERTIES,
  TUMBLING_PROPERTIES,
} from '../support/properties/event-time.js'
import { DEEP_RUNS, prove } from '../support/properties/prove.js'

prove(
  [
    ...TUMBLING_PROPERTIES,
    ...SLIDING_PROPERTIES,
    ...SESSION_PROPERTIES,
    ...EARLY_PROPERTIES,
    ...DUPLICATE_PROPERTIES,
    ...INTERVAL_JOIN_PROPERTIES,
  ],
  ...DEEP_RUNS,
).run()

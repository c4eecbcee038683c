import { DEEP_RUNS, prove } from '../support/properties/prove.js'
import {
  SNAPSHOT_PROPERTIES,
  STATE_PROPERTIES,
  TRACKED_STATE_PROPERTIES,
} from '../support/properties/state.js'

prove([...STATE_PROPERTIES, ...TRACKED_STATE_PROPERTIES, ...SNAPSHOT_PROPERTIES], ...DEEP_RUNS).run()

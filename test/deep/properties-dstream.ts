import { BATCH_PROPERTIES } from '../support/properties/dstream.js'
import { DEEP_RUNS, prove } from '../support/properties/prove.js'

prove(BATCH_PROPERTIES, ...DEEP_RUNS).run()

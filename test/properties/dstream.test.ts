import { BATCH_PROPERTIES } from '../support/properties/dstream.js'
import { prove, RUNS } from '../support/properties/prove.js'

prove(BATCH_PROPERTIES, RUNS).run()

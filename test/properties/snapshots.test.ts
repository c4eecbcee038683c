import { prove, RUNS } from '../support/properties/prove.js'
import { SNAPSHOT_PROPERTIES } from '../support/properties/state.js'

prove(SNAPSHOT_PROPERTIES, RUNS).run()

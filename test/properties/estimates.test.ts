import { prove, RUNS } from '../support/properties/prove.js'
import { ESTIMATE_PROPERTIES } from '../support/properties/sampling.js'

prove(ESTIMATE_PROPERTIES, RUNS).run()

import { prove, RUNS } from '../support/properties/prove.js'
import { SAMPLING_PROPERTIES } from '../support/properties/sampling.js'

prove(SAMPLING_PROPERTIES, RUNS).run()

import { DEEP_RUNS, prove } from '../support/properties/prove.js'
import { SAMPLING_PROPERTIES } from '../support/properties/sampling.js'

prove(SAMPLING_PROPERTIES, ...DEEP_RUNS).run()

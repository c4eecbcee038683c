import { DEEP_RUNS, prove } from '../support/properties/prove.js'
import { ESTIMATE_PROPERTIES, SAMPLING_PROPERTIES } from '../support/properties/sampling.js'

prove([...SAMPLING_PROPERTIES, ...ESTIMATE_PROPERTIES], ...DEEP_RUNS).run()

import { JOIN_PROPERTIES, JOINING_PROPERTIES } from '../support/properties/joins.js'
import { DEEP_RUNS, prove } from '../support/properties/prove.js'

prove([...JOIN_PROPERTIES, ...JOINING_PROPERTIES], ...DEEP_RUNS).run()

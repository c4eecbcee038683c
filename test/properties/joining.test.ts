import { JOINING_PROPERTIES } from '../support/properties/joins.js'
import { prove, RUNS } from '../support/properties/prove.js'

prove(JOINING_PROPERTIES, RUNS).run()

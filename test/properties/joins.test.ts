import { JOIN_PROPERTIES } from '../support/properties/joins.js'
import { prove, RUNS } from '../support/properties/prove.js'

prove(JOIN_PROPERTIES, RUNS).run()

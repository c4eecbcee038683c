import { STATISTICS_PROPERTIES } from '../support/properties/order.js'
import { prove, RUNS } from '../support/properties/prove.js'

prove(STATISTICS_PROPERTIES, RUNS).run()

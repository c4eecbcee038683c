import { ORDER_PROPERTIES, STATISTICS_PROPERTIES } from '../support/properties/order.js'
import { DEEP_RUNS, prove } from '../support/properties/prove.js'

prove([...ORDER_PROPERTIES, ...STATISTICS_PROPERTIES], ...DEEP_RUNS).run()

import { ORDER_PROPERTIES } from '../support/properties/order.js'
import { prove, RUNS } from '../support/properties/prove.js'

prove(ORDER_PROPERTIES, RUNS).run()

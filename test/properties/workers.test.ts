import { prove, RUNS } from '../support/properties/prove.js'
import { WORKER_PROPERTIES } from '../support/properties/rdd.js'

prove(WORKER_PROPERTIES, RUNS).run()

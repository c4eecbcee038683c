import { DEEP_RUNS, prove } from '../support/properties/prove.js'
import { RDD_PROPERTIES, WORKER_PROPERTIES } from '../support/properties/rdd.js'

prove([...RDD_PROPERTIES, ...WORKER_PROPERTIES], ...DEEP_RUNS).run()

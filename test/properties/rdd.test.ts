import { prove, RUNS } from '../support/properties/prove.js'
import { RDD_PROPERTIES } from '../support/properties/rdd.js'

prove(RDD_PROPERTIES, RUNS).run()

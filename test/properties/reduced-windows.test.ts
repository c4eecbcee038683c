import { prove, RUNS } from '../support/properties/prove.js'
import { REDUCED_WINDOW_PROPERTIES } from '../support/properties/windows.js'

prove(REDUCED_WINDOW_PROPERTIES, RUNS).run()

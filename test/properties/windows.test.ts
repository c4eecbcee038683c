import { prove, RUNS } from '../support/properties/prove.js'
import { WINDOW_PROPERTIES } from '../support/properties/windows.js'

prove(WINDOW_PROPERTIES, RUNS).run()

import { prove, RUNS } from '../support/properties/prove.js'
import { GROUPED_WINDOW_PROPERTIES } from '../support/properties/windows.js'

prove(GROUPED_WINDOW_PROPERTIES, RUNS).run()

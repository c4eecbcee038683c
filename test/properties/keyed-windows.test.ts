import { prove, RUNS } from '../support/properties/prove.js'
import { KEYED_WINDOW_PROPERTIES } from '../support/properties/windows.js'

prove(KEYED_WINDOW_PROPERTIES, RUNS).run()

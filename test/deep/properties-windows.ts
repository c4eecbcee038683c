import { DEEP_RUNS, prove } from '../support/properties/prove.js'
import { WINDOW_PROPERTIES } from '../support/properties/windows.js'

prove(WINDOW_PROPERTIES, ...DEEP_RUNS).run()

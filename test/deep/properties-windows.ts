import { DEEP_RUNS, prove } from '../support/properties/prove.js'
import { REDUCED_WINDOW_PROPERTIES, WINDOW_PROPERTIES } from '../support/properties/windows.js'

prove([...WINDOW_PROPERTIES, ...REDUCED_WINDOW_PROPERTIES], ...DEEP_RUNS).run()

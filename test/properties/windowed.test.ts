import { prove, RUNS } from '../support/properties/prove.js'
import { WINDOWED_PROPERTIES } from '../support/properties/windows.js'

prove(WINDOWED_PROPERTIES, RUNS).run()

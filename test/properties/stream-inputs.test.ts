import { STREAM_INPUT_PROPERTIES } from '../support/properties/inputs.js'
import { prove, RUNS } from '../support/properties/prove.js'

prove(STREAM_INPUT_PROPERTIES, RUNS).run()

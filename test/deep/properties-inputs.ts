import { INPUT_PROPERTIES, STREAM_INPUT_PROPERTIES } from '../support/properties/inputs.js'
import { DEEP_RUNS, prove } from '../support/properties/prove.js'

prove([...INPUT_PROPERTIES, ...STREAM_INPUT_PROPERTIES], ...DEEP_RUNS).run()

import type { WorkerStart } from './entry.js' with { 'resolution-mode': 'import' }

/**
 * What Piscina loads on a thread. It calls require(), and Node ends the whole process if a thread is ended while require()
 * loads an ES module (ModuleWrap::CreateRequiredModuleFacade); while import() does it may be.
 */
const entry = import('./entry.js')

module.exports = async (start: WorkerStart): Promise<void> => (await entry).default(start)

import path from 'node:path'
import { isMillraceError, MillraceError } from '../core/errors.js'
import { expect } from '../core/options.js'
import type { Node } from '../plan/nodes.js'
import type { Engine } from './engine.js'

/**
 * Saves an RDD as a directory of text files. They are written, each by its task, into a directory beside it with a name
 * of its own, forced to the disk, and moved into place in one step with `_SUCCESS`: a reader sees all or nothing, and a
 * second attempt never mixes with a first.
 *
 * @param existing what to do if the directory is there: an error, or, for a batch that is run again, nothing
 * @throws MILLRACE_OUTPUT
 */
export async function saveTextFiles(
  engine: Engine,
  node: Node,
  target: string,
  format: 'text' | 'json',
  existing: 'fail' | 'keep',
): Promise<void> {
  const { files } = engine
  const label = format === 'json' ? 'saveAsJSONFile' : 'saveAsTextFile'
  expect(typeof target === 'string' && target !== '', 'the path of a new directory', label, target)
  const directory = path.resolve(target)
  const temporary = path.join(
    path.dirname(directory),
    `.${path.basename(directory)}.${process.pid}-${nextNumber++}.tmp`,
  )
  try {
    if (await files.exists(directory)) {
      if (existing === 'keep') return
      throw alreadyThere(directory)
    }
    await files.makeDirectory(temporary)
    const sink = { kind: 'saveText', label, format } as const
    ;(await engine.run(node, sink, { directory: temporary })).release()
    await files.write(path.join(temporary, '_SUCCESS'), '')
    await files.syncDirectory(temporary)
    await files.rename(temporary, directory)
    await files.syncDirectory(path.dirname(directory))
  } catch (cause) {
    await files.remove(temporary).catch(() => {})
    if (isMillraceError(cause)) throw cause
    // Someone else was first.
    if (['ENOTEMPTY', 'EEXIST'].includes((cause as NodeJS.ErrnoException).code ?? ''))
      throw alreadyThere(directory)
    throw new MillraceError('MILLRACE_OUTPUT', `cannot save to ${directory}: ${(cause as Error).message}`, {
      cause,
    })
  }
}

let nextNumber = 1

function alreadyThere(directory: string): MillraceError {
  return new MillraceError(
    'MILLRACE_OUTPUT',
    `Output directory ${directory} already exists. Remove it, or save under another name.`,
  )
}

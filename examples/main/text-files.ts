import { rmSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A hundred documents of a thousand sentences each. */
const DOCUMENTS = new URL('../../builds/', import.meta.resolve('nlp-corpus'))
const COUNT = 100
const EVERY_MS = 200

export interface Texts {
  /** Where the files appear. */
  directory: string
  stop(): Promise<void>
}

/**
 * Lets a text file appear every 200 ms in a temporary directory, until it is stopped.
 *
 * @param given a directory that has its files already: nothing is written there
 */
export async function writeTexts(given: string | undefined): Promise<Texts> {
  if (given !== undefined) return { directory: given, stop: async () => {} }
  const root = await mkdtemp(path.join(tmpdir(), 'millrace-'))
  process.once('exit', () => rmSync(root, { recursive: true })) // however it ends
  const directory = path.join(root, 'inbox')
  await mkdir(directory)

  let stopped = false
  const writing = write()
  return {
    directory,
    async stop() {
      stopped = true
      await writing
    },
  }

  async function write(): Promise<void> {
    const draft = path.join(root, 'draft.txt')
    for (let n = 0; !stopped; n++) {
      const sentences: string[] = JSON.parse(
        await readFile(new URL(`doc-${n % COUNT}.json`, DOCUMENTS), 'utf8'),
      )
      await writeFile(draft, `${sentences.join('\n')}\n`)
      await rename(draft, path.join(directory, `${n}.txt`)) // a watched directory must see complete files only
      await sleep(EVERY_MS)
    }
  }
}

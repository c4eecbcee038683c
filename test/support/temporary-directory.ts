import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/** Runs a check with an empty directory, and removes it whatever happens. */
export async function withDirectory<R>(check: (directory: string) => Promise<R>): Promise<R> {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'millrace-test-'))
  try {
    return await check(directory)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** What is written to the standard output while an action runs; it is not shown. */
export async function printed(action: () => Promise<unknown>): Promise<string> {
  const { write } = process.stdout
  let text = ''
  process.stdout.write = (chunk: string | Uint8Array): boolean => {
    text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()
    return true
  }
  try {
    await action()
  } finally {
    process.stdout.write = write
  }
  return text
}

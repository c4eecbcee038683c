import { expect } from '../core/options.js'
import { moduleFunction } from '../functions/user-function.js'
import { partitionwise, type Transform } from './operators.js'

/** Names that the function below gets as captures. */
declare const $pipe: (...args: unknown[]) => string[]
declare const $words: readonly string[]
declare const $environment: Record<string, string>
declare const $check: boolean

/** Each partition through a program: its records go in as lines, and the lines that come out are the records. */
export function pipe(
  words: readonly string[],
  environment: Record<string, string>,
  check: boolean,
  location: string,
): Transform {
  return partitionwise(
    {
      fn: (records: Iterable<unknown>) => $pipe($words, $environment, $check, records),
      captures: {
        $pipe: moduleFunction(new URL('../worker/pipe.js', import.meta.url), 'pipe'),
        $words: [...words],
        $environment: { ...environment },
        $check: check,
      },
      location,
    },
    undefined,
    'pipe',
  )
}

/**
 * The words of a command, as a shell would part them: `a 'b c' "d \"e" f\ g` are four.
 *
 * @throws MILLRACE_OPTION, in Python's words, for a quote that is not closed
 */
export function wordsOf(command: string): string[] {
  const left = command.replace(/\\.|'[^']*'|"(?:[^"\\]|\\.)*"/gs, '')
  const open = /["'\\]/.exec(left)?.[0]
  expect(open !== '"' && open !== "'", 'a closing quotation mark (No closing quotation)', 'pipe', command)
  expect(open === undefined, 'a character behind the last \\ (No escaped character)', 'pipe', command)
  const words = command.match(/(?:[^\s'"\\]|\\.|'[^']*'|"(?:[^"\\]|\\.)*")+/gs) ?? []
  return words.map(word =>
    word.replace(/'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/gs, (_, plain, quoted, escaped) =>
      plain !== undefined ? plain : quoted !== undefined ? quoted.replace(/\\(["\\])/g, '$1') : escaped,
    ),
  )
}

import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FileInfo, Files } from '../../core/files.js'

/** Not hidden, and not the working file of some tool. */
export const isVisible = (name: string): boolean => !name.startsWith('.') && !name.startsWith('_')

/**
 * What a text names as paths: itself, if that is there, else its parts between commas, but for those in braces. A URL of a
 * file is its path.
 *
 * @throws Error for a part that is empty, or no URL
 */
export function patternsOf(text: string, files: Pick<Files, 'statSync'>): string[] {
  if (isThere(text, files)) return [text]
  const parts = ['']
  let depth = 0
  for (const c of text) {
    if (c === '{') depth++
    else if (c === '}') depth--
    if (c === ',' && depth <= 0) parts.push('')
    else parts.push(parts.pop()! + c)
  }
  if (parts.includes('')) throw new Error('Can not create a Path from an empty string')
  return parts.map(part =>
    part.startsWith('file:') ? fileURLToPath(part.replaceAll('?', '%3F').replaceAll('#', '%23')) : part,
  )
}

/**
 * The paths that a text names: itself if that is there or if it is no glob, else what `*`, `?`, `[…]` and `{…,…}` match, in
 * order of name. Names that begin with `.` or `_` are passed over, as in Hadoop.
 */
export function pathsOf(pattern: string, files: Pick<Files, 'listSync' | 'statSync'>): string[] {
  const whole = path.resolve(pattern)
  if (!/[*?[{]/.test(whole) || isThere(whole, files)) return [whole]
  return [...new Set(alternatives(whole).flatMap(one => matches(one, files)))].sort()
}

/** The directories that a text names: what a glob matches besides is passed over, but a path that is no glob is taken at its word. */
export function directoriesOf(pattern: string, files: Pick<Files, 'listSync' | 'statSync'>): string[] {
  const paths = pathsOf(pattern, files)
  if (paths[0] === path.resolve(pattern)) return paths
  return paths.filter(found => infoOf(found, files)?.isDirectory)
}

/** `a{b,c}d` is `abd` and `acd`. */
function alternatives(pattern: string): string[] {
  const open = pattern.indexOf('{')
  const cuts = [open]
  for (let i = open, depth = 0; i >= 0 && i < pattern.length; i++) {
    if (pattern[i] === '{') depth++
    else if (pattern[i] === ',' && depth === 1) cuts.push(i)
    else if (pattern[i] === '}' && --depth === 0) {
      const [before, after] = [pattern.slice(0, open), pattern.slice(i + 1)]
      return [...cuts.slice(1), i].flatMap((end, k) =>
        alternatives(before + pattern.slice(cuts[k]! + 1, end) + after),
      )
    }
  }
  return [pattern]
}

/** One path segment after the other. */
function matches(pattern: string, files: Pick<Files, 'listSync' | 'statSync'>): string[] {
  const { root } = path.parse(pattern)
  let paths = [root]
  for (const segment of pattern.slice(root.length).split(path.sep).filter(Boolean)) {
    const test = /[*?[]/.test(segment) ? segmentPattern(segment) : undefined
    paths = paths.flatMap(parent =>
      test === undefined
        ? path.join(parent, segment)
        : names(parent, files)
            .filter(name => test.test(name) && isVisible(name))
            .map(name => path.join(parent, name)),
    )
  }
  return paths.filter(found => isThere(found, files))
}

function names(directory: string, files: Pick<Files, 'listSync'>): string[] {
  try {
    return files.listSync(directory)
  } catch {
    return [] // a file, for instance
  }
}

const isThere = (file: string, files: Pick<Files, 'statSync'>): boolean => infoOf(file, files) !== undefined

function infoOf(file: string, files: Pick<Files, 'statSync'>): FileInfo | undefined {
  try {
    return files.statSync(file)
  } catch {
    return undefined
  }
}

function segmentPattern(segment: string): RegExp {
  const source = segment.replace(/\[!?[^\]]+\]|./gs, part => {
    if (part === '*') return '.*'
    if (part === '?') return '.'
    return part.length > 1 && part.startsWith('[')
      ? part.replace(/\\/g, '\\\\').replace('[!', '[^')
      : part.replace(/[.+^${}()|[\]\\]/, '\\$&')
  })
  return new RegExp(`^${source}$`, 'su')
}

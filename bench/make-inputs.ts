import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { mix } from './inputs.js'

/** Records of W2, W3a and W3b. */
const MANY = 8_000_000
const TEXT_BYTES = 52_000_000

/** The inputs of all cases, by the name of the file: the same bytes on every machine. No headers, little endian. */
const RECIPES: Record<string, () => Float64Array | Int32Array | string> = {
  'w2.f64': () => Float64Array.from({ length: MANY }, (_, i) => i % 100),
  'w3.f64': () => Float64Array.from({ length: MANY }, (_, i) => mix(i ^ 0x5bd1e995) % 1000),
  'w3a.i32': () => shuffledKeys(10, 1),
  'w3b.i32': () => shuffledKeys(20, 1),
  'w3as.i32': () => shuffledKeys(10, 0x9e3779b1),
  'w3bs.i32': () => shuffledKeys(20, 0x9e3779b1),
  'w5.i32': () => Int32Array.from({ length: 80_000_000 }, (_, i) => mix(i) % 100_000),
  'w6.f64': () => Float64Array.from({ length: 4_000_000 }, (_, i) => (mix(i) / 2 ** 32) * 100),
  'w7.txt': shortWords,
  'sentences.txt': () => sentences(TEXT_BYTES),
  'requests.log': () => requests(400),
  'strange-requests.log': () => requests(40),
}

/**
 * Sees to it that a directory holds the inputs. Those that are there already are taken as they are, but for W1's text.
 *
 * @param text the file to be W1's text
 */
export function makeInputs(directory: string, files: Iterable<string>, text?: string): void {
  mkdirSync(directory, { recursive: true })
  for (const file of files) {
    if (file === 'w1.txt') {
      if (text === undefined) make(directory, 'sentences.txt')
      copyFileSync(text ?? path.join(directory, 'sentences.txt'), path.join(directory, file))
    } else make(directory, file)
  }
}

function make(directory: string, file: string): void {
  const target = path.join(directory, file)
  if (existsSync(target)) return
  const draft = `${target}.draft` // nothing half written is ever taken for an input
  writeFileSync(draft, RECIPES[file]!())
  renameSync(draft, target)
}

/** All numbers of so many bits in another order, and again in another, each times a factor. */
function shuffledKeys(bits: number, factor: number): Int32Array {
  return Int32Array.from({ length: MANY }, (_, i) => Math.imul(permuted(i, i >>> bits, bits), factor))
}

/** A bijection on numbers of so many bits, another one for each round. */
function permuted(i: number, round: number, bits: number): number {
  const mask = 2 ** bits - 1
  let x = (i + Math.imul(round, 0x6a09e667)) & mask
  for (let k = 0; k < 3; k++) {
    x = Math.imul(x, (0x9e3779b1 + 2 * round * (k + 1)) | 1) & mask
    x ^= x >>> (bits >> 1)
  }
  return x
}

/** 20,000 lines of 100 words out of 64, some of them much more often than others. */
function shortWords(): string {
  const words = Array.from({ length: 64 }, (_, i) => {
    const r = mix(i + 77)
    return Array.from({ length: 2 + (r % 5) }, (_, k) => String.fromCharCode(97 + (mix(r + k) % 26))).join('')
  })
  const word = (i: number): string => words[Math.min(mix(i) & 63, (mix(i) >>> 8) & 63)]!
  const line = (b: number): string => Array.from({ length: 100 }, (_, j) => word(b * 100 + j)).join(' ')
  return `${Array.from({ length: 20_000 }, (_, b) => line(b)).join('\n')}\n`
}

/** Real English, a sentence a line: the 100,000 sentences of nlp-corpus, again and again until there are so many bytes. */
export function sentences(bytes: number): string {
  const documents = new URL('../../builds/', import.meta.resolve('nlp-corpus'))
  const all = Array.from({ length: 100 }, (_, i) => {
    const lines: string[] = JSON.parse(readFileSync(new URL(`doc-${i}.json`, documents), 'utf8'))
    // The yardsticks split at any white space, the workload at spaces: so there is no other.
    return `${lines.map(line => line.replace(/\s+/g, ' ').trim()).join('\n')}\n`
  }).join('')
  return all.repeat(Math.ceil(bytes / Buffer.byteLength(all)))
}

/**
 * A server's log, with lines that are no request and areas that no price is known for: both make the function throw.
 *
 * @param strange one line in so many is no request, and about twice as many ask for an unknown area
 */
function requests(strange: number): string {
  const line = (i: number): string => {
    const r = mix(i)
    if (r % strange === 0) return `-- ${r} --`
    const area = r % (strange / 2) === 1 ? 'none' : `area${(r >>> 8) % 40}`
    return `10.0.${(r >>> 16) & 255}.${r & 255} ${r & 512 ? 'GET' : 'POST'} /${area}/page-${r % 997} 200 ${(r >>> 4) % 5000}`
  }
  return Array.from({ length: 500_000 }, (_, i) => line(i)).join('\n') // no line end, which would be one more line
}

/** Names that every thread has: the language's and Node's. A function may use them without handing them over. */
export const GLOBALS: ReadonlySet<string> = new Set(
  `Object Function Array Number parseFloat parseInt Infinity NaN undefined Boolean String Symbol Date Promise RegExp
   Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError globalThis JSON Math Intl
   ArrayBuffer Uint8Array Int8Array Uint16Array Int16Array Uint32Array Int32Array Float32Array Float64Array
   Uint8ClampedArray BigUint64Array BigInt64Array DataView Map BigInt Set WeakMap WeakSet WeakRef Proxy Reflect
   FinalizationRegistry decodeURI decodeURIComponent encodeURI encodeURIComponent escape unescape isFinite isNaN
   console SharedArrayBuffer Atomics WebAssembly process global Buffer URL URLSearchParams DOMException
   AbortController AbortSignal Event EventTarget TextEncoder TextDecoder ReadableStream WritableStream
   TransformStream CompressionStream DecompressionStream setTimeout clearTimeout setInterval clearInterval
   setImmediate clearImmediate queueMicrotask structuredClone atob btoa Blob performance fetch FormData Headers
   Request Response crypto`.split(/\s+/),
)

/** Built-in functions that may be passed as they are, such as `map(String)`: each with the text that names it. */
export const BUILT_INS: ReadonlyMap<Function, string> = new Map(
  [
    ...[
      'Boolean',
      'Number',
      'String',
      'BigInt',
      'parseInt',
      'parseFloat',
      'isNaN',
      'isFinite',
      'encodeURIComponent',
      'decodeURIComponent',
      'structuredClone',
    ].map(name => [(globalThis as unknown as Record<string, Function>)[name]!, name] as const),
    ...(['Math', 'JSON', 'Number', 'Object', 'Array', 'String', 'Date', 'console'] as const).flatMap(holder =>
      Object.entries(Object.getOwnPropertyDescriptors(globalThis[holder]))
        .filter(
          ([name, d]) => typeof d.value === 'function' && name !== 'prototype' && name !== 'constructor',
        )
        .map(([name, d]) => [d.value as Function, `${holder}.${name}`] as const),
    ),
  ].reverse(), // the plain name wins: parseFloat, not Number.parseFloat
)

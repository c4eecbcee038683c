import { types } from 'node:util'

/** Node's modules that are of use in a function, those without a warning of their own. */
const MODULES =
  `assert async_hooks buffer child_process crypto dgram dns dns/promises events fs fs/promises http http2 https
  net os path path/posix path/win32 perf_hooks querystring readline stream stream/promises string_decoder timers
  timers/promises tls url util util/types v8 vm worker_threads zlib`.split(/\s+/)

let names: Map<unknown, string> | undefined

/**
 * The text that gives a module of Node, or a function or class that it exports, on any thread; undefined for anything else.
 * Their source could not be carried, since it uses what only Node knows. The first call loads these modules: it is for what
 * could not be carried otherwise.
 */
export function nodeText(value: unknown): string | undefined {
  names ??= named()
  const module = types.isModuleNamespaceObject(value) ? (value as { default?: unknown }).default : value
  return names.get(module)
}

function named(): Map<unknown, string> {
  const found = new Map<unknown, string>()
  const add = (value: unknown, text: string): void => {
    if (!found.has(value)) found.set(value, text)
  }
  for (const name of MODULES) {
    const module: object | undefined = process.getBuiltinModule(`node:${name}`)
    if (module === undefined) continue
    const text = `process.getBuiltinModule('node:${name}')`
    add(module, text)
    for (const [key, { value }] of Object.entries(Object.getOwnPropertyDescriptors(module)))
      if (typeof value === 'function' && /^[a-z_$][\w$]*$/i.test(key)) add(value, `${text}.${key}`)
  }
  return found
}

import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { MillraceError } from '../core/errors.js'
import { jsKernels } from './js/index.js'
import type { Kernels } from './kernels.js'
import { LAYOUT } from './layout.js'
import { type Addon, nativeKernels } from './native.js'

/** Which kernels are wanted: the option `native` of a Context. */
export type NativeMode = 'auto' | 'require' | 'off'

// This file is dist/src/kernels/load.js, in a checkout and in the package.
const ROOT = new URL('../../../', import.meta.url)
const PLACES = [
  'build/Release/millrace.node',
  'build/Debug/millrace.node',
  `prebuilds/${process.platform}-${process.arch}/millrace.node`,
]

let loaded: { addon: Addon | undefined; why: string } | undefined

/**
 * The kernels over one heap: a local build of the addon, else a prebuilt one, else JavaScript.
 *
 * @throws MILLRACE_NATIVE with `require`, when the addon cannot be used
 */
export function loadKernels(buffer: SharedArrayBuffer, mode: NativeMode): Kernels {
  if (mode === 'off') return jsKernels
  const { addon, why } = (loaded ??= findAddon())
  if (addon !== undefined) return nativeKernels(addon, buffer)
  if (mode === 'require') {
    throw new MillraceError(
      'MILLRACE_NATIVE',
      `the native kernels were required, but ${why}. Build them with 'npm run build:native' (it needs a C++ compiler), or use native: 'auto'.`,
    )
  }
  return jsKernels
}

/** One line that says which kernels a context runs on, and why not the native ones. */
export function describeKernels(kernels: Kernels, mode: NativeMode): string {
  if (kernels.kind === 'native') return `native kernels (${kernels.instructions})`
  return `JavaScript kernels (${mode === 'off' ? "native: 'off'" : (loaded?.why ?? 'no addon')})`
}

function findAddon(): { addon: Addon | undefined; why: string } {
  const require = createRequire(import.meta.url)
  const failures: string[] = []
  for (const place of PLACES) {
    const path = fileURLToPath(new URL(place, ROOT))
    if (!existsSync(path)) continue
    try {
      const addon = require(path) as Addon
      const wrong = Object.entries(LAYOUT).find(([name, value]) => addon.layout[name] !== value)
      if (wrong === undefined) return { addon, why: '' }
      failures.push(`${place} was built from other sources (${wrong[0]} differs)`)
    } catch (error) {
      failures.push(`${place} does not load: ${(error as Error).message.split('\n')[0]}`)
    }
  }
  return {
    addon: undefined,
    why: failures.join('; ') || `there is no addon for ${process.platform}-${process.arch}`,
  }
}

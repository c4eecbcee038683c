// Builds the addon with whatever this machine has: CMake (cmake-js), node-gyp, or a C++ compiler alone. Without a compiler
// it says so in one line and leaves the work to the JavaScript kernels; MILLRACE_NATIVE=require makes that an error.
//
//   node native/build.mjs [cmake | gyp | direct]
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../', import.meta.url))
const output = path.join(root, 'build/Release/millrace.node')
const stamp = path.join(root, 'build/sources.sha256')
const require = createRequire(import.meta.url)

const has = (command, ...args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0
const run = (command, args) => {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    timeout: 300_000,
  })
  return status === 0 ? undefined : `${error?.message ?? ''}${stdout ?? ''}${stderr ?? ''}`.trim()
}

const compiler =
  [process.env.CXX, 'c++', 'g++', 'clang++'].find(c => c && has(c, '--version')) ??
  (process.platform === 'win32' ? 'cl' : undefined)

/** Each way gives undefined when it worked, else what went wrong. */
const ways = {
  cmake: () =>
    has('cmake', '--version')
      ? run(process.execPath, [require.resolve('cmake-js/bin/cmake-js'), 'compile', '--CDSANITIZE=OFF'])
      : 'cmake is not there',
  gyp: () => {
    const gyp =
      process.env.npm_config_node_gyp ??
      path.join(
        path.dirname(process.execPath),
        '../lib/node_modules/npm/node_modules/node-gyp/bin/node-gyp.js',
      )
    if (!existsSync(gyp) || !has('python3', '--version')) return 'node-gyp or Python is not there'
    const prefix = path.join(path.dirname(process.execPath), '..')
    const headers = existsSync(path.join(prefix, 'include/node/common.gypi')) ? [`--nodedir=${prefix}`] : []
    return run(process.execPath, [gyp, 'rebuild', ...headers])
  },
  direct: () => {
    if (process.platform === 'win32') return 'only where the compiler is called like GCC'
    mkdirSync(path.dirname(output), { recursive: true })
    const include = [require('node-addon-api').include_dir, require('node-api-headers').include_dir].map(
      d => `-I${path.resolve(root, d)}`,
    )
    const link = process.platform === 'darwin' ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared']
    const flags = [
      '-std=c++17',
      '-O3',
      '-fPIC',
      '-ffp-contract=off',
      '-fno-exceptions',
      '-fno-rtti',
      '-fvisibility=hidden',
    ]
    const defines = [
      '-DNAPI_DISABLE_CPP_EXCEPTIONS',
      '-DNODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS',
      '-DBUILDING_NODE_EXTENSION',
    ]
    return run(compiler, [...flags, ...defines, ...include, ...link, 'native/addon.cc', '-o', output])
  },
}

function sources() {
  const hash = createHash('sha256')
  for (const file of [
    'CMakeLists.txt',
    'binding.gyp',
    ...readdirSync(path.join(root, 'native')).map(f => `native/${f}`),
  ].sort()) {
    if (/\.(cc|h|txt|gyp)$/.test(file)) hash.update(file).update(readFileSync(path.join(root, file)))
  }
  return hash.digest('hex')
}

const asked = process.argv[2]
if (asked !== undefined && !(asked in ways)) {
  console.error(`expected one of ${Object.keys(ways).join(', ')} but received ${asked}`)
  process.exit(2)
}
const current = sources()
if (asked === undefined && existsSync(output) && existsSync(stamp) && readFileSync(stamp, 'utf8') === current)
  process.exit(0)

const failures = []
if (compiler === undefined) failures.push('no C++ compiler was found')
else {
  for (const way of asked ? [asked] : Object.keys(ways)) {
    rmSync(output, { force: true })
    const failure = ways[way]()
    if (failure === undefined && existsSync(output)) {
      writeFileSync(stamp, current)
      console.log(`native kernels: built with ${way}`)
      process.exit(0)
    }
    failures.push(`${way}: ${failure || 'no output'}`)
  }
}
const required = asked !== undefined || process.env.MILLRACE_NATIVE === 'require'
if (required) console.error(failures.join('\n'))
console.log(
  `native kernels: not built (${failures[0].split('\n').at(-1)}); millrace runs on its JavaScript kernels`,
)
process.exit(required ? 1 : 0)

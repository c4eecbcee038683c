// Builds the kernels' own tests under AddressSanitizer and UndefinedBehaviorSanitizer and runs them, with CMake or with a
// C++ compiler alone. The last line is `N passed, N failed`; without a compiler nothing is tested, and it says so.
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
const directory = path.join(root, 'build/kernels')
const has = command => spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0

/** True when the command succeeds; else what it said is shown. */
function run(command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: root, encoding: 'utf8' })
  if (status === 0) return true
  console.log(`${command} ${args.join(' ')}\n${error?.message ?? ''}${stdout ?? ''}${stderr ?? ''}`)
  return false
}

const compiler = [process.env.CXX, 'c++', 'g++', 'clang++'].find(c => c && has(c))
if (compiler === undefined) {
  console.log('no C++ compiler was found: the native kernels are not tested')
  console.log('0 passed, 0 failed')
  process.exit(0)
}

mkdirSync(directory, { recursive: true })
const configured =
  has('cmake') &&
  run('cmake', ['-S', root, '-B', directory, '-DSANITIZE=ON', `-DCMAKE_CXX_COMPILER=${compiler}`])
const built = configured
  ? run('cmake', ['--build', directory])
  : run(compiler, [
      ...['-std=c++17', '-g', '-O1', '-Wall', '-Wextra', '-ffp-contract=off', '-fno-exceptions', '-fno-rtti'],
      ...['-fsanitize=address,undefined', '-fno-sanitize-recover=all'],
      'native/test/kernels_test.cc',
      ...['-o', path.join(directory, 'kernels_test')],
    ])
if (!built) {
  console.log('0 passed, 1 failed')
  process.exit(1)
}
// The kernels allocate nothing; looking for leaks needs rights that a container may not have.
const { status, signal, error } = spawnSync(path.join(directory, 'kernels_test'), {
  stdio: 'inherit',
  timeout: 120_000,
  env: { ...process.env, ASAN_OPTIONS: 'detect_leaks=0', UBSAN_OPTIONS: 'print_stacktrace=1' },
})
if (status === 0) process.exit(0)
if (status !== 1 || error) {
  console.log(`the kernels' tests ended by ${error?.message ?? signal ?? `exit ${status}`}`)
  console.log('0 passed, 1 failed')
}
process.exit(1)

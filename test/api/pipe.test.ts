import { test } from 'uvu'
import { exactly, fails } from '../support/exactly.js'
import { partitionsOf, withContext } from '../support/with-context.js'

test('records are lines of a program, and its lines are records; a process for each partition', () =>
  withContext(async sc => {
    const rdd = sc.parallelize(['1', '2', '', '3'], 2)
    exactly(await partitionsOf(rdd.pipe('cat')), [
      ['1', '2'],
      ['', '3'],
    ])
    exactly(await partitionsOf(rdd.pipe('wc -l').map(Number)), [[2], [2]])
    exactly(await sc.parallelize([], 1).pipe('cat').collect(), [])
  }))

test('records are written as PySpark writes them', () =>
  withContext(async sc => {
    const rdd = sc.parallelize<unknown>([1, ['a', 2], null, 'ä\n'], 1)
    exactly(await rdd.pipe('cat').collect(), ['1', "('a', 2)", 'None', 'ä'])
  }))

test('arguments may be quoted, and the environment added to', () =>
  withContext(async sc => {
    const one = sc.parallelize(['x'], 1)
    exactly(await one.pipe(`printf '%s|' "a b" 'c "d"' e\\ f`).collect(), ['a b|c "d"|e f|'])
    const greeting = { GREETING: 'hello' }
    for (const env of [greeting, new Map(Object.entries(greeting)), { ...process.env, ...greeting } as never])
      exactly(await one.pipe(`sh -c 'echo $GREETING'`, env).collect(), ['hello'])
  }))

test('what is no environment and no command is refused', () =>
  withContext(async sc => {
    const one = sc.parallelize(['x'], 1)
    for (const env of [[], new Date(), 'A=1', 5, new Set(), { A: 5 }, new Map([['A', null]])])
      await fails(() => one.pipe('cat', env as never), 'MILLRACE_OPTION', /env of pipe/)
    for (const command of [`echo 'a`, `echo "a`, `echo "a\\"`, `it's`])
      await fails(() => one.pipe(command), 'MILLRACE_OPTION', /No closing quotation/)
    await fails(() => one.pipe('echo a\\'), 'MILLRACE_OPTION', /No escaped character/)
    exactly(await one.pipe(`echo "it's" 'a "b' c\\'d \\"`).collect(), [`it's a "b c'd "`])
  }))

test('a program that does not read everything is fine, one that fails is not if that is checked', () =>
  withContext(async sc => {
    const many = sc.range(0, 100_000, 1, 1)
    exactly(await many.pipe('head -n 2').collect(), ['0', '1'])
    const one = sc.parallelize(['x'], 1)
    exactly(await one.pipe('false').collect(), [])
    await fails(
      one.pipe('false', {}, true).collect(),
      'MILLRACE_TASK',
      /Pipe function 'false' exited with error code 1/,
    )
    await fails(one.pipe('there-is-no-such-program').collect(), 'MILLRACE_TASK', /ENOENT/)
    await fails(() => one.pipe(' '), 'MILLRACE_OPTION', /a command/)
  }))

test.run()

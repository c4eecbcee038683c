import fs from 'node:fs'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly, fails } from '../support/exactly.js'
import { withDirectory } from '../support/temporary-directory.js'
import { bothWays, withContext } from '../support/with-context.js'

/** The files of a directory with what is in them. */
const contents = (directory: string): Record<string, string> =>
  Object.fromEntries(
    fs
      .readdirSync(directory)
      .sort()
      .map(name => [name, fs.readFileSync(path.join(directory, name), 'utf8')]),
  )

test('a file for each partition, a line for each record, and _SUCCESS', () =>
  withDirectory(directory =>
    withContext(async sc => {
      for (const [i, rdd] of bothWays(sc.parallelize(['a', 'é😀', '', 'c'], 3)).entries()) {
        const out = path.join(directory, `deep/er/out${i}`)
        await rdd.saveAsTextFile(out)
        exactly(contents(out), {
          _SUCCESS: '',
          'part-00000': 'a\n',
          'part-00001': 'é😀\n',
          'part-00002': '\nc\n',
        })
        exactly(await sc.textFile(out).collect(), ['a', 'é😀', '', 'c'])
      }
      await sc.parallelize([], 2).saveAsTextFile(path.join(directory, 'nothing'))
      exactly(contents(path.join(directory, 'nothing')), { _SUCCESS: '', 'part-00000': '', 'part-00001': '' })
      await sc.emptyRDD().saveAsTextFile(path.join(directory, 'empty'))
      exactly(contents(path.join(directory, 'empty')), { _SUCCESS: '' })
    }),
  ))

test("records are saved as PySpark's str puts them", () =>
  withDirectory(directory =>
    withContext(async sc => {
      const lines: [record: unknown, line: string][] = [
        [1, '1'],
        [-0, '0'],
        [1e21, '1e+21'],
        [Number.NaN, 'NaN'],
        [10n, '10'],
        [true, 'True'],
        [null, 'None'],
        [undefined, 'None'],
        ["it's", "it's"],
        [['a', 1], "('a', 1)"],
        [["it's"], `["it's"]`],
        [['a\nb', 'c', 'd'], "['a\\nb', 'c', 'd']"],
        [[], '[]'],
        [{ a: 'x', b: [null, false] }, "{'a': 'x', 'b': (None, False)}"],
        [new Map([[1, 2]]), '{1: 2}'],
        [new Uint8Array([65, 66]), 'AB'],
        ['\ud800', '\ufffd'],
      ]
      for (const [i, rdd] of bothWays(
        sc.parallelize(
          lines.map(([record]) => record),
          1,
        ),
      ).entries()) {
        const out = path.join(directory, `out${i}`)
        await rdd.saveAsTextFile(out)
        exactly(contents(out)['part-00000']!.split('\n'), [...lines.map(([, line]) => line), ''])
      }
    }),
  ))

test('what is there stays as it is, and a failed save leaves nothing', () =>
  withDirectory(directory =>
    withContext(
      async sc => {
        const out = path.join(directory, 'out')
        await sc.parallelize(['first'], 1).saveAsTextFile(out)
        fs.writeFileSync(path.join(directory, 'file'), 'mine')
        for (const taken of [out, path.join(directory, 'file')])
          await fails(
            sc.parallelize(['second'], 1).saveAsTextFile(taken),
            'MILLRACE_OUTPUT',
            /already exists\. Remove it, or save under another name/,
          )
        const failing = sc.range(0, 4, 1, 2).map(x => {
          if (x === 3) throw new Error('no 3')
          return x
        })
        await fails(failing.saveAsTextFile(path.join(directory, 'failed')), 'MILLRACE_TASK', /no 3/)
        await fails(
          sc.range(3).saveAsTextFile(path.join(directory, 'file/out')),
          'MILLRACE_OUTPUT',
          /cannot save to/,
        )
        exactly(fs.readdirSync(directory).sort(), ['file', 'out'])
        exactly(contents(out), { _SUCCESS: '', 'part-00000': 'first\n' })
        for (const path of ['', undefined as unknown as string])
          await fails(sc.range(3).saveAsTextFile(path), 'MILLRACE_OPTION', /new directory for saveAsTextFile/)
        await fails(sc.range(3).saveAsJSONFile(5 as never), 'MILLRACE_OPTION', /for saveAsJSONFile/)
      },
      { maxTaskFailures: 1 },
    ),
  ))

test('of two saves to one place at once, one wins whole', () =>
  withDirectory(directory =>
    withContext(async sc => {
      const out = path.join(directory, 'out')
      const saves = await Promise.allSettled(
        ['x', 'y'].map(letter => sc.parallelize([letter, letter], 2).saveAsTextFile(out)),
      )
      const winner = saves[0]!.status === 'fulfilled' ? 'x' : 'y'
      exactly(contents(out), { _SUCCESS: '', 'part-00000': `${winner}\n`, 'part-00001': `${winner}\n` })
      const lost = saves.find(save => save.status === 'rejected')!
      assert.match(lost.reason.message, /^MILLRACE_OUTPUT: .*already exists/)
      exactly(fs.readdirSync(directory), ['out'])
    }),
  ))

test.run()

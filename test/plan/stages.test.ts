import { Context, type RDD } from 'millrace'
import { test } from 'uvu'
import { NODE } from '../../src/api/rdd-core.js'
import type { UserFunction } from '../../src/functions/user-function.js'
import { partitionCount } from '../../src/plan/nodes.js'
import { cut, functionsOf, packProgram, type Side } from '../../src/plan/stages.js'
import { exactly } from '../support/exactly.js'

const sc = new Context({ threads: 2, memory: '64MiB' })
test.after(() => sc.stop())

const labelOf = ({ label }: { label: string }): string => label.replace(/[ (].*/, '')
const sideOf = (side: Side<UserFunction>): string =>
  side.kind === 'sent'
    ? `stage ${side.stage}`
    : side.runs
        .map(({ ops, sources }) => [...sources.map(labelOf), ...ops.map(op => op.label)].join(' '))
        .join(' + ')

/** A plan in short, a line a stage: `branch | branch > sink`. */
function outline<T>(rdd: RDD<T>): string[] {
  return cut(rdd[NODE], { kind: 'collect', limit: undefined }).stages.map(({ branches, sink }) => {
    const chains = branches.map(({ input, ops, preceding }) => {
      const from = input.kind === 'source' ? labelOf(input.source) : input.sides.map(sideOf).join(', ')
      return [from, ...ops.map((op, k) => `${op.label}${preceding[k] ? `+${preceding[k]}` : ''}`)].join(' ')
    })
    return `${chains.join(' | ')} > ${sink.kind === 'exchange' ? sink.exchange.label : sink.kind}`
  })
}

const rdd = sc.range(0, 10, 1, 3)
const pairs = rdd.map(x => [x % 2, x])
const counted = pairs.reduceByKey((a, b) => a + b, 4)

test('narrow operators are one stage', () => {
  exactly(outline(rdd), ['range > collect'])
  exactly(
    outline(
      rdd
        .map(x => x)
        .filter(x => x)
        .glom(),
    ),
    ['range map filter glom > collect'],
  )
})

test('an exchange ends a stage and begins the next', () => {
  exactly(outline(counted.mapValues(x => x)), ['range map > reduceByKey', 'stage 0 mapValues > collect'])
  exactly(outline(counted.map(([k, v]) => [v, k]).groupByKey()), [
    'range map > reduceByKey',
    'stage 0 map > groupByKey',
    'stage 1 > collect',
  ])
})

test('a union is more branches, and no stage', () => {
  exactly(outline(rdd.union(rdd.map(x => x)).filter(x => x)), ['range filter | range map filter+1 > collect'])
  exactly(outline(pairs.union(counted)), ['range map > reduceByKey', 'range map | stage 0 > collect'])
})

test('an operator knows how many branches of its own union come before', () => {
  const inner = sc.union([rdd, rdd]).map(x => x)
  exactly(outline(sc.union([rdd, inner]).filter(x => x)), [
    'range filter | range map filter+1 | range map+1 filter+2 > collect',
  ])
})

test('what two branches share is exchanged once', () => {
  exactly(outline(counted.keys().union(counted.values())), [
    'range map > reduceByKey',
    'stage 0 keys | stage 0 values > collect',
  ])
})

test('a persisted RDD is where its readers begin', () => {
  const kept = counted.mapValues(x => x).persist()
  exactly(outline(kept.keys()), ['persisted keys > collect'])
  kept.unpersist()
  exactly(outline(kept.keys()).length, 2)
})

test('partitions: of sources, unions, exchanges, and persisted RDDs', () => {
  const count = <T>(of: RDD<T>): number => partitionCount(of[NODE])
  exactly(count(rdd), 3)
  exactly(count(rdd.map(x => x).union(rdd)), 6)
  exactly(count(counted), 4)
  exactly(count(rdd.repartition(7)), 7)
  exactly(count(counted.map(x => x).persist()), 4)
})

test('a program is data, with every function of its plan', () => {
  const plan = cut(
    counted
      .filter(x => x[0] > 0)
      .combineByKey(
        v => [v],
        (list, v) => [...list, v],
        (a, b) => [...a, ...b],
      )[NODE],
    { kind: 'collect', limit: undefined },
  )
  exactly(
    functionsOf(plan).map(fn => fn.location.split(' ')[0]),
    ['map', 'reduceByKey', 'filter', 'combineByKey', 'combineByKey', 'combineByKey'],
  )
  const program = structuredClone(packProgram(5, plan))
  exactly(program.id, 5)
  exactly(functionsOf(program).length, 6)
  exactly(
    program.stages
      .map(({ branches }) => branches.map(({ input }) => input))
      .map(([input]) => (input!.kind === 'source' ? 'source' : input!.sides)),
    ['source', [{ kind: 'sent', stage: 0 }], [{ kind: 'sent', stage: 1 }]],
  )
})

test.run()

import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import * as millrace from 'millrace'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../..')
const TABLE = 'src/api/README.md'
const BESIDE = 'Beside the classes'

/** The names in a cell: `Scala: StateSpec.function(f)` has function. */
const namesIn = (cell: string): string[] =>
  [...cell.matchAll(/`(?!new )(?:\w+\.)?(\w+)[^`]*`/g)].map(([, name]) => name!)

interface Section {
  /** Names of millrace. */
  names: string[]
  /** Names of PySpark that are said not to be there. */
  missing: string[]
}

const sections = new Map<string, Section>()
const unexplained: string[] = []
for (const text of readFileSync(path.join(root, TABLE), 'utf8').split(/^## /m).slice(1)) {
  const rows = [...text.matchAll(/^\| (?!PySpark|---)(.+?) \| (.+?) \|(.*)\|$/gm)]
  const missing = rows.filter(([, , ours]) => ours === '–')
  sections.set(text.slice(0, text.indexOf('\n')), {
    names: rows.flatMap(([, , ours]) => namesIn(ours!)),
    missing: missing.flatMap(([, theirs]) => namesIn(theirs!)),
  })
  for (const [row, , , why] of missing) if (!why!.trim()) unexplained.push(row)
}

const declarations = [
  ...readdirSync(path.join(root, 'dist/src/api')).map(name => `api/${name}`),
  'streaming/listener.d.ts',
]
  .filter(file => file.endsWith('.d.ts'))
  .map(file => readFileSync(path.join(root, 'dist/src', file), 'utf8'))
  .join('\n')

/** What a class or an interface declares, and what those declare that it extends. */
function membersOf(type: string): { name: string; isPublic: boolean }[] {
  const [, base, body] =
    new RegExp(
      `^export (?:declare )?(?:abstract )?(?:class|interface) ${type}\\b[^{]*?(?: extends (\\w+).*?)?\\{\\n(.*?)^\\}`,
      'ms',
    ).exec(declarations) ?? []
  assert.ok(body, `${type}: there is no such declaration`)
  const own = [
    ...body!.matchAll(/^ {4}((?:(?:private|protected|static|readonly|abstract|get|set) )*)(\w+)\??[<(:;]/gm),
  ].map(([, modifiers, name]) => ({ name: name!, isPublic: !/private|protected/.test(modifiers!) }))
  return base === undefined ? own : [...own, ...membersOf(base)]
}

const publicNames = (type: string): string[] => [
  ...new Set(
    membersOf(type)
      .filter(({ name, isPublic }) => isPublic && name !== 'constructor')
      .map(({ name }) => name),
  ),
]

const classes = Object.entries(millrace).filter(
  ([name, value]) => typeof value === 'function' && /^[A-Z]/.test(name) && name !== 'MillraceError',
) as [string, { prototype: object }][]

for (const type of sections.keys()) {
  if (type === BESIDE) continue
  test(`${type}: the table has every public name, and no other`, () => {
    const { names, missing } = sections.get(type)!
    const inherited = type === 'QueueStream' ? publicNames('DStream') : []
    const actual = publicNames(type).filter(name => !inherited.includes(name))
    const rows = actual
      .filter(name => !names.includes(name))
      .map(name => `| \`PySpark's name(its arguments)\` | \`${name}\` | what differs, or nothing |`)
    assert.equal(rows, [], `add to section ${type} of ${TABLE}, or make private:\n${rows.join('\n')}`)
    const gone = names.filter(name => !actual.includes(name))
    assert.equal(gone, [], `${TABLE} has what ${type} has not: ${gone}`)
    const here = missing.filter(name => actual.includes(name))
    assert.equal(here, [], `${TABLE} says that ${type} has not what it has: ${here}`)
    assert.is(new Set(names).size, names.length, `a name twice in section ${type}`)
  })
}

test('every class that is exported has a table, everything else a row', () => {
  const others = Object.keys(millrace).filter(name => !classes.some(([c]) => c === name))
  assert.equal(
    classes.map(([name]) => name).filter(name => !sections.has(name)),
    [],
    `add a section to ${TABLE}`,
  )
  assert.equal(sections.get(BESIDE)!.names.sort(), others.sort())
})

test('what is not there has a reason', () => assert.equal(unexplained, []))

test('what is declared is what is there', () => {
  for (const [type, { prototype }] of classes) {
    const declared = ['constructor', ...membersOf(type).map(({ name }) => name)]
    for (let p = prototype; p !== Object.prototype; p = Object.getPrototypeOf(p))
      for (const name of Object.getOwnPropertyNames(p))
        assert.ok(declared.includes(name), `${type}.${name} was not found in the declarations`)
  }
})

test.run()

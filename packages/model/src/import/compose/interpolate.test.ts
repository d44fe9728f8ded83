// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how Compose and Docker write variables
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { interpolate } from './interpolate.ts'

const values: Readonly<Record<string, string>> = { SET: 'value', EMPTY: '', NAME: 'world', _X1: 'under', lower: 'low' }
const lookup = (name: string): string | undefined => values[name]

describe('variables are put in as the Compose specification says (part 12)', () => {
  it.each([
    ['$SET', 'value'],
    ['${SET}', 'value'],
    ['a$SET', 'avalue'],
    ['${SET}b', 'valueb'],
    ['$SET-b', 'value-b'],
    ['$_X1/$lower', 'under/low'],
    ['$UNSET', ''],
    ['${SET:-default}', 'value'],
    ['${EMPTY:-default}', 'default'],
    ['${UNSET:-default}', 'default'],
    ['${SET-default}', 'value'],
    ['${EMPTY-default}', ''],
    ['${UNSET-default}', 'default'],
    ['${UNSET:-}', ''],
    ['${SET:+other}', 'other'],
    ['${EMPTY:+other}', ''],
    ['${UNSET:+other}', ''],
    ['${SET+other}', 'other'],
    ['${EMPTY+other}', 'other'],
    ['${UNSET+other}', ''],
    ['${SET:?message}', 'value'],
    ['${EMPTY?message}', ''],
    ['${UNSET:-${NAME}}', 'world'],
    ['${UNSET:-${EMPTY:-deep}}', 'deep'],
    ['${UNSET:-hello ${NAME}!}', 'hello world!'],
    ['${UNSET-$NAME}', 'world'],
    ['${SET:+$NAME}', 'world'],
    ['${UNSET:-a:-b}', 'a:-b'],
    ['${UNSET:-b?c}', 'b?c'],
    ['${UNSET:-{"json":1}}', '{"json":1}'],
    ['${UNSET:-a}${UNSET:-b}', 'ab'],
    ['${UNSET:-x} and ${SET}', 'x and value'],
    ['$$', '$'],
    ['$$SET', '$SET'],
    ['$$$SET', '$value'],
    ['$${SET}', '${SET}'],
    ['cost: $5', 'cost: $5'],
    ['a $ b', 'a $ b'],
    ['100%', '100%'],
  ])('%s is %j', (template, text) => {
    expect(interpolate(template, lookup)).toMatchObject({ text })
    expect(interpolate(template, lookup).invalid).toBeUndefined()
  })

  it.each(['${', '${}', '${SET', '${SET:x}', '${1A}', '${A B}', '${-x}', 'a ${SET/foo/bar} b'])(
    '%s is no variable',
    (template) => {
      expect(interpolate(template, lookup).invalid).toBeDefined()
      expect(interpolate(template, lookup).text).toBe(template)
    },
  )

  it('a variable that must be set is demanded with its message, in which variables count too', () => {
    expect(interpolate('${UNSET:?set it, $NAME}', lookup).demands).toEqual([
      { name: 'UNSET', message: 'set it, world' },
    ])
    expect(interpolate('${EMPTY:?needed}', lookup).demands).toHaveLength(1)
    expect(interpolate('${EMPTY?needed}', lookup).demands).toEqual([])
  })

  it('says which variables were used and what was found of them', () => {
    expect(interpolate('${SET} ${A:-x} $B', lookup).variables).toEqual([
      { name: 'SET', found: 'set' },
      { name: 'A', found: 'default' },
      { name: 'B', found: 'missing' },
    ])
  })

  it('any text can be written so that it comes out as it is: dollar signs doubled', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(interpolate(text.replaceAll('$', '$$$$'), lookup).text).toBe(text)
      }),
    )
  })
})

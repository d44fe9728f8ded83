import { expect, test } from 'vitest'
import { fleet } from './author/fleet.ts'
import { postgres, service } from './author/parts.ts'
import { find, findService, lookUp } from './find.ts'
import { resolve } from './resolve/resolve.ts'

const shop = resolve(fleet('shop', { services: [service('api', { needs: [postgres('orders')] })] }), 'development')

test('a part is found by its name alone, with its kind', () => {
  expect(find(shop, 'orders')).toMatchObject({ kind: 'postgres', value: { name: 'orders' } })
  expect(findService(shop, 'api').name).toBe('api')
})

test('what is not there is refused with the nearest name', () => {
  expect(() => find(shop, 'order')).toThrowError(
    expect.objectContaining({ code: 'SW1030', hint: 'did you mean orders?' }),
  )
  expect(() => findService(shop, 'orders')).toThrowError(
    expect.objectContaining({ code: 'SW1030', hint: 'there is api' }),
  )
})

test('names of what every object inherits are no parts', () => {
  expect(lookUp(shop, 'constructor')).toBeUndefined()
  expect(lookUp(shop, '__proto__')).toBeUndefined()
})

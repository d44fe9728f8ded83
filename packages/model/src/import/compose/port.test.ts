import { describe, expect, it } from 'vitest'
import { mapping, scalar } from '../yaml/tree.ts'
import { portKey, readPort } from './port.ts'

const at = { file: 'compose.yaml', line: 1 }
const short = (text: string | number) => readPort(scalar(text, at))

describe('a published port in its short form', () => {
  it.each([
    ['3000', [{ target: 3000, isPublished: true, protocol: 'tcp' }]],
    [3000, [{ target: 3000, isPublished: true, protocol: 'tcp' }]],
    ['8000:80', [{ target: 80, published: 8000, isPublished: true, protocol: 'tcp' }]],
    [
      '127.0.0.1:8001:8001',
      [{ target: 8001, published: 8001, isPublished: true, hostIp: '127.0.0.1', protocol: 'tcp' }],
    ],
    ['127.0.0.1::5000', [{ target: 5000, isPublished: true, hostIp: '127.0.0.1', protocol: 'tcp' }]],
    ['[::1]:6000:6000', [{ target: 6000, published: 6000, isPublished: true, hostIp: '::1', protocol: 'tcp' }]],
    ['6060:6060/udp', [{ target: 6060, published: 6060, isPublished: true, protocol: 'udp' }]],
    [
      '3000-3001',
      [
        { target: 3000, isPublished: true, protocol: 'tcp' },
        { target: 3001, isPublished: true, protocol: 'tcp' },
      ],
    ],
    [
      '9090-9091:8080-8081',
      [
        { target: 8080, published: 9090, isPublished: true, protocol: 'tcp' },
        { target: 8081, published: 9091, isPublished: true, protocol: 'tcp' },
      ],
    ],
    ['3000-3005:80', [{ target: 80, isPublished: true, protocol: 'tcp' }]],
  ])('%s', (text, ports) => {
    expect(short(text)).toEqual(ports)
  })

  it.each(['', 'http', '80:http', '1:2:3:4', '70000', '0:80', '9-8', '1-3:1-2'])('%j is none', (text) => {
    expect(short(text)).toBeUndefined()
  })
})

describe('a published port in its long form', () => {
  it('keeps address, protocol and name', () => {
    const entry = mapping(
      Object.entries({
        target: 80,
        published: '8080',
        host_ip: '127.0.0.1',
        app_protocol: 'http',
        name: 'web',
        mode: 'host',
      }).map(([key, value]) => [key, scalar(value, at)]),
      at,
    )
    expect(readPort(entry)).toEqual([
      {
        target: 80,
        published: 8080,
        isPublished: true,
        hostIp: '127.0.0.1',
        protocol: 'tcp',
        appProtocol: 'http',
        name: 'web',
      },
    ])
  })

  it('has the same key as the short form that means the same', () => {
    const long = mapping(
      Object.entries({ target: 80, published: 8080 }).map(([key, value]) => [key, scalar(value, at)]),
      at,
    )
    expect(portKey(long)).toBe(portKey(scalar('8080:80', at)))
    expect(portKey(long)).not.toBe(portKey(scalar('8080:80/udp', at)))
  })
})

/** The vocabulary of the differential fuzzer; entries are divided by a broken bar, and one character stands for one byte. */
const list = (text: string): readonly string[] => text.split('¦')

export const methods: readonly string[] = list('GET¦POST¦PUT¦HEAD¦OPTIONS¦DELETE¦PATCH¦PROPFIND¦QUERY')

export const targets: readonly string[] = list(
  '/¦/a¦/a/b?c=d¦/%7Euser¦/a%20b¦/search?q=%00&r=<>¦/x;y=z¦/a.b¦*¦http://shop.example/abs¦/?',
).concat('/very/long/'.padEnd(300, 'x'))

export const fields: readonly string[] = list(
  'Accept: */*¦User-Agent: fuzz¦X-A: b¦X-Empty:¦Cookie: a=1; b="2"¦X-Bytes: caf\xe9¦X-Space: \t a  b\t ¦Accept-Encoding: gzip, chunked' +
    '¦Trailer: X-Sum¦Connection: keep-alive¦Connection: close¦TE: trailers¦Upgrade: h2c¦Expect: 100-continue¦Referer: http://a/#b' +
    '¦X-Forwarded-For: 1.2.3.4¦Via: 1.1 other',
).concat('X-Long: '.padEnd(500, 'y'))

export const strangeBytes: readonly string[] = list(
  '\0¦\t¦\n¦\x0b¦\x0c¦\r¦ ¦"¦#¦,¦:¦;¦\\¦\x7f¦\x80¦\xa0¦\xff¦\r\n¦\r\n ¦\n\n¦0¦-¦+',
)

export const codings: readonly string[] = list(
  'chunked¦Chunked¦chunked ¦ chunked¦\tchunked¦chunked\t¦\x0bchunked¦chunked\xa0¦chunked,¦,chunked¦chunked, chunked¦gzip, chunked' +
    '¦identity¦xchunked¦chunkedx¦"chunked"¦chunked;a=b¦¦chunke¦chunked\0',
)

export const hosts: readonly string[] = list(
  'Host: shop.example¦Host: other¦host: x¦Host:¦Host: a b¦Host: a/b¦Host: a:b¦Host: [::1]¦Host: a,b¦HOST: shop.example',
)

export const connections: readonly string[] = list(
  'Content-Length¦Transfer-Encoding¦Host¦X-A¦close, X-A¦upgrade¦,¦keep-alive, Transfer-Encoding',
)

export const versions: readonly string[] = list(
  'HTTP/1.0¦HTTP/0.9¦HTTP/1.2¦HTTP/2.0¦HTTP/1.1 ¦http/1.1¦HTTP/1.10¦HTTP/01.1¦HTTP/1,1¦¦HTTP /1.1¦HTTP/1.1\0',
)

export const strangeMethods: readonly string[] = list(
  'get¦GET ¦ GET¦G\0ET¦G\tET¦FOO¦¦GET:¦PRI¦CONNECT¦SOURCE¦GETT¦M-SEARCH',
)

export const strangeTargets: readonly string[] = list(
  '¦*¦a¦//a¦/a\\b¦/a#b¦/a b¦/\0¦/\x7f¦/\xe9¦http://other/¦http://shop.example¦http://shop.example?x¦HTTP://SHOP.EXAMPLE/' +
    '¦ftp://shop.example/¦/../a¦/%2e%2e/a¦/a%2fb¦/%zz¦/{}¦/|¦/a\tb¦?a¦shop.example:80',
)

export const unannounced: readonly string[] = list('x¦\r\n¦\n¦GET /hidden HTTP/1.1\r\nHost: h\r\n\r\n¦0\r\n\r\n¦\0¦ ')

export const colons: readonly string[] = list(' :¦\t:¦::¦\0:¦\x0b:¦ ¦:\r\n ¦_:¦\xa0:')

export const trailers: readonly string[] = list(
  'X-Sum: 1\r\n¦X-Sum : 1\r\n¦Content-Length: 5\r\n¦ X: 1\r\n¦X\r\n¦X: 1\n',
)

export const lastChunks: readonly string[] = list('00¦0;a¦0 ¦ 0¦0\t¦-0¦+0¦')

/** Ways to write a Content-Length of `n`, most of them wrong. */
export function lengths(n: number): readonly string[] {
  return list(
    `${n}¦0${n}¦+${n}¦-${n}¦${n} ¦${n}\t¦ ${n}¦${n},${n}¦${n}, ${n}¦0x${n.toString(16)}¦${n}e0¦${n}.0¦¦${n}\xa0¦${n + 1}` +
      `¦${Math.max(0, n - 1)}¦99999999999999999999¦${n}\x0b¦"${n}"`,
  )
}

/** Ways to write a chunk size of `n`, most of them wrong. */
export function sizes(n: number): readonly string[] {
  const hex = n.toString(16)
  return list(
    `${hex}¦${hex.toUpperCase()}¦0${hex}¦000000${hex}¦${hex} ¦ ${hex}¦${hex}\t¦${hex};a=b¦${hex};a="b;c"¦${hex} ;a¦+${hex}` +
      `¦0x${hex}¦${hex};¦-${hex}¦${hex}\0¦${hex}g¦¦fffffffff${hex}¦${(n + 1).toString(16)}`,
  )
}

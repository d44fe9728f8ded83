/** A request that must not be passed on. */
export interface AmbiguousRequest {
  readonly name: string
  readonly text: string
  readonly status: number
  /** Whether `node:http` cannot tell: its parser forgives what our own refuses. */
  readonly onlyOwn?: boolean
}

const host = 'Host: shop.example\r\n'
const lines = (...fields: string[]): string => `${fields.join('\r\n')}\r\n\r\n`
const get = (...fields: string[]): string => lines('GET / HTTP/1.1', 'Host: shop.example', ...fields)
const post = (body: string, ...fields: string[]): string =>
  lines('POST / HTTP/1.1', 'Host: shop.example', ...fields) + body
const smuggled = `GET /smuggled HTTP/1.1\r\n${host}\r\n`

/** The corpus: after nodejs/llhttp, h1spec, smuggler and the advisories named in docs/gateway.md. */
export const ambiguousRequests: readonly AmbiguousRequest[] = [
  // Request line
  { name: 'HTTP/0.9', text: 'GET /\r\n\r\n', status: 400 },
  { name: 'HTTP/0.9 with fields over a bare LF', text: `GET /\n${host}\r\n`, status: 400 },
  { name: 'HTTP/2.0 in the request line', text: lines('GET / HTTP/2.0', 'Host: a'), status: 505 },
  { name: 'HTTP/1.2', text: lines('GET / HTTP/1.2', 'Host: a'), status: 505 },
  { name: 'HTTP/3', text: lines('GET / HTTP/3', 'Host: a'), status: 400 },
  { name: 'http in lower case', text: lines('GET / http/1.1', 'Host: a'), status: 400 },
  { name: 'a version with more digits', text: lines('GET / HTTP/1.10', 'Host: a'), status: 400 },
  { name: 'two spaces before the target', text: lines('GET  / HTTP/1.1', 'Host: a'), status: 400, onlyOwn: true },
  { name: 'two spaces before the version', text: lines('GET /  HTTP/1.1', 'Host: a'), status: 400, onlyOwn: true },
  { name: 'a tab for a space', text: lines('GET\t/ HTTP/1.1', 'Host: a'), status: 400 },
  { name: 'a space at the end of the request line', text: lines('GET / HTTP/1.1 ', 'Host: a'), status: 400 },
  { name: 'a space before the method', text: lines(' GET / HTTP/1.1', 'Host: a'), status: 400 },
  { name: 'a bare LF after the request line', text: 'GET / HTTP/1.1\nHost: a\r\n\r\n', status: 400 },
  { name: 'a bare CR in the request line', text: 'GET /\r HTTP/1.1\r\nHost: a\r\n\r\n', status: 400 },
  { name: 'NUL in the target', text: lines('GET /\0 HTTP/1.1', 'Host: a'), status: 400 },
  { name: 'a fragment', text: lines('GET /#a HTTP/1.1', 'Host: a'), status: 400 },
  { name: 'bytes beyond ASCII in the target', text: lines('GET /caf\xe9 HTTP/1.1', 'Host: a'), status: 400 },
  { name: 'a target without a slash', text: lines('GET a HTTP/1.1', 'Host: a'), status: 400 },
  { name: 'an asterisk for GET', text: lines('GET * HTTP/1.1', 'Host: a'), status: 400 },
  { name: 'an absolute target of another host', text: lines('GET http://b/ HTTP/1.1', 'Host: a'), status: 400 },
  { name: 'an absolute target with credentials', text: lines('GET http://u@a/ HTTP/1.1', 'Host: a'), status: 400 },
  { name: 'an absolute target of another scheme', text: lines('GET ftp://a/ HTTP/1.1', 'Host: a'), status: 400 },
  {
    name: 'an absolute target with a query and no path',
    text: lines('GET http://a?b HTTP/1.1', 'Host: a'),
    status: 400,
  },
  { name: 'HTTP/1.0 GET with a body', text: `GET / HTTP/1.0\r\n${host}Content-Length: 5\r\n\r\nabcde`, status: 400 },
  { name: 'CONNECT', text: lines('CONNECT a:443 HTTP/1.1', 'Host: a:443'), status: 501, onlyOwn: true },
  { name: 'a method in lower case', text: lines('get / HTTP/1.1', 'Host: a'), status: 501 },
  { name: 'an unknown method', text: lines('FETCH / HTTP/1.1', 'Host: a'), status: 501 },
  { name: 'a target that is too long', text: lines(`GET /${'a'.repeat(8_300)} HTTP/1.1`, 'Host: a'), status: 414 },
  { name: 'an empty line too many before the request', text: `\r\n\r\n\r\n${get()}`, status: 400 },
  // Host
  { name: 'no Host', text: lines('GET / HTTP/1.1', 'X: a'), status: 400 },
  { name: 'two Hosts', text: get('Host: b'), status: 400 },
  { name: 'the same Host twice', text: get('Host: shop.example'), status: 400 },
  { name: 'an empty Host', text: lines('GET / HTTP/1.1', 'Host:'), status: 400 },
  { name: 'a list of Hosts', text: lines('GET / HTTP/1.1', 'Host: a, b'), status: 400 },
  { name: 'a Host with a path', text: lines('GET / HTTP/1.1', 'Host: a/b'), status: 400 },
  { name: 'a Host with credentials', text: lines('GET / HTTP/1.1', 'Host: u@a'), status: 400 },
  { name: 'a Host with a strange port', text: lines('GET / HTTP/1.1', 'Host: a:8x'), status: 400 },
  // Field lines
  { name: 'a space before the colon', text: get('X-A : b'), status: 400 },
  {
    name: 'a space before the colon of Transfer-Encoding',
    text: post('0\r\n\r\n', 'Transfer-Encoding : chunked'),
    status: 400,
  },
  { name: 'a tab before the colon of Content-Length', text: post('', 'Content-Length\t: 0'), status: 400 },
  { name: 'a field without a colon', text: get('X-A'), status: 400 },
  { name: 'a field without a name', text: get(': b'), status: 400 },
  { name: 'a folded line', text: get('X-A: b', ' c'), status: 400 },
  { name: 'a line folded with a tab', text: get('X-A: b', '\tc'), status: 400 },
  { name: 'a first field that begins with a space', text: `GET / HTTP/1.1\r\n X: y\r\n${host}\r\n`, status: 400 },
  { name: 'a bare LF after a field', text: `GET / HTTP/1.1\r\nX: y\n${host}\r\n`, status: 400 },
  { name: 'a bare LF for the empty line', text: `GET / HTTP/1.1\r\n${host}\n`, status: 400 },
  { name: 'a bare CR within a value', text: get('X: a\rb'), status: 400 },
  { name: 'a CR before CRLF', text: get('X: a\r'), status: 400 },
  { name: 'NUL in a value', text: get('X: a\0b'), status: 400 },
  { name: 'NUL in a name', text: get('X\0: a'), status: 400 },
  { name: 'a control character in a value', text: get('X: a\x01b'), status: 400 },
  { name: 'DEL in a value', text: get('X: a\x7fb'), status: 400 },
  { name: 'bytes beyond ASCII in a name', text: get('X-\xe9: a'), status: 400 },
  {
    name: 'a vertical tab in Transfer-Encoding',
    text: post('0\r\n\r\n', 'Transfer-Encoding: \x0bchunked'),
    status: 400,
  },
  {
    name: 'a header section beyond the limit of fields',
    text: get(...Array.from({ length: 120 }, (_, i) => `X-${i}: a`)),
    status: 431,
  },
  { name: 'a header section beyond the limit of bytes', text: get(`X: ${'a'.repeat(40_000)}`), status: 431 },
  // Framing
  {
    name: 'Content-Length with Transfer-Encoding',
    text: post('0\r\n\r\n', 'Content-Length: 5', 'Transfer-Encoding: chunked'),
    status: 400,
  },
  {
    name: 'Transfer-Encoding with Content-Length',
    text: post('0\r\n\r\n', 'Transfer-Encoding: chunked', 'Content-Length: 5'),
    status: 400,
  },
  {
    name: 'two Content-Lengths that differ',
    text: post('abcde', 'Content-Length: 5', 'Content-Length: 6'),
    status: 400,
  },
  {
    name: 'two Content-Lengths that agree',
    text: post('abcde', 'Content-Length: 5', 'Content-Length: 5'),
    status: 400,
  },
  { name: 'a list of Content-Lengths', text: post('abcde', 'Content-Length: 5, 5'), status: 400 },
  { name: 'a signed Content-Length', text: post('abcde', 'Content-Length: +5'), status: 400 },
  { name: 'a negative Content-Length', text: post('', 'Content-Length: -1'), status: 400 },
  { name: 'a hexadecimal Content-Length', text: post('abcde', 'Content-Length: 0x5'), status: 400 },
  { name: 'a Content-Length with a space within', text: post('abcde', 'Content-Length: 1 1'), status: 400 },
  { name: 'an empty Content-Length', text: post('', 'Content-Length:'), status: 400 },
  { name: 'a Content-Length beyond every body', text: post('', 'Content-Length: 99999999999999999999'), status: 400 },
  { name: 'a Content-Length behind a no-break space', text: post('abcde', 'Content-Length: \xa05'), status: 400 },
  { name: 'chunked twice', text: post('0\r\n\r\n', 'Transfer-Encoding: chunked, chunked'), status: 400 },
  {
    name: 'chunked in two fields',
    text: post('0\r\n\r\n', 'Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'),
    status: 400,
  },
  { name: 'gzip before chunked', text: post('0\r\n\r\n', 'Transfer-Encoding: gzip, chunked'), status: 400 },
  { name: 'identity', text: post('', 'Transfer-Encoding: identity'), status: 400 },
  { name: 'chunked with a parameter', text: post('0\r\n\r\n', 'Transfer-Encoding: chunked;q=1'), status: 400 },
  { name: 'chunked in quotes', text: post('0\r\n\r\n', 'Transfer-Encoding: "chunked"'), status: 400 },
  { name: 'xchunked', text: post('0\r\n\r\n', 'Transfer-Encoding: xchunked'), status: 400 },
  { name: 'an empty Transfer-Encoding', text: post('', 'Transfer-Encoding:'), status: 400 },
  {
    name: 'chunked for HTTP/1.0',
    text: `POST / HTTP/1.0\r\n${host}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    status: 400,
  },
  {
    name: 'Connection that names Content-Length',
    text: post('abcde', 'Content-Length: 5', 'Connection: Content-Length'),
    status: 400,
  },
  { name: 'Connection that names Host', text: get('Connection: host'), status: 400 },
  { name: 'Connection that names Authorization', text: get('Connection: authorization'), status: 400 },
  { name: 'chunked before a tab', text: post('0\r\n\r\n', 'Transfer-Encoding: chunked\t'), status: 400, onlyOwn: true },
  { name: 'chunked behind a tab', text: post('0\r\n\r\n', 'Transfer-Encoding:\tchunked'), status: 400, onlyOwn: true },
  { name: 'a Content-Length before a tab', text: post('abcde', 'Content-Length: 5\t'), status: 400, onlyOwn: true },
  {
    name: 'an expectation twice',
    text: post('abcde', 'Content-Length: 5', 'Expect: 100-continue', 'Expect: 100-continue'),
    status: 417,
  },
  { name: 'an unknown expectation', text: get('Expect: 200-ok'), status: 417 },
  {
    name: 'a request hidden behind a length of zero and chunks',
    text: post(`0\r\n\r\n${smuggled}`, 'Content-Length: 0', 'Transfer-Encoding: chunked'),
    status: 400,
  },
]

/** Requests that look unusual and mean one thing. */
export const soundRequests: readonly { readonly name: string; readonly text: string }[] = [
  { name: 'an empty line before the request', text: `\r\n${get()}` },
  { name: 'no space after the colon', text: `GET / HTTP/1.1\r\nHost:shop.example\r\nX:y\r\n\r\n` },
  { name: 'spaces and tabs around a value', text: get('X: \t a b \t ') },
  { name: 'an empty value', text: get('X:') },
  { name: 'bytes beyond ASCII in a value', text: get('X: caf\xe9') },
  {
    name: 'an absolute target of its own host',
    text: lines('GET http://shop.example/a HTTP/1.1', 'Host: shop.example'),
  },
  { name: 'OPTIONS of the whole server', text: lines('OPTIONS * HTTP/1.1', 'Host: shop.example') },
  { name: 'an IPv6 Host', text: lines('GET / HTTP/1.1', 'Host: [::1]:8080') },
  { name: 'HTTP/1.0 without Host', text: lines('GET / HTTP/1.0', 'X: y') },
  { name: 'chunked in capitals', text: post('0\r\n\r\n', 'Transfer-Encoding: CHUNKED') },
  { name: 'a chunk extension', text: post('3;a=b\r\nabc\r\n0\r\n\r\n', 'Transfer-Encoding: chunked') },
  { name: 'chunk sizes with leading zeros', text: post('003\r\nabc\r\n000\r\n\r\n', 'Transfer-Encoding: chunked') },
  { name: 'a query with strange characters', text: lines('GET /?a=%00&b=<>"{}|\\^` HTTP/1.1', 'Host: shop.example') },
]

/** Chunked bodies that are malformed after a sound head. */
export const brokenChunks: readonly { readonly name: string; readonly body: string }[] = [
  { name: 'a size that is no number', body: 'x\r\n' },
  { name: 'no size', body: '\r\n' },
  { name: 'a signed size', body: '+3\r\nabc\r\n0\r\n\r\n' },
  { name: 'a size with 0x', body: '0x3\r\nabc\r\n0\r\n\r\n' },
  { name: 'a size beyond every body', body: 'fffffffffffffffff\r\n' },
  { name: 'a space after the size', body: '3 \r\nabc\r\n0\r\n\r\n' },
  { name: 'a space before the size', body: ' 3\r\nabc\r\n0\r\n\r\n' },
  { name: 'a bare LF after the size', body: '3\nabc\r\n0\r\n\r\n' },
  { name: 'a bare LF in an extension', body: '3;a\nabc\r\n0\r\n\r\n' },
  { name: 'a bare CR after the size', body: '3\rabc\r\n0\r\n\r\n' },
  { name: 'a bare LF after the data', body: '3\r\nabc\n0\r\n\r\n' },
  { name: 'more data than the size', body: '3\r\nabcd\r\n0\r\n\r\n' },
  { name: 'an endless extension', body: `3;${'a'.repeat(5_000)}\r\nabc\r\n0\r\n\r\n` },
  { name: 'a trailer without a colon', body: '0\r\nabc\r\n\r\n' },
  { name: 'a trailer that decides framing', body: '0\r\nContent-Length: 5\r\n\r\n' },
  { name: 'a folded trailer', body: '0\r\nX: a\r\n b\r\n\r\n' },
  { name: 'a trailer section beyond its limit', body: `0\r\nX: ${'a'.repeat(9_000)}\r\n\r\n` },
]

/** One server-sent event. */
export interface ServerSentEvent {
  /** `message` unless it was named. */
  readonly name: string
  readonly data: string
}

/** Reads a stream of server-sent events (WHATWG HTML, 9.2); a body that is not one is read as a single event. */
export async function* readEvents(stream: AsyncIterable<Buffer | string>): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of stream) {
    rest += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })
    const blocks = rest.split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const event = parse(block)
      if (event) yield event
    }
  }
  if (rest.trim().startsWith('{')) yield { name: 'message', data: rest }
}

function parse(block: string): ServerSentEvent | undefined {
  let name = 'message'
  const data: string[] = []
  for (const line of block.split('\n')) {
    if (line.startsWith('event: ')) name = line.slice('event: '.length)
    else if (line.startsWith('data: ')) data.push(line.slice('data: '.length))
  }
  return data.length > 0 ? { name, data: data.join('\n') } : undefined
}

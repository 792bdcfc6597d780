import { DeskbellError, MAX_FRAME_BYTES } from '@deskbell/protocol'

/** The JSON of a request's body; `{}` for an empty one. Throws `too_large`, or `invalid` (400) for what is no JSON or breaks off. */
export async function readJson(request: Request): Promise<unknown> {
  const bytes = await readBytes(request)
  if (bytes.byteLength === 0) return {}
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new DeskbellError('invalid', 'The body is not JSON.', { status: 400 })
  }
}

async function readBytes(request: Request): Promise<Uint8Array> {
  if (Number(request.headers.get('content-length')) > MAX_FRAME_BYTES) throw tooLarge()
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    // A chunked body says nothing of its length beforehand, so it is counted as it comes.
    for await (const chunk of request.body ?? []) {
      length += chunk.byteLength
      if (length > MAX_FRAME_BYTES) throw tooLarge()
      chunks.push(chunk)
    }
  } catch (error) {
    if (error instanceof DeskbellError) throw error
    // A caller who hung up is no failure of the desk's.
    throw new DeskbellError('invalid', 'The body was cut off.', { status: 400 })
  }
  return Buffer.concat(chunks, length)
}

function tooLarge(): DeskbellError {
  return new DeskbellError('too_large', `A body may have at most ${MAX_FRAME_BYTES} bytes.`)
}

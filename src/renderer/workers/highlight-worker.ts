import { findHighlights } from '@shared/filter/highlight'
import type { HighlightReply, HighlightRequest } from './highlight-messages'

const reply = (message: HighlightReply) => postMessage(message)

onmessage = ({ data: { texts, terms, limit, whole } }: MessageEvent<HighlightRequest>) => {
  reply(texts.map((text) => findHighlights(text, terms, limit, whole)))
}

reply('ready')

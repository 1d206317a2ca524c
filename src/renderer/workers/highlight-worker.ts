import { findRegexHighlights, mergeHighlights } from '@shared/filter/highlight'
import type { HighlightReply, HighlightRequest } from './highlight-messages'

const reply = (message: HighlightReply) => postMessage(message)

onmessage = ({ data: { texts, terms, limit } }: MessageEvent<HighlightRequest>) => {
  reply(
    texts.map((text) =>
      mergeHighlights(terms.flatMap((term) => findRegexHighlights(text, term, limit))),
    ),
  )
}

reply('ready')

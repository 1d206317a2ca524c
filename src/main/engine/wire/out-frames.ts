import { FrameParser } from './frame-parser'
import { HeadRecorder } from './head-recorder'
import type { Piece } from './wire-line'
import { MessageAssembler } from './wire-message'
import type { WireObserver } from './wire-observer'

/** Reports the frames that go out, and keeps the head before them. */
export class OutFrames {
  readonly head = new HeadRecorder()
  readonly #role: 'client' | 'server'
  #messages = new MessageAssembler()
  #observer: WireObserver | null = null
  #deflate = false
  #parser: FrameParser | null = null
  #departing: Piece['of'] | null = null
  /** Whether the frame under way ended the reading of a correct peer. */
  #isFatal = false

  constructor(role: 'client' | 'server') {
    this.#role = role
  }

  observe(observer: WireObserver, deflate: boolean): void {
    this.#observer = observer
    this.#deflate = deflate
    this.#begin()
  }

  /** @param isUpgraded whether the head that goes out can be that of an opening handshake. */
  add(chunk: Buffer, time: number, isUpgraded: boolean): void {
    if (this.head.ended) {
      this.#parser?.feed(chunk, time)
      return
    }
    if (!isUpgraded) return
    const rest = this.head.addUntilBlankLine(chunk)
    if (rest && rest.length > 0) this.#parser?.feed(rest, time)
  }

  /** As {@link add}, for what a line wrote: it may break every rule and be followed by more. */
  addPiece({ bytes, of, isLast }: Piece, time: number): void {
    const parser = this.#parser
    if (!parser) return
    this.#departing = of
    parser.feed(bytes, time)
    if (isLast) {
      if (parser.isRejecting) parser.finish()
      if (this.#isFatal) this.#begin()
    }
    this.#departing = null
  }

  /** Starts between two messages. What goes out is known to its sender, who checked it. */
  #begin(): void {
    const rules = { deflate: this.#deflate, sender: this.#role, keepStarts: false }
    this.#isFatal = false
    this.#messages = new MessageAssembler()
    this.#parser = new FrameParser(rules, (frame) => {
      this.#isFatal ||= frame.fatal
      const message = this.#messages.add(frame)
      if (message) this.#observer?.sent(message, this.#departing)
    })
  }
}

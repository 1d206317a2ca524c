import { parsePlainPath } from '@shared/filter/plain-path'
import type { DataOpcode } from '@shared/model/connection'
import type { BehaviourOf, RoomJoin } from '@shared/model/server-route'
import { TemplateMessage } from '@shared/model/template-message'
import type { BehaviourClient, RouteHost, RunningBehaviour } from './behaviour'
import { compileMatch, TestedMessage } from './message-match'
import { ownCopy } from './own-copy'

/** The room that a message names; `null` for a message to the room. */
type RoomOf = (opcode: DataOpcode, payload: Uint8Array) => string | null

/** Longest name of a room in a note, in UTF-16 units. */
const shownName = 100

/** Messages go to the clients in the sender's room; a client is in one room at a time. */
export function runRooms(
  { join, toSender }: BehaviourOf<'rooms'>,
  { note }: RouteHost,
): RunningBehaviour {
  const rooms = new Map<string, Map<number, BehaviourClient>>()
  const roomOfClient = new Map<number, string>()
  const roomOf = roomReader(join)

  function leave({ id }: BehaviourClient): void {
    const name = roomOfClient.get(id)
    if (name === undefined) return
    roomOfClient.delete(id)
    const room = rooms.get(name)
    room?.delete(id)
    if (room?.size === 0) rooms.delete(name)
  }

  function enter(client: BehaviourClient, name: string): void {
    leave(client)
    if (name === '') return
    roomOfClient.set(client.id, name)
    const room = rooms.get(name)
    if (room) room.set(client.id, client)
    else rooms.set(name, new Map([[client.id, client]]))
  }

  return {
    opened(client) {
      if (join.by === 'path') enter(client, client.parameters[join.parameter] ?? '')
    },
    received(sender, opcode, payload) {
      const name = roomOf(opcode, payload)
      if (name !== null) {
        enter(sender, name)
        note(sender.id, name === '' ? 'It left its room.' : `It joined the room “${shown(name)}”.`)
        return
      }
      const room = rooms.get(roomOfClient.get(sender.id) ?? '')
      if (!room || (!toSender && room.size === 1)) return
      const copy = ownCopy(payload)
      for (const client of room.values())
        if (toSender || client.id !== sender.id) client.send(opcode, copy)
    },
    gone: leave,
    stop() {
      rooms.clear()
      roomOfClient.clear()
    },
  }
}

function roomReader(join: RoomJoin): RoomOf {
  switch (join.by) {
    case 'path':
      return () => null
    case 'prefix': {
      const prefix = Buffer.from(join.prefix)
      return (opcode, payload) => {
        if (opcode !== 'text' || payload.length < prefix.length) return null
        if (!prefix.equals(payload.subarray(0, prefix.length))) return null
        return Buffer.from(payload.subarray(prefix.length)).toString()
      }
    }
    case 'jsonpath': {
      const path = parsePlainPath(join.path)
      if (!path.ok) throw new Error(path.message)
      const tested = new TestedMessage()
      const isThere = compileMatch({ kind: 'jsonpath', expression: join.path })
      return (opcode, payload) => {
        tested.load(opcode, payload)
        if (!isThere(tested)) return null
        return new TemplateMessage(payload).select(path.steps) ?? null
      }
    }
  }
}

function shown(name: string): string {
  return name.length > shownName ? `${name.slice(0, shownName)}…` : name
}

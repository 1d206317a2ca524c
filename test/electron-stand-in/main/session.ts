import type { Session, WebContents } from 'electron'
import { double } from '../double'
import { mustBeReady } from './app'
import { link } from './machine'

type Request = Parameters<Session['setPermissionRequestHandler']>[0]
type Check = Parameters<Session['setPermissionCheckHandler']>[0]
type Device = Parameters<Session['setDevicePermissionHandler']>[0]
type Permission = Parameters<NonNullable<Request>>[1]

const handlers: { request: Request; check: Check; device: Device } = {
  request: null,
  check: null,
  device: null,
}

const members = {
  setPermissionRequestHandler: (handler: Request) => void (handlers.request = handler),
  setPermissionCheckHandler: (handler: Check) => void (handlers.check = handler),
  setDevicePermissionHandler: (handler: Device) => void (handlers.device = handler),
} satisfies Partial<Session>

const defaultSession = double('session.defaultSession', members)

export const session = double('session', {
  get defaultSession() {
    mustBeReady('session.defaultSession')
    return defaultSession
  },
})

/** What each door answers; without a handler Electron grants everything but devices. */
export interface PermissionAnswers {
  readonly request: boolean
  readonly check: boolean
  readonly device: boolean
}

link.answer(
  'session.permission',
  async (permission: Permission, origin: string): Promise<PermissionAnswers> => {
    const details = { requestingUrl: origin, isMainFrame: true }
    const { request, check, device } = handlers
    return {
      request:
        request === null ||
        (await new Promise((resolve) =>
          request({} as WebContents, permission, resolve, details as never),
        )),
      check: check === null || check(null, permission as never, origin, details as never),
      device:
        device !== null && device({ deviceType: 'usb', origin, device: { deviceId: 1 } } as never),
    }
  },
)

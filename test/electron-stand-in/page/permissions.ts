import type { BrowserContext, CDPSession } from 'playwright'
import type { Link } from '../link'
import type { PermissionAnswers } from '../main/session'
import { toBrowser } from '../origins'

/** Electron's names for permissions, and Chromium's. */
const permissions: Readonly<Record<string, string>> = {
  'clipboard-read': 'clipboard-read',
  'clipboard-sanitized-write': 'clipboard-write',
  geolocation: 'geolocation',
  notifications: 'notifications',
  'idle-detection': 'idle-detection',
  'local-fonts': 'local-fonts',
  'window-management': 'window-management',
}

/**
 * Sets in Chromium what the app's handlers answer; one that grants is enough for an open door.
 * It holds for as long as the browser's `session` lives.
 */
export async function applyPermissions(
  session: CDPSession,
  context: BrowserContext,
  link: Link,
  url: string,
): Promise<void> {
  const page = context.pages()[0]
  if (page === undefined) return
  const pageSession = await context.newCDPSession(page)
  const { targetInfo } = await pageSession.send('Target.getTargetInfo')
  await pageSession.detach()
  const { browserContextId } = targetInfo
  for (const [electronName, name] of Object.entries(permissions)) {
    const answers = (await link.call('session.permission', electronName, url)) as PermissionAnswers
    await session.send('Browser.setPermission', {
      permission: { name },
      setting: answers.check || answers.request ? 'granted' : 'denied',
      origin: new URL(toBrowser(url)).origin,
      ...(browserContextId === undefined ? {} : { browserContextId }),
    })
  }
}

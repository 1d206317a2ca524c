import type { Page } from '@playwright/test'
import { Composer } from './composer'
import { ConnectionPage } from './connection-page'
import { ExportDialog } from './export-dialog'
import { Inspector } from './inspector'
import { Latency } from './latency'
import { ServerPage } from './server-page'
import { Sidebar } from './sidebar'
import { Traffic } from './traffic'

/** Everything one finds on a page of the app, by role and accessible name. */
export function screenOf(page: Page) {
  return {
    connection: new ConnectionPage(page),
    composer: new Composer(page),
    traffic: new Traffic(page),
    exportDialog: new ExportDialog(page),
    inspector: new Inspector(page),
    latency: new Latency(page),
    sidebar: new Sidebar(page),
    server: new ServerPage(page),
    /** Short facts that come and go, such as "Saved x". */
    notifications: page.getByRole('region', { name: 'Notifications', exact: true }),
  }
}

export type Screen = ReturnType<typeof screenOf>

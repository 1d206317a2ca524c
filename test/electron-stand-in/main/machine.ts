import { configVariable, type StandInConfig } from '../config'
import { createLink } from '../link'

export const config = JSON.parse(process.env[configVariable] ?? '{}') as StandInConfig
delete process.env[configVariable]

/** To the process that holds the browser. */
export const link = createLink(process)

/** As Electron starts an app by its folder. */
process.argv.splice(1, 1, config.appPath)

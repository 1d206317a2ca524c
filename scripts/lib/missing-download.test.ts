import { describe, expect, it } from 'vitest'
import { missingDownload } from './missing-download.mjs'

const start = `  • electron-builder  version=26.17.0 os=6.1
  • packaging       platform=linux arch=x64 electron=45.4.1 appOutDir=dist/linux-unpacked
`
const packed = `${start}  • executing @electron/fuses  electronPath=dist/linux-unpacked/framescope
`
const network = '  ⨯ getaddrinfo ENOTFOUND github.com  failedTask=build stackTrace=RequestError\n'

describe('missingDownload', () => {
  it.each([
    ['the Electron runtime 45.4.1', `${start}${network}`],
    [
      'the AppImage tool',
      `${packed}  • building        target=AppImage arch=x64 file=dist/F.AppImage
  ⨯ failed to build AppImage  error=getaddrinfo ENOTFOUND github.com\n${network}`,
    ],
    [
      'the AppImage tool',
      `${packed}  • building        target=AppImage arch=x64 file=dist/F.AppImage
  • building        target=deb arch=x64 file=dist/F.deb
  ⨯ failed to build AppImage  error=getaddrinfo ENOTFOUND github.com\n${network}`,
    ],
    [
      'fpm, which makes the Debian package',
      `${packed}  • building        target=deb arch=x64 file=dist/F.deb
  ⨯ connect ECONNREFUSED 1.2.3.4:443  failedTask=build\n`,
    ],
    [
      'what the target rpm needs',
      `${packed}  • building        target=rpm arch=x64 file=dist/F.rpm\n${network}`,
    ],
  ])('names %s', (expected, output) => {
    expect(missingDownload(output)).toBe(expected)
  })

  it('says nothing of a failure that was no download', () => {
    expect(
      missingDownload(`${packed}  ⨯ Application entry file "out/main/index.js" does not exist\n`),
    ).toBeNull()
    expect(missingDownload(start)).toBeNull()
  })
})

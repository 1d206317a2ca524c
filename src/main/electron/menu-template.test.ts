import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MenuItemConstructorOptions } from 'electron'
import { describe, expect, it, vi } from 'vitest'
import { menuTemplate, type MenuOptions } from './menu-template'

function flatten(items: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  return items.flatMap((item) => [
    item,
    ...(Array.isArray(item.submenu) ? flatten(item.submenu) : []),
  ])
}

function itemsOf(options: Partial<MenuOptions> = {}): MenuItemConstructorOptions[] {
  return flatten(
    menuTemplate({
      appName: 'Framescope',
      platform: 'linux',
      theme: 'dark',
      chosen: vi.fn(),
      setTheme: vi.fn(),
      ...options,
    }),
  )
}

function click(items: readonly MenuItemConstructorOptions[], id: string): void {
  const item = items.find((candidate) => candidate.id === id)
  item?.click?.(item as never, undefined, {} as never)
}

const rendererSource = readdirSync('src/renderer', { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.(ts|vue)$/.test(file))
  .map((file) => readFileSync(join('src/renderer', file), 'utf8'))
  .join('\n')

describe('menuTemplate', () => {
  it.each(['linux', 'darwin', 'win32'] as const)('offers only what works on %s', (platform) => {
    const commands = itemsOf({ platform }).filter(
      ({ id }) => id !== undefined && !id.startsWith('theme.'),
    )

    expect(commands.length).toBeGreaterThan(10)
    for (const { id } of commands) expect(rendererSource).toContain(`id: '${String(id)}'`)
  })

  it.each(['linux', 'darwin', 'win32'] as const)('gives no keys twice on %s', (platform) => {
    const keys = itemsOf({ platform }).flatMap(({ accelerator }) => accelerator ?? [])

    expect(new Set(keys).size).toBe(keys.length)
  })

  it('tells which command was chosen', () => {
    const chosen = vi.fn()
    click(itemsOf({ chosen }), 'connection.new')

    expect(chosen).toHaveBeenCalledExactlyOnceWith('connection.new')
  })

  it('shows and changes the theme', () => {
    const setTheme = vi.fn()
    const items = itemsOf({ theme: 'light', setTheme })
    click(items, 'theme.dark')

    expect(items.filter(({ checked }) => checked).map(({ id }) => id)).toEqual(['theme.light'])
    expect(setTheme).toHaveBeenCalledExactlyOnceWith('dark')
  })

  it('puts settings and quit where a Mac has them', () => {
    const [first] = menuTemplate({
      appName: 'Framescope',
      platform: 'darwin',
      theme: 'system',
      chosen: vi.fn(),
      setTheme: vi.fn(),
    })
    const ids = (first?.submenu as MenuItemConstructorOptions[]).map(({ id, role }) => id ?? role)

    expect(first?.label).toBe('Framescope')
    expect(ids).toContain('settings.show')
    expect(ids.at(-1)).toBe('quit')
  })
})

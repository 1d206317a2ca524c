import type { KeyboardEvent, MenuItem, MenuItemConstructorOptions } from 'electron'
import { link } from './machine'

/** A native menu nobody sees; its items are reached by their id. */
export class Menu {
  static #application: Menu | null = null
  readonly template: readonly MenuItemConstructorOptions[]

  constructor(template: readonly MenuItemConstructorOptions[] = []) {
    this.template = template
  }

  static buildFromTemplate(template: MenuItemConstructorOptions[]): Menu {
    for (const item of template) check(item)
    return new Menu(template)
  }

  static setApplicationMenu(menu: Menu | null): void {
    Menu.#application = menu
  }

  static getApplicationMenu(): Menu | null {
    return Menu.#application
  }
}

function children({ submenu }: MenuItemConstructorOptions): readonly MenuItemConstructorOptions[] {
  return Array.isArray(submenu) ? submenu : []
}

/** As Electron, which wants a label, a role or a type of every item. */
function check(item: MenuItemConstructorOptions): void {
  if (item.label === undefined && item.role === undefined && item.type === undefined)
    throw new TypeError('Invalid menu item: it needs a label, a role or a type')
  for (const child of children(item)) check(child)
}

function find(
  items: readonly MenuItemConstructorOptions[],
  id: string,
): MenuItemConstructorOptions | undefined {
  for (const item of items) {
    const found = item.id === id ? item : find(children(item), id)
    if (found !== undefined) return found
  }
  return undefined
}

link.answer('menu.click', (id: string) => {
  const item = find(Menu.getApplicationMenu()?.template ?? [], id)
  if (item === undefined) throw new Error(`The menu has no item ${id}`)
  item.click?.(item as unknown as MenuItem, undefined, {} as KeyboardEvent)
})

link.answer('menu.read', () => {
  const plain = (item: MenuItemConstructorOptions): object => {
    const { id, label, role, type, checked, accelerator } = item
    return { id, label, role, type, checked, accelerator, submenu: children(item).map(plain) }
  }
  return (Menu.getApplicationMenu()?.template ?? []).map(plain)
})

/**
 * A sheet of SVG without a browser: as much of a document as the drawings ask for (elements, attributes, styles, simple
 * selectors), so that one and the same code draws on the page and here. No layout, no events, no other markup.
 */
const SVG = 'http://www.w3.org/2000/svg'

class Style {
  readonly values = new Map<string, string>()
  setProperty(name: string, value: unknown): void {
    this.values.set(name, String(value))
  }
  removeProperty(name: string): void {
    this.values.delete(name)
  }
  getPropertyValue(name: string): string {
    return this.values.get(name) ?? ''
  }
}

/** `style.fill = …` is the same as setting the property. */
const styleOf = () =>
  new Proxy(new Style(), {
    get: (style, name: string) =>
      name === 'values'
        ? style.values
        : name in style
          ? (style as any)[name].bind(style)
          : style.getPropertyValue(name),
    set: (style, name: string, value) => {
      style.setProperty(name, value)
      return true
    },
  })

export class PaperElement {
  readonly namespaceURI = SVG
  readonly nodeType = 1
  readonly style = styleOf()
  readonly children: PaperElement[] = []
  readonly #attributes = new Map<string, string>()
  parentNode: PaperElement | null = null
  #text = ''

  constructor(readonly tagName: string) {}

  get ownerDocument() {
    return paper
  }
  get childNodes() {
    return this.children
  }
  get firstElementChild() {
    return this.children[0] ?? null
  }
  get nextSibling(): PaperElement | null {
    const beside = this.parentNode?.children
    return beside?.[beside.indexOf(this) + 1] ?? null
  }
  get previousSibling(): PaperElement | null {
    const beside = this.parentNode?.children
    return beside?.[beside.indexOf(this) - 1] ?? null
  }
  get textContent(): string {
    return this.#text + this.children.map((child) => child.textContent).join('')
  }
  set textContent(text: unknown) {
    this.replaceChildren()
    this.#text = text === null || text === undefined ? '' : String(text)
  }
  get classList() {
    const names = () => (this.getAttribute('class') ?? '').split(/\s+/).filter(Boolean)
    const set = (all: readonly string[]) => this.setAttribute('class', [...new Set(all)].join(' '))
    return {
      contains: (name: string) => names().includes(name),
      add: (name: string) => set([...names(), name]),
      remove: (name: string) => set(names().filter((one) => one !== name)),
    }
  }

  getAttribute(name: string): string | null {
    return this.#attributes.get(name) ?? null
  }
  setAttribute(name: string, value: unknown): void {
    this.#attributes.set(name, String(value))
  }
  removeAttribute(name: string): void {
    this.#attributes.delete(name)
  }
  addEventListener(): void {}
  removeEventListener(): void {}

  append(...children: PaperElement[]): void {
    for (const child of children) this.insertBefore(child, null)
  }
  appendChild(child: PaperElement): PaperElement {
    return this.insertBefore(child, null)
  }
  insertBefore(child: PaperElement, before: PaperElement | null | undefined): PaperElement {
    child.remove()
    const at = before ? this.children.indexOf(before) : -1
    this.children.splice(at < 0 ? this.children.length : at, 0, child)
    child.parentNode = this
    return child
  }
  removeChild(child: PaperElement): PaperElement {
    const at = this.children.indexOf(child)
    if (at >= 0) this.children.splice(at, 1)
    child.parentNode = null
    return child
  }
  remove(): void {
    this.parentNode?.removeChild(this)
  }
  replaceChildren(): void {
    for (const child of [...this.children]) this.removeChild(child)
    this.#text = ''
  }
  /** For siblings only, which is all that ordering asks: 4 where the other comes after. */
  compareDocumentPosition(other: PaperElement): number {
    const beside = this.parentNode?.children ?? []
    return beside.indexOf(this) < beside.indexOf(other) ? 4 : 2
  }

  matches(selector: string): boolean {
    return selector.split(',').some((one) => this.#fits(one.trim()))
  }
  querySelectorAll(selector: string): PaperElement[] {
    return this.children.flatMap((child) => [
      ...(child.matches(selector) ? [child] : []),
      ...child.querySelectorAll(selector),
    ])
  }
  querySelector(selector: string): PaperElement | null {
    for (const child of this.children) {
      const found = child.matches(selector) ? child : child.querySelector(selector)
      if (found) return found
    }
    return null
  }

  /** `tag`, `.class`, `[name="value"]`, `*`, and these together. */
  #fits(selector: string): boolean {
    const parts = /^(\*|[\w-]+)?((?:\.[\w-]+)*)((?:\[[\w-]+(?:="[^"]*")?\])*)$/.exec(selector)
    if (!parts) throw new Error(`the paper does not know the selector ${selector}`)
    const [, tag = '*', classes = '', attributes = ''] = parts
    return (
      (tag === '*' || tag === this.tagName) &&
      classes.split('.').every((name) => name === '' || this.classList.contains(name)) &&
      [...attributes.matchAll(/\[([\w-]+)(?:="([^"]*)")?\]/g)].every(([, name, value]) => {
        const has = this.getAttribute(name!)
        return value === undefined ? has !== null : has === value
      })
    )
  }

  /** As text. What only a page needs (keys, roles of buttons, notes of the drawing to itself) is left out. */
  toText(): string {
    if (this.style.getPropertyValue('display') === 'none') return ''
    const attributes = [...this.#attributes].filter(([name]) => !/^(data-|tabindex$|role$|aria-)/.test(name))
    const label = this.getAttribute('aria-label')
    const style = [...this.style.values].map(([name, value]) => `${name}:${value}`).join(';')
    const all = [...attributes, ...(style === '' ? [] : [['style', style] as const])]
    const head = `<${this.tagName}${all.map(([name, value]) => ` ${name}="${escapeXml(value)}"`).join('')}`
    const title = label === null ? '' : `<title>${escapeXml(label)}</title>`
    const inside = title + escapeXml(this.#text) + this.children.map((child) => child.toText()).join('')
    return inside === '' ? `${head}/>` : `${head}>${inside}</${this.tagName}>`
  }
}

const NAMES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
/** XML knows no control characters but the white ones. */
const isForbidden = (code: number) => (code < 32 && code !== 9 && code !== 10 && code !== 13) || code >= 0xfffe
export const escapeXml = (text: string): string =>
  [...text]
    .filter((one) => one.length > 1 || !isForbidden(one.charCodeAt(0)))
    .join('')
    .replace(/[&<>"]/g, (one) => NAMES[one]!)

const paper = {
  documentElement: { namespaceURI: SVG },
  defaultView: { getComputedStyle: () => ({ getPropertyValue: () => '' }) },
  createElementNS: (_space: string, tag: string) => new PaperElement(tag),
}

/** Draws on a new sheet: while it lasts, the sheet is the document of this program. */
export async function drawnOn(draw: (svg: SVGSVGElement) => () => Promise<void>): Promise<PaperElement> {
  const svg = new PaperElement('svg')
  const program = globalThis as { document?: unknown }
  program.document = paper
  try {
    await draw(svg as unknown as SVGSVGElement)()
    return svg
  } finally {
    delete program.document
  }
}

import type { FigureNews, FigureOrder } from './app/embed/orders'

/** Attributes that the frame's address carries as they are. */
const WISHES = [
  'scenario',
  'lab',
  'seed',
  'files',
  'at',
  'view',
  'recording',
  'autoplay',
  'controls',
  'terminal',
  'theme',
  'lang',
] as const

const SHEET = `
:host { display: block; position: relative; height: 480px; }
:host([hidden]) { display: none; }
slot { display: block; height: 100%; overflow: hidden; }
::slotted(img), ::slotted(svg) { display: block; width: 100%; height: 100%; object-fit: contain; }
iframe { position: absolute; inset: 0; width: 100%; height: 100%; border: 0; opacity: 0; }
:host([data-ready]) iframe { opacity: 1; }
:host([data-ready]) slot { visibility: hidden; }
`

/**
 * `<drydock-figure scenario="…" at="30s">`: a living figure in a page of yours. What stands inside the element (a picture
 * made by `drydock figure`) is shown until the frame runs, and for good where it cannot. Attributes: those of embed.html,
 * `moment` (a shared one), `height`, `label` (its name for those who listen), `sandboxed`. Methods: play, pause, seek, run;
 * events: `drydock-ready`, and `drydock-event` with `detail` `{ at, by, says }`.
 */
class DrydockFigure extends HTMLElement {
  readonly #waiting = new Map<number, (printed: string) => void>()
  #frame: HTMLIFrameElement | undefined
  #origin = ''
  #number = 0
  #hear: ((event: MessageEvent<FigureNews>) => void) | undefined

  connectedCallback(): void {
    const address = this.#address()
    const frame = document.createElement('iframe')
    const sandboxed = this.hasAttribute('sandboxed')
    if (sandboxed) frame.setAttribute('sandbox', 'allow-scripts allow-popups allow-popups-to-escape-sandbox')
    frame.title = this.getAttribute('label') ?? 'A figure by Drydock'
    frame.loading = 'lazy'
    frame.src = address.href
    // A frame without an origin of its own says "null", and can be written to by "*" only.
    this.#origin = sandboxed ? 'null' : address.origin
    this.#frame = frame
    this.#hear = (event) => this.#take(event)
    addEventListener('message', this.#hear)
    const sheet = document.createElement('style')
    sheet.textContent = SHEET
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' })
    root.replaceChildren(sheet, document.createElement('slot'), frame)
    const height = Number.parseInt(this.getAttribute('height') ?? '', 10)
    if (height >= 100) this.style.height = `${Math.min(height, 4000)}px`
  }

  disconnectedCallback(): void {
    if (this.#hear) removeEventListener('message', this.#hear)
    this.#frame?.remove()
    this.removeAttribute('data-ready')
    for (const answer of this.#waiting.values()) answer('')
    this.#waiting.clear()
  }

  play(): void {
    this.#tell({ drydock: 'play' })
  }
  pause(): void {
    this.#tell({ drydock: 'pause' })
  }
  /** Milliseconds of simulated time. */
  seek(at: number): void {
    this.#tell({ drydock: 'seek', at })
  }
  /** A line for the simulated shell, run to its end; gives what it printed. */
  run(line: string): Promise<string> {
    const number = ++this.#number
    return new Promise((resolve) => {
      this.#waiting.set(number, resolve)
      this.#tell({ drydock: 'run', line, number })
    })
  }

  #address(): URL {
    const address = new URL(this.getAttribute('src') ?? './embed.html', import.meta.url)
    for (const name of WISHES) {
      const wish = this.getAttribute(name)
      if (wish !== null) address.searchParams.set(name, wish)
    }
    if (location.origin !== 'null') address.searchParams.set('origin', location.origin)
    address.hash = this.getAttribute('moment') ?? ''
    return address
  }

  #tell(order: FigureOrder): void {
    this.#frame?.contentWindow?.postMessage(order, this.#origin === 'null' ? '*' : this.#origin)
  }

  #take({ data, source, origin }: MessageEvent<FigureNews>): void {
    if (source === null || source !== this.#frame?.contentWindow || origin !== this.#origin) return
    if (data?.drydock === 'ready') {
      this.setAttribute('data-ready', '')
      this.dispatchEvent(new CustomEvent('drydock-ready'))
    } else if (data?.drydock === 'event') {
      const { at, by, says } = data
      this.dispatchEvent(new CustomEvent('drydock-event', { detail: { at, by, says } }))
    } else if (data?.drydock === 'ran') {
      this.#waiting.get(data.number)?.(data.printed)
      this.#waiting.delete(data.number)
    }
  }
}

if (!customElements.get('drydock-figure')) customElements.define('drydock-figure', DrydockFigure)

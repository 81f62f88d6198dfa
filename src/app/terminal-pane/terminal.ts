import { FitAddon } from '@xterm/addon-fit'
import { Terminal as Screen } from '@xterm/xterm'
import '@xterm/xterm/css/xterm.css'
import type { Desk } from '../desk/desk'
import type { OutputChunk } from '../session/protocol'
import { words } from '../words'
import { completeWith, type EditLine, emptyLine, press } from './line-editor'

const rgb = (hex: string) =>
  `${Number.parseInt(hex.slice(1, 3), 16)};${Number.parseInt(hex.slice(3, 5), 16)};${Number.parseInt(hex.slice(5, 7), 16)}`

interface Inks {
  readonly green: string
  readonly soft: string
  readonly amber: string
  readonly red: string
}

/**
 * The terminal: what has been printed up to the moment shown, and under it the line being typed. Screen and session are
 * one way each: printed chunks come from the desk, a finished line goes to it.
 */
export class TerminalView {
  readonly #screen: Screen
  readonly #fit = new FitAddon()
  readonly #desk: Desk
  readonly #inks: Inks
  readonly #stops: (() => void)[] = []
  #history: string[] = []
  #line: EditLine = emptyLine([])
  #printed = 0
  #turn = -1
  #lineRows = 0
  #prompt = ''
  #detaching = false
  #ended = false

  constructor(element: HTMLElement, desk: Desk) {
    this.#desk = desk
    const style = getComputedStyle(element)
    const token = (name: string) => style.getPropertyValue(name).trim()
    this.#inks = {
      green: token('--term-green'),
      soft: token('--term-soft'),
      amber: token('--term-amber'),
      red: token('--term-red'),
    }
    this.#screen = new Screen({
      fontFamily: token('--mono'),
      fontSize: desk.state.presenting ? 20 : element.clientWidth < 480 ? 11 : 12.5,
      lineHeight: 1.35,
      convertEol: true,
      cursorBlink: false,
      cursorStyle: 'bar',
      cursorWidth: 2,
      cursorInactiveStyle: 'outline',
      scrollback: 5000,
      screenReaderMode: true,
      minimumContrastRatio: 4.5,
      theme: {
        background: style.backgroundColor,
        foreground: token('--term-ink'),
        cursor: token('--term-ink'),
        selectionBackground: token('--term-select'),
        green: this.#inks.green,
        yellow: this.#inks.amber,
        red: this.#inks.red,
        blue: token('--term-blue'),
        brightBlack: this.#inks.soft,
      },
    })
    this.#screen.loadAddon(this.#fit)
    this.#screen.attachCustomKeyEventHandler((event) => this.#lets(event))
    this.#screen.open(element)
    this.#screen.textarea?.setAttribute('aria-label', words.terminal.commandLine)
    this.#screen.onData((data) => this.#typed(data))
    const observer = new ResizeObserver(() => this.fit())
    observer.observe(element)
    this.#stops.push(
      () => observer.disconnect(),
      desk.subscribe(() => this.#follow()),
    )
    this.fit()
    this.#follow()
  }

  fit(): void {
    if (this.#ended || (this.#screen.element?.clientHeight ?? 0) === 0) return
    this.#fit.fit()
    this.#redrawLine()
  }

  focus(): void {
    this.#screen.focus()
  }

  /** Writes a command at the prompt without running it. */
  write(text: string): void {
    this.#edit({ ...this.#line, text, cursor: text.length })
    this.focus()
  }

  end(): void {
    this.#ended = true
    for (const stop of this.#stops) stop()
    this.#screen.dispose()
  }

  /** Keys that are the page's, not the terminal's: Tab leaves an empty line, Shift-Tab always, and copying copies. */
  #lets(event: KeyboardEvent): boolean {
    if (event.key === 'Tab' && (event.shiftKey || this.#line.text.trim() === '')) return false
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'c' && this.#screen.hasSelection()) return false
    return !((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'v')
  }

  #typed(data: string): void {
    const lines = data.length > 1 && !data.startsWith('\x1b') ? data.split(/\r\n|\r|\n/) : undefined
    if (!lines) {
      this.#press(data)
      return
    }
    lines.forEach((text, i) => {
      if (text !== '') this.#press(text)
      if (i < lines.length - 1) this.#press('\r')
    })
  }

  #press(key: string): void {
    // Ctrl-P waits for a Ctrl-Q while a command runs, as docker itself does
    if (this.#desk.state.busy && key === '\x10' && !this.#detaching) {
      this.#detaching = true
      return
    }
    if (this.#detaching) {
      this.#detaching = false
      if (key === '\x11') return void this.#desk.type('\x10\x11')
      this.#press('\x10')
    }
    const done = press(this.#line, key, this.#history)
    if (!done) return
    if ('line' in done) this.#edit(done.line)
    else if ('submit' in done) this.#submit(done.submit)
    else if (done.signal === 'complete') void this.#complete()
    else if (done.signal === 'interrupt') this.#interrupt()
    else {
      this.#eraseLine()
      this.#screen.clear()
      this.#redrawLine()
    }
  }

  #submit(text: string): void {
    if (text.trim() !== '' && this.#history[this.#history.length - 1] !== text) this.#history = [...this.#history, text]
    this.#eraseLine()
    this.#line = emptyLine(this.#history)
    void this.#desk.submit(text)
  }

  #interrupt(): void {
    const cut = this.#line.text
    this.#eraseLine()
    this.#line = emptyLine(this.#history)
    if (this.#desk.state.busy) void this.#desk.interrupt()
    else this.#screen.write(`${this.#dressPrompt()}${cut}^C\n`)
    this.#redrawLine()
  }

  async #complete(): Promise<void> {
    const words = await this.#desk.client.call('complete', this.#line.text.slice(0, this.#line.cursor))
    const { line, choices } = completeWith(this.#line, words)
    if (choices.length > 0) {
      this.#eraseLine()
      this.#screen.write(`${this.#dressPrompt()}${this.#line.text}\n${choices.slice(0, 60).join('  ')}\n`)
    }
    this.#edit(line)
  }

  #edit(line: EditLine): void {
    this.#line = line
    this.#redrawLine()
  }

  /** Brings the screen to the moment shown: only what is new when time goes on, everything when it goes back. */
  #follow(): void {
    if (this.#ended) return
    const { output, outputTurn, at, past, prompt, busy } = this.#desk.state
    let upTo = output.length
    if (past) {
      upTo = 0
      while (upTo < output.length && output[upTo]!.at <= at) upTo++
    }
    const shownPrompt = busy && !past ? '' : prompt
    const again = outputTurn !== this.#turn || upTo < this.#printed
    if (!again && upTo === this.#printed && shownPrompt === this.#prompt) return
    this.#eraseLine()
    if (again) this.#screen.reset()
    const from = again ? 0 : this.#printed
    this.#turn = outputTurn
    this.#printed = upTo
    this.#prompt = shownPrompt
    for (const chunk of output.slice(Math.max(from, upTo - 3000), upTo)) this.#print(chunk)
    this.#redrawLine()
  }

  #print({ stream, text }: OutputChunk): void {
    const { amber } = this.#inks
    if (stream === 'in') this.#screen.write(this.#dress(text))
    else if (stream === 'notice')
      this.#screen.write(text.replace(/^(?=.)/gm, `\x1b[38;2;${rgb(amber)}m▎ `).replace(/$/, '\x1b[0m'))
    else this.#screen.write(text)
  }

  /** `you@laptop ~/voting $ kubectl …`: who in green, where in grey. */
  #dress(text: string): string {
    const match = /^(\S+@\S+?)([ :])(\S+)( ?[$#] )/.exec(text)
    if (!match) return text
    const [whole, who, gap, where, sign] = match
    const { green, soft } = this.#inks
    return `\x1b[38;2;${rgb(green)}m${who}\x1b[38;2;${rgb(soft)}m${gap}${where}\x1b[0m${sign}${text.slice(whole.length)}`
  }

  #dressPrompt(): string {
    return this.#dress(this.#prompt)
  }

  #eraseLine(): void {
    this.#screen.write(`${this.#lineRows > 0 ? `\x1b[${this.#lineRows}A` : ''}\r\x1b[J`)
    this.#lineRows = 0
  }

  /** Draws prompt and line again and puts the cursor where it belongs, also when they wrap. */
  #redrawLine(): void {
    const columns = Math.max(1, this.#screen.cols)
    const length = this.#prompt.length + this.#line.text.length
    const cursor = this.#prompt.length + this.#line.cursor
    const rows = Math.floor(length / columns)
    const row = Math.floor(cursor / columns)
    const up = this.#lineRows > 0 ? `\x1b[${this.#lineRows}A` : ''
    const wrap = length > 0 && length % columns === 0 ? '\r\n' : ''
    const back = rows - row
    this.#screen.write(
      `${up}\r\x1b[J${this.#dressPrompt()}${this.#line.text}${wrap}${back > 0 ? `\x1b[${back}A` : ''}\r${cursor % columns > 0 ? `\x1b[${cursor % columns}C` : ''}`,
    )
    this.#lineRows = row
  }
}

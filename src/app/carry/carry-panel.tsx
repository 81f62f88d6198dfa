import { useEffect, useState } from 'react'
import { clockOf } from '../../picture'
import type { Desk } from '../desk/desk'
import { useDesk, useShown } from '../desk/use-desk'
import { packRecording } from '../recording/packed'
import styles from '../workbench/popover.module.css'
import { embedCode, shareLink } from '../workbench/share'
import own from './carry-panel.module.css'
import { notesText } from './notes'
import { pictureBlob, pictureText } from './picture'
import { qrOf } from './qr'

/** A code with more modules than this no telephone reads from a screen. */
const LARGEST_CODE = 25

/** What can be carried away from this moment. The link has been copied when it opens. */
export default function CarryPanel({ close }: { close: () => void }) {
  const desk = useDesk()
  const isPicture = useShown((state) => !state.asTable && state.view !== 'scheduling')
  const [link, setLink] = useState<{ readonly link: string; readonly whole: boolean }>()
  useEffect(() => {
    let current = true
    void shareLink(desk).then((made) => current && setLink(made))
    return () => {
      current = false
    }
  }, [desk])
  const copy = async (text: string, says: string) => {
    try {
      await navigator.clipboard.writeText(text)
      desk.say(says)
    } catch {
      desk.say('This browser does not let the page copy: mark the text and copy it yourself.')
    }
  }
  /** What takes a while to make: the browser holds the place for it. */
  const copyLater = async (text: Promise<string>, says: string) => {
    desk.say('The minute before this moment is recorded for it.')
    try {
      const blob = text.then((made) => new Blob([made], { type: 'text/plain' }))
      await navigator.clipboard.write([new ClipboardItem({ 'text/plain': blob })])
      desk.say(says)
    } catch {
      await copy(await text, says)
    }
  }
  const name = `drydock-${clockOf(desk.state.at, false).replace(/\W+/g, '-')}`
  const savePicture = async (kind: 'svg' | 'png') => {
    const svg = pictureText(`${titleOf(desk)}, at ${clockOf(desk.state.at)}`)
    if (svg === undefined) return
    save(`${name}.${kind}`, kind === 'svg' ? new Blob([svg], { type: 'image/svg+xml' }) : await pictureBlob(svg))
  }
  const deeds: readonly (readonly [what: string, about: string, deed: () => void, off?: boolean])[] = [
    ['Copy the link', 'It holds everything done so far.', () => link && void copy(link.link, 'The link is copied.')],
    [
      'Copy embed code',
      'A living figure of this moment, for a page of yours.',
      () => void copyLater(embedCode(desk, packRecording(desk)), 'The code for your page is copied.'),
    ],
    ['Save picture as SVG', 'Sharp at any size.', () => void savePicture('svg'), !isPicture],
    ['Save picture as PNG', 'Twice as fine as on the screen.', () => void savePicture('png'), !isPicture],
    [
      'Save notes of this run',
      'What happened and why, as Markdown.',
      () => save(`${name}.md`, new Blob([notesOf(desk)], { type: 'text/markdown' })),
    ],
  ]
  return (
    <div className={styles.panel} role="dialog" aria-label="Share this moment">
      <h2 className={styles.title}>Carry this moment away</h2>
      <div className={styles.faults}>
        {deeds.map(([what, about, deed, off = false]) => (
          <button key={what} type="button" className={styles.fault} onClick={deed} disabled={off}>
            <b>{what}</b>
            <span>{off ? 'There is no picture now: choose another view.' : about}</span>
          </button>
        ))}
      </div>
      {link && <Code link={link} />}
      <button type="button" className="visually-hidden" onClick={close}>
        Close
      </button>
    </div>
  )
}

function Code({ link: { link, whole } }: { link: { readonly link: string; readonly whole: boolean } }) {
  const rows = qrOf(link, LARGEST_CODE)
  if (!rows) return <p className={styles.none}>This run is too long for a QR code: share the link.</p>
  const size = rows.length + 8
  const path = rows.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x + 4} ${y + 4}h1v1h-1z` : ''))).join('')
  return (
    <figure className={own.code}>
      <svg
        viewBox={`0 0 ${size} ${size}`}
        role="img"
        aria-label="QR code of the link to this moment"
        shapeRendering="crispEdges"
      >
        <rect width={size} height={size} fill="#fff" />
        <path d={path} fill="#000" />
      </svg>
      <figcaption>{whole ? 'This moment, for a camera' : 'The lab, for a camera: the run is too long'}</figcaption>
    </figure>
  )
}

const titleOf = (desk: Desk) => desk.state.lesson?.title ?? `Lab ${desk.state.opening.lab}`

function notesOf(desk: Desk): string {
  const { opening, sentences, at } = desk.state
  return notesText(
    `Notes of a run: ${titleOf(desk)}`,
    `Lab ${opening.lab}, seed ${opening.seed}, up to ${clockOf(at)}. Made with Drydock.`,
    sentences.filter((line) => line.at <= at),
  )
}

function save(name: string, blob: Blob): void {
  const address = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}

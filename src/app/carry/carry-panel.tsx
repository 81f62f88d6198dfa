import { useEffect, useState } from 'react'
import { clockOf } from '../../picture'
import type { Desk } from '../desk/desk'
import { useDesk, useShown } from '../desk/use-desk'
import { packRecording } from '../recording/packed'
import { words } from '../words'
import { lateWords } from '../words/late'
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
  const { carry } = lateWords
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
      desk.say(carry.notCopied)
    }
  }
  /** What takes a while to make: the browser holds the place for it. */
  const copyLater = async (text: Promise<string>, says: string) => {
    desk.say(carry.recording)
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
    const svg = pictureText(carry.titleAt(titleOf(desk), clockOf(desk.state.at)))
    if (svg === undefined) return
    save(`${name}.${kind}`, kind === 'svg' ? new Blob([svg], { type: 'image/svg+xml' }) : await pictureBlob(svg))
  }
  const deeds: readonly (readonly [what: string, about: string, deed: () => void, off?: boolean])[] = [
    [carry.copyLink, carry.aboutLink, () => link && void copy(link.link, carry.linkCopied)],
    [
      carry.copyCode,
      carry.aboutCode,
      () => void copyLater(embedCode(desk, packRecording(desk), carry.figureLink), carry.codeCopied),
    ],
    [carry.saveSvg, carry.aboutSvg, () => void savePicture('svg'), !isPicture],
    [carry.savePng, carry.aboutPng, () => void savePicture('png'), !isPicture],
    [carry.saveNotes, carry.aboutNotes, () => save(`${name}.md`, new Blob([notesOf(desk)], { type: 'text/markdown' }))],
  ]
  return (
    <div className={styles.panel} role="dialog" aria-label={words.header.share}>
      <h2 className={styles.title}>{carry.title}</h2>
      <div className={styles.faults}>
        {deeds.map(([what, about, deed, off = false]) => (
          <button key={what} type="button" className={styles.fault} onClick={deed} disabled={off}>
            <b>{what}</b>
            <span>{off ? carry.noPicture : about}</span>
          </button>
        ))}
      </div>
      {link && <Code link={link} />}
      <button type="button" className="visually-hidden" onClick={close}>
        {words.bench.close}
      </button>
    </div>
  )
}

function Code({ link: { link, whole } }: { link: { readonly link: string; readonly whole: boolean } }) {
  const rows = qrOf(link, LARGEST_CODE)
  if (!rows) return <p className={styles.none}>{lateWords.carry.tooLong}</p>
  const size = rows.length + 8
  const path = rows.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x + 4} ${y + 4}h1v1h-1z` : ''))).join('')
  return (
    <figure className={own.code}>
      <svg viewBox={`0 0 ${size} ${size}`} role="img" aria-label={lateWords.carry.code} shapeRendering="crispEdges">
        <rect width={size} height={size} fill="#fff" />
        <path d={path} fill="#000" />
      </svg>
      <figcaption>{whole ? lateWords.carry.codeOfMoment : lateWords.carry.codeOfLab}</figcaption>
    </figure>
  )
}

const titleOf = (desk: Desk) => desk.state.lesson?.title ?? lateWords.carry.lab(desk.state.opening.lab)

function notesOf(desk: Desk): string {
  const { opening, sentences, at } = desk.state
  const { carry } = lateWords
  return notesText(
    carry.notesTitle(titleOf(desk)),
    carry.notesAbout(opening.lab, String(opening.seed), clockOf(at)),
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

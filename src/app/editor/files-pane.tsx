import { type ChangeEvent, type ClipboardEvent, type DragEvent, Fragment, useEffect, useRef, useState } from 'react'
import type { CheckedDockerfile } from '../../docker/dockerfile'
import type { Checked } from '../../kubernetes'
import { useDesk, useShown } from '../desk/use-desk'
import type { FileText } from '../session/protocol'
import { modelText } from '../words'
import { lateWords } from '../words/late'
import controls from '../workbench/controls.module.css'
import { Icon } from '../workbench/icons'
import styles from './files-pane.module.css'
import type { Remark } from './monaco'
import { chosenFiles, droppedFiles, isJudged, takeFiles } from './own-files'
import { useVerdicts, type Verdict, verdictOf } from './verdicts'

const remarksOn = (checked: Checked | CheckedDockerfile): readonly Remark[] => [
  ...refusal(checked),
  ...('warnings' in checked
    ? checked.warnings.map(({ line, text }) => ({ line, text, tone: 'warning' as const }))
    : []),
  ...checked.notices.map(({ line, path, text }) => ({ line, text: `${path}: ${text}`, tone: 'note' as const })),
]

const refusal = ({ problem, verdict, line }: Checked | CheckedDockerfile): readonly Remark[] =>
  verdict === 'refused' ? [{ line: line ?? 1, text: problem ?? '', tone: 'wrong' }] : []

const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1)

/** The terminal's folder, and an editor. What is saved is an input of the run. */
export function FilesPane() {
  const desk = useDesk()
  const files = useShown((state) => state.files)
  const open = useShown((state) => state.openFile)
  const file = files.find((one) => one.path === open) ?? files[0]
  const [naming, setNaming] = useState(false)
  const verdicts = useVerdicts(files)
  const drop = (event: DragEvent) => {
    event.preventDefault()
    void droppedFiles(event.dataTransfer).then((given) => takeFiles(desk, given))
  }
  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    if (event.target.files) void takeFiles(desk, chosenFiles(event.target.files))
    event.target.value = ''
  }
  /** Files, or a text that becomes one. */
  const paste = (event: ClipboardEvent) => {
    if ((event.target as HTMLElement).closest('input, textarea, .monaco-editor')) return
    const { clipboardData: clipboard } = event
    const text = clipboard.getData('text/plain')
    if (clipboard.files.length > 0) void droppedFiles(clipboard).then((given) => takeFiles(desk, given))
    else if (text.trim() !== '') {
      const free = (n: number): string =>
        files.some(({ path }) => path === `pasted-${n}.yaml`) ? free(n + 1) : `pasted-${n}.yaml`
      const name = free(1)
      void takeFiles(desk, [[name, new File([text], name)]])
    }
  }
  const make = async (name: string) => {
    setNaming(false)
    if (name.trim() === '') return
    await desk.saveFile(name.trim(), '')
    desk.set({ openFile: name.trim() })
  }
  return (
    <div className={styles.files} onDragOver={(event) => event.preventDefault()} onDrop={drop} onPaste={paste}>
      <nav className={styles.list} aria-label={lateWords.editor.files}>
        {files.map((one, i) => (
          <Fragment key={one.path}>
            {folderOf(one.path) !== folderOf(files[i - 1]?.path ?? '') && (
              <p className={styles.folder} {...modelText}>
                {folderOf(one.path)}
              </p>
            )}
            <button
              type="button"
              aria-label={one.path}
              {...modelText}
              aria-current={one.path === file?.path}
              onClick={() => desk.set({ openFile: one.path })}
            >
              <Icon name="file" size={14} />
              <span className={styles.name}>{one.path.slice(folderOf(one.path).length)}</span>
              <Mark verdict={verdicts.get(one.path)} />
            </button>
          </Fragment>
        ))}
        {naming ? (
          <input
            aria-label={lateWords.editor.nameOfNew}
            // biome-ignore lint/a11y/noAutofocus: it appears because its button was pressed
            autoFocus
            placeholder={lateWords.editor.newName}
            onBlur={(event) => void make(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter') event.currentTarget.blur()
              if (event.key === 'Escape') setNaming(false)
            }}
          />
        ) : (
          <button type="button" className={styles.new} onClick={() => setNaming(true)}>
            <Icon name="plus" size={14} /> {lateWords.editor.newFile}
          </button>
        )}
        <label className={styles.new}>
          <Icon name="plus" size={14} /> {lateWords.editor.addFiles}
          <input className="visually-hidden" type="file" multiple onChange={choose} />
        </label>
        <label className={styles.new}>
          <Icon name="plus" size={14} /> {lateWords.editor.addFolder}
          <input className="visually-hidden" type="file" {...{ webkitdirectory: '' }} onChange={choose} />
        </label>
      </nav>
      {file ? <Editor key={file.path} file={file} /> : <p className={styles.empty}>{lateWords.editor.none}</p>}
    </div>
  )
}

/** What the API would say of a file, as a mark behind its name. */
function Mark({ verdict }: { verdict: Verdict | undefined }) {
  if (!verdict) return null
  return (
    <span className={styles.mark} data-tone={verdict.tone} role="img" aria-label={verdict.says} title={verdict.says}>
      {verdict.tone === 'good' ? '✓' : verdict.tone === 'note' ? '~' : '!'}
    </span>
  )
}

function Editor({ file }: { file: FileText }) {
  const desk = useDesk()
  const place = useRef<HTMLDivElement>(null)
  const [unsaved, setUnsaved] = useState<string | undefined>()
  const [verdict, setVerdict] = useState<Verdict | undefined>()
  const text = useRef(file.text)
  const save = async () => {
    await desk.saveFile(file.path, text.current)
    setUnsaved(undefined)
  }
  const saveNow = useRef(save)
  saveNow.current = save
  const editor = useRef<{ set(text: string): void; end(): void } | undefined>(undefined)
  useEffect(() => {
    let current = true
    void import('./monaco').then(({ openEditor }) => {
      if (!current || !place.current) return
      editor.current = openEditor(place.current, {
        path: file.path,
        text: text.current,
        changed: (next) => {
          text.current = next
          setUnsaved(next)
        },
        save: () => void saveNow.current(),
        schema: () => desk.client.call('editorSchema'),
        dockerfile: {
          proposals: (typed, line, column) => desk.client.call('dockerfileProposals', typed, line, column),
          explanation: (typed, line, column) => desk.client.call('dockerfileExplanation', typed, line, column),
        },
        check: isJudged(file.path)
          ? async (typed) => {
              const checked = await desk.client.call('checkText', file.path, typed)
              setVerdict(verdictOf(checked))
              return remarksOn(checked)
            }
          : undefined,
      })
    })
    return () => {
      current = false
      editor.current?.end()
    }
  }, [file.path, desk])
  useEffect(() => {
    // The file may be changed from the terminal, or by going to another moment.
    if (unsaved !== undefined || file.text === text.current) return
    text.current = file.text
    editor.current?.set(file.text)
  }, [file.text, unsaved])
  const run = async () => {
    await save()
    desk.set({ dock: 'terminal' })
    await desk.submit(`kubectl apply -f ${file.path}`)
  }
  return (
    <div className={styles.right}>
      <div className={styles.bar}>
        <span>{unsaved === undefined ? lateWords.editor.saved : lateWords.editor.unsaved}</span>
        {verdict && (
          <output className={styles.verdict} data-tone={verdict.tone}>
            {verdict.says}
          </output>
        )}
        {/\.ya?ml$/.test(file.path) && (
          <button type="button" className={controls.button} onClick={() => void run()}>
            {lateWords.editor.saveAndApply}
          </button>
        )}
        <button
          type="button"
          className={controls.button}
          disabled={unsaved === undefined}
          aria-keyshortcuts="Control+S"
          onClick={() => void save()}
        >
          {lateWords.editor.save}
        </button>
        <button
          type="button"
          className={controls.icon}
          aria-label={lateWords.editor.delete(file.path)}
          onClick={() => void desk.removeFile(file.path)}
        >
          <Icon name="trash" />
        </button>
      </div>
      <div ref={place} className={styles.editor} />
    </div>
  )
}

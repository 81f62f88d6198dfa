import { Fragment, useEffect, useRef, useState } from 'react'
import type { Checked } from '../../kubernetes'
import { useDesk, useShown } from '../desk/use-desk'
import type { FileText } from '../session/protocol'
import controls from '../workbench/controls.module.css'
import { Icon } from '../workbench/icons'
import styles from './files-pane.module.css'
import type { Remark } from './monaco'

/** YAML that is for the cluster, and not for Compose. */
const MANIFEST = /^(?!(.*\/)?(docker-)?compose[^/]*$).*\.ya?ml$/

function verdictOf({ verdict, notices, line }: Checked): { readonly says: string; readonly tone: string } | undefined {
  const few = `${notices.length} ${notices.length === 1 ? 'field is' : 'fields are'} not modelled in full`
  switch (verdict) {
    case 'refused':
      return { says: `the API refuses it: line ${line ?? 1}`, tone: 'bad' }
    case 'partly':
      return { says: few, tone: 'note' }
    case 'ok':
      return { says: 'the API takes it', tone: 'good' }
    default:
      return undefined
  }
}

const remarksOn = ({ notices, problem, verdict, line }: Checked): readonly Remark[] => [
  ...(verdict === 'refused' ? [{ line: line ?? 1, text: problem ?? '', wrong: true }] : []),
  ...notices.map((notice) => ({ line: notice.line, text: `${notice.path}: ${notice.text}`, wrong: false })),
]

const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1)

/** The terminal's folder, and an editor. What is saved is an input of the run. */
export function FilesPane() {
  const desk = useDesk()
  const files = useShown((state) => state.files)
  const open = useShown((state) => state.openFile)
  const file = files.find((one) => one.path === open) ?? files[0]
  const [naming, setNaming] = useState(false)
  const make = async (name: string) => {
    setNaming(false)
    if (name.trim() === '') return
    await desk.saveFile(name.trim(), '')
    desk.set({ openFile: name.trim() })
  }
  return (
    <div className={styles.files}>
      <nav className={styles.list} aria-label="Files">
        {files.map((one, i) => (
          <Fragment key={one.path}>
            {folderOf(one.path) !== folderOf(files[i - 1]?.path ?? '') && (
              <p className={styles.folder}>{folderOf(one.path)}</p>
            )}
            <button
              type="button"
              aria-label={one.path}
              aria-current={one.path === file?.path}
              onClick={() => desk.set({ openFile: one.path })}
            >
              <Icon name="file" size={14} />
              <span className={styles.name}>{one.path.slice(folderOf(one.path).length)}</span>
            </button>
          </Fragment>
        ))}
        {naming ? (
          <input
            aria-label="Name of the new file"
            // biome-ignore lint/a11y/noAutofocus: it appears because its button was pressed
            autoFocus
            placeholder="name.yaml"
            onBlur={(event) => void make(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter') event.currentTarget.blur()
              if (event.key === 'Escape') setNaming(false)
            }}
          />
        ) : (
          <button type="button" className={styles.new} onClick={() => setNaming(true)}>
            <Icon name="plus" size={14} /> New file
          </button>
        )}
      </nav>
      {file ? (
        <Editor key={file.path} file={file} />
      ) : (
        <p className={styles.empty}>No files here yet. Make one, or drop some into the terminal.</p>
      )}
    </div>
  )
}

function Editor({ file }: { file: FileText }) {
  const desk = useDesk()
  const place = useRef<HTMLDivElement>(null)
  const [unsaved, setUnsaved] = useState<string | undefined>()
  const [verdict, setVerdict] = useState<ReturnType<typeof verdictOf>>()
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
        check: MANIFEST.test(file.path)
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
        <span>{unsaved === undefined ? 'saved' : 'not saved yet'}</span>
        {verdict && (
          <output className={styles.verdict} data-tone={verdict.tone}>
            {verdict.says}
          </output>
        )}
        {/\.ya?ml$/.test(file.path) && (
          <button type="button" className={controls.button} onClick={() => void run()}>
            Save and apply
          </button>
        )}
        <button
          type="button"
          className={controls.button}
          disabled={unsaved === undefined}
          aria-keyshortcuts="Control+S"
          onClick={() => void save()}
        >
          Save
        </button>
        <button
          type="button"
          className={controls.icon}
          aria-label={`Delete ${file.path}`}
          onClick={() => void desk.removeFile(file.path)}
        >
          <Icon name="trash" />
        </button>
      </div>
      <div ref={place} className={styles.editor} />
    </div>
  )
}
